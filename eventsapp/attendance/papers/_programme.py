"""The programme of a day on paper, by itself or at the end of other papers."""

from datetime import datetime

from eventsapp.attendance.papers import _words
from eventsapp.core import french, links, settings
from eventsapp.papers import pdf
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import SessionKind


def programme_pdf(day: StudyDay, *, now: datetime) -> bytes:
    """Return the programme of a day, loaded with its sessions and speakers. Raises ``PaperFailed``."""
    data = {
        **_words.day_facts(day),
        "site_name": settings.current().site_name,
        "lead": french.typeset(day.lead),
        "objectives": _words.paragraphs(day.objectives),
        "audience": _words.paragraphs(day.audience),
        "included": french.typeset(day.included),
        "contact": day.contact,
        "url": links.absolute("study_days.day", locale="fr", slug=day.slug),
        "sessions": sessions(day),
    }
    return pdf.render(
        "attendance/programme", data, title=f"Programme – {day.title}", language=_words.LANGUAGE, dated=now
    )


def sessions(day: StudyDay) -> list[dict[str, object]]:
    """Return the programme line by line: hour, title, room, who speaks."""
    zone = day.local_start.tzinfo
    return [
        {
            "hour": french.clock_time(session.starts_at.astimezone(zone)) if session.starts_at else "",
            "title": french.typeset(session.title),
            "summary": french.typeset(session.summary),
            "room": session.room,
            "is_break": session.kind is SessionKind.BREAK,
            "speakers": [
                {"name": french.typeset(talk.speaker.name), "affiliation": french.typeset(talk.affiliation)}
                for talk in session.interventions
            ],
        }
        for session in day.sessions
    ]
