"""What search engines read on the page of a day: schema.org, as JSON-LD."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventsapp.core import links, settings
from eventsapp.magazine.models import Article
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import Availability, StudyDayStatus

_SCHEMA = "https://schema.org"
_OFFERS = {
    Availability.OPEN: "InStock",
    Availability.FEW_SEATS: "LimitedAvailability",
    Availability.FULL: "SoldOut",
    Availability.OPENS_LATER: "PreOrder",
}


def event(day: StudyDay, *, reports: Sequence[Article], now: datetime) -> dict[str, Any]:
    """Return the day as a schema.org ``Event``; it is loaded in full. ``reports`` are the articles about it."""
    url = links.absolute("study_days.day", slug=day.slug)
    made: dict[str, Any] = {
        "@context": _SCHEMA,
        "@type": "Event",
        "@id": f"{url}#journee",
        "name": day.title,
        "description": day.lead or day.title,
        "url": url,
        "inLanguage": "fr",
        "startDate": _moment(day, day.local_start),
        "endDate": _moment(day, day.local_end),
        "eventAttendanceMode": f"{_SCHEMA}/OfflineEventAttendanceMode",
        "eventStatus": f"{_SCHEMA}/{_status(day)}",
        "location": _place(day),
        "organizer": {
            "@type": "Organization",
            "name": settings.current().site_name,
            "url": links.absolute("site.home"),
        },
        "isAccessibleForFree": bool(day.rates) and all(rate.price_cents == 0 for rate in day.rates),
    }
    if _was_moved(day):
        made["previousStartDate"] = _moment(day, (day.previous_starts_at or day.starts_at).astimezone(_zone(day)))
    if day.speakers:
        made["performer"] = _people(day)
    offers = _offers(day, url=url, now=now)
    if offers:
        made["offers"] = offers
    if reports:
        made["subjectOf"] = [
            {
                "@type": "NewsArticle",
                "headline": report.title,
                "url": links.absolute("magazine.article", slug=report.slug),
            }
            for report in reports
        ]
    if day.capacity:
        made["maximumAttendeeCapacity"] = day.capacity
    return made


def breadcrumb(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the way to a page, from (name, address) pairs."""
    return {
        "@context": _SCHEMA,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": address}
            for position, (name, address) in enumerate(steps, start=1)
        ],
    }


def _people(day: StudyDay) -> list[dict[str, Any]]:
    """Return the speakers, each with the role of that day."""
    found: dict[int, dict[str, Any]] = {}
    for session in day.sessions:
        for talk in session.interventions:
            person: dict[str, Any] = {
                "@type": "Person",
                "name": talk.speaker.name,
                "url": links.absolute("speakers.speaker", slug=talk.speaker.slug),
            }
            if talk.role:
                person["jobTitle"] = talk.role
            if talk.organisation:
                person["worksFor"] = {"@type": "Organization", "name": talk.organisation}
            found.setdefault(talk.speaker_id, person)
    return list(found.values())


def _zone(day: StudyDay) -> Any:
    return settings.zone(day.timezone)


def _moment(day: StudyDay, local: datetime) -> str:
    """A date alone when no hours are known; else the hour with the venue's offset."""
    return local.isoformat() if day.hours_known else local.date().isoformat()


def _was_moved(day: StudyDay) -> bool:
    return day.status is StudyDayStatus.POSTPONED or (
        day.previous_starts_at is not None and day.previous_starts_at != day.starts_at
    )


def _status(day: StudyDay) -> str:
    """Postponed while no new date is known; rescheduled once one is."""
    if day.status is StudyDayStatus.CANCELLED:
        return "EventCancelled"
    if day.previous_starts_at is not None and day.previous_starts_at != day.starts_at:
        return "EventRescheduled"
    return "EventPostponed" if day.status is StudyDayStatus.POSTPONED else "EventScheduled"


def _place(day: StudyDay) -> dict[str, Any]:
    venue, city = day.venue, day.city
    address = {"@type": "PostalAddress", "addressLocality": city.name, "addressCountry": "FR"}
    if venue is not None:
        address |= {"streetAddress": venue.address} if venue.address else {}
        address |= {"postalCode": venue.postcode} if venue.postcode else {}
    place: dict[str, Any] = {"@type": "Place", "name": venue.name if venue else city.name, "address": address}
    where = venue if venue is not None and venue.latitude is not None else city
    if where.latitude is not None and where.longitude is not None:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": where.latitude, "longitude": where.longitude}
    return place


def _offers(day: StudyDay, *, url: str, now: datetime) -> list[dict[str, Any]]:
    """Return the rates as offers while the day can still be registered for, or is full."""
    availability = _OFFERS.get(day.availability(now))
    if availability is None:
        return []
    opens = day.local_open or (day.published_at or day.created_at).astimezone(_zone(day))
    return [
        {
            "@type": "Offer",
            "name": rate.local_name,
            "price": f"{rate.price_cents // 100}.{rate.price_cents % 100:02}",
            "priceCurrency": "EUR",
            "availability": f"{_SCHEMA}/{availability}",
            "validFrom": opens.isoformat(),
            "validThrough": min(
                moment for moment in (rate.available_until, day.registration_closes_at) if moment is not None
            )
            .astimezone(_zone(day))
            .isoformat(),
            "url": url,
        }
        for rate in day.rates
        if rate.is_available(now)
    ]
