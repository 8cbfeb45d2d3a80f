"""Calendars (.ics): one event to keep or a feed to subscribe to, as Apple, Google and Outlook read them.

Times carry the full name of their zone (an abbreviation moved whole programmes by an hour elsewhere), the zone's rules
come along, and the same events give the same bytes, so a feed that did not change is answered by its ETag.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from eventsapp.papers.characters import writable

if TYPE_CHECKING:
    import icalendar

PRODUCT = "-//eventsapp//calendars//FR"
_ADDRESS = re.compile(r"https?://[!-~]+")


class EventStatus(StrEnum):
    """What calendars show of an event; one that is cancelled stays in the feed, or it would stay in the agendas."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One event. ``starts_at`` and ``ends_at`` are aware; ``timezone`` is where it takes place.

    ``uid`` never changes, ``sequence`` grows with each change; ``updated_at`` is when that was. With ``all_day``, the
    days that the event touches there are shown whole, without hours.
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    updated_at: datetime
    timezone: str = "Europe/Paris"
    description: str = ""
    location: str = ""
    url: str = ""
    sequence: int = 0
    status: EventStatus = EventStatus.CONFIRMED
    latitude: float | None = None
    longitude: float | None = None
    all_day: bool = False

    def __post_init__(self) -> None:
        if not (self.starts_at.tzinfo and self.ends_at.tzinfo and self.updated_at.tzinfo):
            raise ValueError(f"{self.uid}: a time without zone")
        if self.ends_at < self.starts_at:
            raise ValueError(f"{self.uid}: ends before it starts")


def calendar(events: Iterable[CalendarEvent], *, name: str, url: str, refresh_hours: int = 12) -> bytes:
    """Return the calendar of these events; ``url`` is the feed's own, asked again every ``refresh_hours``."""
    import icalendar  # noqa: PLC0415 - 150 ms, for the first calendar and not for the web server's start

    events = list(events)
    book = icalendar.Calendar()
    book.add("version", "2.0")
    book.add("prodid", PRODUCT)
    book.add("method", "PUBLISH")
    book.add("uid", str(uuid5(NAMESPACE_URL, url)))
    # The library would leave a comma in a name unescaped, and the kind of an interval unsaid.
    book.add("name", icalendar.vText(writable(name)))
    book.add("x-wr-calname", icalendar.vText(writable(name)))
    if _ADDRESS.fullmatch(url):
        book.add("url", url)
        book.add("source", url, parameters={"VALUE": "URI"})
    refresh = timedelta(hours=refresh_hours)
    book.add("refresh-interval", refresh, parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", icalendar.vDuration(refresh))
    for zone in sorted({event.timezone for event in events if not event.all_day}):
        moments = [moment for event in events if event.timezone == zone for moment in (event.starts_at, event.ends_at)]
        book.add_component(_zone(ZoneInfo(zone), min(moments), max(moments)))
    for event in events:
        book.add_component(_event(event))
    return bytes(book.to_ical())


def _event(event: CalendarEvent) -> "icalendar.Event":
    import icalendar  # noqa: PLC0415 - as above

    entry = icalendar.Event()
    entry.add("uid", writable(event.uid).replace("\n", ""))
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("last-modified", event.updated_at.astimezone(UTC))
    entry.add("sequence", event.sequence)
    entry.add("status", event.status.upper())
    first, last = _days(event) if event.all_day else (_local(event.starts_at, event), _local(event.ends_at, event))
    entry.add("dtstart", first)
    entry.add("dtend", last)
    for key, text in (("summary", event.summary), ("location", event.location), ("description", event.description)):
        if text:
            entry.add(key, writable(text))
    if _ADDRESS.fullmatch(event.url):
        entry.add("url", event.url)
    if event.latitude is not None and event.longitude is not None:
        entry.add("geo", (event.latitude, event.longitude))
    return entry


def _local(moment: datetime, event: CalendarEvent) -> datetime:
    """Return the moment on the clocks there, whole seconds; in UTC for an hour that those clocks show twice."""
    local = moment.astimezone(ZoneInfo(event.timezone)).replace(microsecond=0)
    return moment.astimezone(UTC).replace(microsecond=0) if local.fold else local


def _days(event: CalendarEvent) -> tuple[date, date]:
    """Return the first day, and the one after the last: an end at midnight does not touch the day it begins."""
    zone = ZoneInfo(event.timezone)
    first = event.starts_at.astimezone(zone).date()
    last = (event.ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    return first, max(first, last) + timedelta(days=1)


def _zone(zone: ZoneInfo, first: datetime, last: datetime) -> "icalendar.Timezone":
    """Return the zone's rules from a year before ``first`` to a year after ``last``.

    Each change is told by the clock before it, as the standard has it.
    """
    import icalendar  # noqa: PLC0415 - as above

    begin = datetime(first.year - 1, 1, 1, tzinfo=UTC)
    rules = icalendar.Timezone()
    rules.add("tzid", zone.key)
    rules.add_component(_rule(begin.astimezone(zone), begin.astimezone(zone)))
    for change in _changes(zone, begin, datetime(last.year + 2, 1, 1, tzinfo=UTC)):
        rules.add_component(_rule((change - timedelta(seconds=1)).astimezone(zone), change.astimezone(zone)))
    return rules


def _rule(before: datetime, after: datetime) -> "icalendar.TimezoneStandard | icalendar.TimezoneDaylight":
    import icalendar  # noqa: PLC0415 - as above

    rule = icalendar.TimezoneDaylight() if after.dst() else icalendar.TimezoneStandard()
    from_offset, to_offset = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
    rule.add("dtstart", (after.astimezone(UTC) + from_offset).replace(tzinfo=None))
    rule.add("tzoffsetfrom", from_offset)
    rule.add("tzoffsetto", to_offset)
    rule.add("tzname", after.tzname() or "UTC")
    return rule


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the moments, in UTC, at which the zone's clocks are put on or back."""
    day = begin
    while day < end:
        next_day = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != next_day.astimezone(zone).utcoffset():
            early, late = day, next_day
            while late - early > timedelta(seconds=1):
                middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
                same = middle.astimezone(zone).utcoffset() == day.astimezone(zone).utcoffset()
                early, late = (middle, late) if same else (early, middle)
            yield late
        day = next_day
