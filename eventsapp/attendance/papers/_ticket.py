"""The ticket of a seat, and the seat as an entry of its person's calendar."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from eventsapp.core import french, i18n, links, settings
from eventsapp.papers import pdf, qr
from eventsapp.papers.calendars import CalendarEvent
from eventsapp.registrations.models import Registration
from eventsapp.study_days import papers as study_day_papers


def tickets_pdf(seats: Sequence[Registration], *, locale: str) -> bytes:
    """Return the tickets of ``seats`` in one PDF, a page each, the same bytes until a seat changes.

    The seats have their persons, days with city and venue loaded. Raises ``PaperFailed``.
    """
    with i18n.speaking(locale):
        data = {"site_name": settings.current().site_name, "tickets": [_ticket(seat) for seat in seats]}
        title = i18n.choose("Billet", "Ticket") if len(seats) == 1 else i18n.choose("Billets", "Tickets")
        dated = max(seat.named_at or seat.created_at for seat in seats)
        return pdf.render(
            "attendance/ticket", data, title=f"{title} – {seats[0].study_day.title}", language=locale, dated=dated
        )


def calendar_event(seat: Registration) -> CalendarEvent:
    """Return the seat as its person's calendar keeps it; day, city and venue are loaded.

    Its identifier stays whatever changes, and its sequence grows with the changes of the day and of the seat.
    """
    day = seat.study_day
    url = links.absolute("seats.seat", secret=seat.secret)
    event = study_day_papers.calendar_event(day)
    return replace(
        event,
        uid=f"place-{seat.id}@{urlsplit(settings.current().public_url).hostname}",
        sequence=day.calendar_sequence + seat.revision,
        updated_at=max(day.updated_at, seat.named_at or seat.created_at),
        description="\n\n".join(
            part
            for part in (
                day.status_note,
                i18n.choose(f"Place {french.of(seat.name)}.", f"Seat of {seat.name}."),
                day.lead,
                url,
            )
            if part
        ),
        url=url,
    )


def _ticket(seat: Registration) -> dict[str, object]:
    day = seat.study_day
    venue = day.venue
    hours = f"{i18n.clock_time(day.local_start)} – {i18n.clock_time(day.local_end)}" if day.hours_known else ""
    return {
        "name": french.typeset(seat.name),
        "job_title": french.typeset(seat.job_title),
        "title": french.typeset(day.title),
        "date": i18n.sentence(i18n.date_words(day.local_start)),
        "hours": hours,
        "welcome": i18n.clock_time(day.local_welcome) if day.local_welcome and day.hours_known else "",
        "place": venue.name if venue else day.city.name,
        "address": ", ".join(part for part in (venue.address, f"{venue.postcode} {day.city.name}".strip()) if part)
        if venue
        else "",
        "contact": day.contact,
        "code": seat.ticket_code,
        "qr": qr.svg(seat.ticket_code),
    }
