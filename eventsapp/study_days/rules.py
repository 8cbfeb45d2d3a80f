"""Decisions about days, on plain values."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from eventsapp.study_days.errors import IllegalTransition, RegistrationClosed
from eventsapp.study_days.statuses import NEXT, Availability, StudyDayStatus

#: From this many seats left the page says how few they are.
FEW_SEATS = 15


def availability(
    *,
    status: StudyDayStatus,
    starts_at: datetime,
    ends_at: datetime,
    opens_at: datetime | None,
    closes_at: datetime,
    seats_left: int,
    now: datetime,
) -> Availability:
    """Return what a visitor can do about a day at ``now``; what the organiser decided comes first."""
    if status is StudyDayStatus.CANCELLED:
        return Availability.CANCELLED
    if status is StudyDayStatus.POSTPONED:
        return Availability.POSTPONED
    if is_past(ends_at=ends_at, now=now):
        return Availability.PAST
    if now >= min(closes_at, starts_at):
        return Availability.CLOSED
    if opens_at is not None and now < opens_at:
        return Availability.OPENS_LATER
    if seats_left <= 0:
        return Availability.FULL
    return Availability.FEW_SEATS if seats_left <= FEW_SEATS else Availability.OPEN


def require_open(state: Availability) -> None:
    """Raise ``RegistrationClosed`` unless registrations are taken; a full day passes, its seats decide."""
    refusals = {
        Availability.OPENS_LATER: "Les inscriptions à cette journée ne sont pas encore ouvertes.",
        Availability.CLOSED: "Les inscriptions à cette journée sont closes.",
        Availability.PAST: "Cette journée a eu lieu ; les inscriptions sont closes.",
        Availability.POSTPONED: "Cette journée est reportée ; les inscriptions sont suspendues.",
        Availability.CANCELLED: "Cette journée est annulée.",
    }
    if state in refusals:
        raise RegistrationClosed(refusals[state])


def is_past(*, ends_at: datetime, now: datetime) -> bool:
    """Return whether the day is over; its last minute included."""
    return now >= ends_at


def first_date(starts_at: datetime, zone: tzinfo) -> date:
    """Return the date it begins on, as the calendar of the venue's town shows it."""
    return starts_at.astimezone(zone).date()


def last_date(ends_at: datetime, zone: tzinfo) -> date:
    """Return the last date it is held on; midnight belongs to the day before."""
    return (ends_at - timedelta(microseconds=1)).astimezone(zone).date()


def require_transition(before: StudyDayStatus, after: StudyDayStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(f"Une journée à l’état « {before} » ne peut pas passer à « {after} ».")


def lowest_price(prices: Iterable[tuple[int, datetime | None]], *, now: datetime) -> int | None:
    """Return the lowest of ``(price_cents, available_until)`` still on sale, or ``None``."""
    return min((price for price, until in prices if until is None or now < until), default=None)
