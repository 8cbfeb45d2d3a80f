"""What days hand out, as PDF: the programme to join to a request, the points of a session."""

from collections.abc import Sequence

from eventsapp.core import french, settings
from eventsapp.papers import pdf
from eventsapp.study_days.models import StudyDay, StudySession


def programme_pdf(day: StudyDay) -> bytes:
    """Return the programme; city, venue, rates, sessions, interventions and speakers are loaded."""
    data: dict[str, object] = {
        "site_name": settings.current().site_name,
        "title": day.title,
        "lead": day.lead,
        "when": _when(day),
        "where": ", ".join(part for part in (day.venue.name if day.venue else "", day.city.name) if part),
        "sessions": [_line(session, day) for session in day.sessions],
        "prices": [[rate.name, french.money(rate.price_cents)] for rate in day.rates],
        "included": day.included,
        "contact": day.contact,
    }
    return pdf.render("demo/programme", data, title=f"Programme – {day.title}", dated=day.created_at)


def handout_pdf(day: StudyDay, session: StudySession, *, points: Sequence[str]) -> bytes:
    """Return what was handed out at a session; city, interventions and speakers are loaded."""
    data: dict[str, object] = {
        "site_name": settings.current().site_name,
        "title": session.title,
        "day": f"{day.title}, {day.city.name}, {french.date_long(day.date)}",
        "speakers": _speakers(session),
        "points": list(points),
    }
    return pdf.render("demo/handout", data, title=session.title, dated=day.created_at)


def _when(day: StudyDay) -> str:
    dates = french.date_words(day.date)
    if day.last_date != day.date:
        dates = f"du {dates} au {french.date_words(day.last_date)}"
    return f"{dates}, {french.clock_time(day.local_start)} – {french.clock_time(day.local_end)}"


def _line(session: StudySession, day: StudyDay) -> dict[str, object]:
    starts = session.starts_at.astimezone(day.local_start.tzinfo) if session.starts_at else None
    return {
        "date": french.date_words(starts.date()) if starts and day.last_date != day.date else "",
        "hour": french.clock_time(starts) if starts else "",
        "title": session.title,
        "summary": session.summary,
        "room": session.room,
        "speakers": _speakers(session),
    }


def _speakers(session: StudySession) -> list[str]:
    return [f"{talk.speaker.name}, {talk.affiliation}" for talk in session.interventions]
