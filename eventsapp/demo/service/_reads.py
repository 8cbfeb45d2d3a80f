"""Readings of the articles of the demonstration, by a rule: many when a text is new, fewer on Sundays."""

from datetime import date, datetime, timedelta
from zlib import crc32

from eventsapp.core import clock
from eventsapp.demo import queries
from eventsapp.demo.service._transaction import writing
from eventsapp.figures import service as figures
from eventsapp.figures.statuses import ReadBy
from eventsapp.magazine.statuses import Access

#: So many days back; readings are counted every so many of them.
_DAYS, _STEP = 240, 3
#: On the day it appears, and what is left of it long after.
_AT_FIRST, _AT_LAST = 60, 4
_HALF_LIFE = 20
#: Of a reserved text, so many of a hundred read it as these.
_RESERVED = ((ReadBy.SUBSCRIBER, 78), (ReadBy.ATTENDEE, 17), (ReadBy.GIFT, 5))


def load_reads(*, now: datetime) -> int:
    """Count the readings of the past months; return of how many articles."""
    today = clock.local_date(now)
    with writing():
        if queries.has_reads():
            return 0
        articles = queries.published_articles()
        for key, slug, access, published_at in articles:
            appeared = clock.local_date(published_at)
            for back in range(0, _DAYS, _STEP):
                on = today - timedelta(days=back)
                if on >= appeared:
                    _count(key, slug, access, on, age=(on - appeared).days)
        return len(articles)


def _count(key: int, slug: str, access: Access, on: date, *, age: int) -> None:
    times = _AT_LAST + _AT_FIRST * 0.5 ** (age / _HALF_LIFE)
    times *= 0.6 + crc32(f"{slug}{on}".encode()) % 80 / 100
    times *= 0.3 if on.isoweekday() == 7 else 1
    for read_by, share in ((ReadBy.FREE, 100),) if access is Access.PUBLIC else _RESERVED:
        if count := round(times * share / 100):
            figures.count_reading(key, read_by, on=on, times=count)
