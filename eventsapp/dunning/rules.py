"""When a reminder is due, and what late payment costs a public body; on plain values."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from eventsapp.dunning.statuses import CountedFrom
from eventsapp.dunning.values import Claim, Interest, Planned, Rate, Step

#: Days between two reminders of an order at the least, however late the sweep runs.
LEAST_BETWEEN = 7
#: Days of the year, as the State counts them for interest (formula of the Direction des affaires juridiques).
_YEAR = 365
_DAY = timedelta(days=1)


def step_date(step: Step, claim: Claim) -> date | None:
    """Return the day of a step by its count alone: never before the days of grace are over.

    ``None`` while there is no invoice to count from.
    """
    if step.counted_from is CountedFrom.DUE:
        return claim.tolerated_until + timedelta(days=max(1, step.days))
    if claim.invoiced_on is None:
        return None
    return max(claim.invoiced_on + timedelta(days=step.days), claim.tolerated_until + _DAY)


def next_step(claim: Claim, steps: Iterable[Step]) -> Step | None:
    """Return the first step that was not sent yet: none is left out, however much time went by."""
    return min((step for step in steps if step.step > claim.last_step), key=lambda step: step.step, default=None)


def planned(claim: Claim, steps: Iterable[Step]) -> Planned | None:
    """Return the next reminder and its day: after a pause and after the one before, if those are later."""
    step = next_step(claim, steps)
    counted = step_date(step, claim) if step else None
    if step is None or counted is None:
        return None
    if claim.last_sent_on is not None:
        counted = max(counted, claim.last_sent_on + timedelta(days=LEAST_BETWEEN))
    if claim.paused_until is not None:
        counted = max(counted, claim.paused_until + _DAY)
    return Planned(step=step, on=counted)


def half_year(day: date) -> date:
    """Return the first day of the half-year of ``day``."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def missing_rate(rates: Iterable[Rate], *, today: date) -> date | None:
    """Return the half-year of ``today`` when nobody typed its rate yet: interest that begins to run is not reckoned."""
    runs = half_year(today)
    return None if any(rate.since == runs for rate in rates) else runs


def interest(
    *, owed_cents: int, due_on: date, payments: Sequence[tuple[date, int]], rates: Iterable[Rate], today: date
) -> Interest | None:
    """Return the default interest of a public body up to ``today``, or ``None`` when nothing was late.

    ``owed_cents`` is what is still owed, tax included; ``payments`` are day and cents of what came in (negative for
    what went back), so that each day bears interest on what was open that day, the day of payment included
    (CCP art. R2192-32). The rate is that of the half-year in which interest began to run (R2192-31).
    """
    since = due_on + _DAY
    late = sorted((day, cents) for day, cents in payments if day >= since)
    open_cents = owed_cents + sum(cents for _day, cents in late)
    borne, days, start = 0, 0, since
    for day, cents in [*late, (today, 0)]:
        length = max(0, (min(day, today) - start).days + 1)
        if open_cents > 0:
            borne += open_cents * length
            days += length
        open_cents -= cents
        start += length * _DAY
    if not days:
        return None
    rate = next((rate for rate in rates if rate.since == half_year(since)), None)
    cents = (2 * borne * rate.total + _YEAR * 10_000) // (2 * _YEAR * 10_000) if rate else 0
    return Interest(since=since, days=days, rate=rate, cents=cents)
