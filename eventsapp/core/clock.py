"""The time, asked for at the edge and handed down as ``now``."""

from datetime import UTC, date, datetime

from eventsapp.core import settings


def now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def local_date(moment: datetime) -> date:
    """Return the date that ``moment`` falls on where the magazine is made."""
    return moment.astimezone(settings.zone(settings.current().default_timezone)).date()
