"""The letter that calls somebody to a day: when, where, how to get there, and the programme."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.attendance.models import PaperWording
from eventsapp.attendance.papers import _words
from eventsapp.attendance.papers._programme import sessions
from eventsapp.core import french
from eventsapp.papers import pdf
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay


def convocations_pdf(
    day: StudyDay, seats: Sequence[Registration], *, wording: PaperWording, declaration: str, now: datetime
) -> bytes:
    """Return a letter for each of these seats, their orders loaded; the day has its programme.

    Raises ``PaperFailed``.
    """
    venue = day.venue
    access = (
        [
            ("En train", venue.access_by_train),
            ("En voiture", venue.access_by_road),
            ("Accessibilité", venue.accessibility),
        ]
        if venue
        else []
    )
    data = {
        **_words.day_facts(day),
        "seller": _words.seller(declaration),
        "dated": _words.on(now.astimezone(day.local_start.tzinfo)),
        "welcome": french.clock_time(day.local_welcome) if day.local_welcome and day.hours_known else "",
        "access": [[label, french.typeset(" ".join(text.split()))] for label, text in access if text.strip()],
        "included": french.typeset(day.included),
        "text": _words.paragraphs(wording.convocation_text),
        "contact": day.contact,
        "signatory": french.typeset(wording.signatory),
        "sessions": sessions(day),
        "people": [
            {
                "name": french.typeset(seat.name),
                "job_title": french.typeset(seat.job_title),
                "organisation": french.typeset(seat.order_line.order.billing_name),
            }
            for seat in seats
        ],
    }
    title = f"Convocation – {day.title}" if len(seats) == 1 else f"Convocations – {day.title}"
    return pdf.render("attendance/convocation", data, title=title, language=_words.LANGUAGE, dated=now)
