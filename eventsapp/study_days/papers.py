"""A day as an entry of a calendar."""

from urllib.parse import urlsplit

from eventsapp.core import links, settings
from eventsapp.papers.calendars import CalendarEvent, EventStatus
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus

_STATUSES = {
    StudyDayStatus.PUBLISHED: EventStatus.CONFIRMED,
    StudyDayStatus.POSTPONED: EventStatus.TENTATIVE,
    StudyDayStatus.CANCELLED: EventStatus.CANCELLED,
}
_PREFIXES = {StudyDayStatus.POSTPONED: "Reportée : ", StudyDayStatus.CANCELLED: "Annulée : "}


def calendar_event(day: StudyDay) -> CalendarEvent:
    """Return the day as calendars keep it; city and venue are loaded.

    Its identifier is made of the day's key and stays when title, address or date change.
    """
    url = links.absolute("study_days.day", slug=day.slug)
    venue = day.venue
    place = (venue.name, venue.address, f"{venue.postcode} {day.city.name}") if venue else (day.city.name,)
    where = venue if venue is not None and venue.latitude is not None else day.city
    return CalendarEvent(
        uid=f"journee-{day.id}@{urlsplit(settings.current().public_url).hostname}",
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        timezone=day.timezone,
        all_day=not day.hours_known,
        summary=f"{_PREFIXES.get(day.status, '')}{day.title}",
        description="\n\n".join(part for part in (day.status_note, day.lead, url) if part),
        location=", ".join(part.strip() for part in place if part.strip()),
        latitude=where.latitude,
        longitude=where.longitude,
        url=url,
        sequence=day.calendar_sequence,
        status=_STATUSES[day.status],
        updated_at=day.updated_at,
    )
