"""The sheet that is signed, half-day by half-day: who takes part, who speaks, and lines for who comes unannounced."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.attendance import rules
from eventsapp.attendance.models import PaperWording
from eventsapp.attendance.papers import _words
from eventsapp.attendance.values import HalfDay
from eventsapp.core import french
from eventsapp.papers import pdf
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay


def sheet_pdf(
    day: StudyDay,
    seats: Sequence[Registration],
    *,
    halves: Sequence[HalfDay],
    blanks: int,
    wording: PaperWording,
    declaration: str,
    now: datetime,
) -> bytes:
    """Return the sheets of a day, one for each half-day, with ``blanks`` empty lines at the end of each.

    The day has its programme, the seats their orders loaded. Raises ``PaperFailed``.
    """
    people = [
        {
            "name": french.typeset(f"{seat.last_name} {seat.first_name}".strip()),
            "organisation": french.typeset(seat.order_line.order.billing_name),
            "job_title": french.typeset(seat.job_title),
        }
        for seat in seats
    ]
    data = {
        **_words.day_facts(day),
        "seller": _words.seller(declaration),
        "text": _words.paragraphs(wording.sheet_text),
        "people": people,
        "blanks": blanks,
        "halves": [
            {"label": _words.half_day(half), "date": _words.on(half.on), "trainers": _trainers(day, half, halves)}
            for half in halves
        ],
    }
    return pdf.render(
        "attendance/sheet", data, title=f"Feuille d’émargement – {day.title}", language=_words.LANGUAGE, dated=now
    )


def _trainers(day: StudyDay, half: HalfDay, halves: Sequence[HalfDay]) -> list[dict[str, str]]:
    """Return who speaks in a half-day, each once; in which of them an untimed session is held nobody knows."""
    found: dict[int, dict[str, str]] = {}
    for session in day.sessions:
        begins = session.starts_at and session.starts_at.astimezone(day.local_start.tzinfo)
        if begins is not None and rules.half_day_at(begins, halves) != half:
            continue
        for talk in session.interventions:
            found.setdefault(
                talk.speaker_id,
                {
                    "name": french.typeset(talk.speaker.name),
                    "organisation": french.typeset(talk.organisation),
                    "job_title": french.typeset(talk.role),
                },
            )
    return list(found.values())
