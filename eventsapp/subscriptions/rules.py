"""Decisions about subscriptions, on plain values."""

import calendar
from datetime import date, timedelta

from flask_babel import gettext as _

from eventsapp.subscriptions.errors import IllegalTransition
from eventsapp.subscriptions.statuses import NEXT, ContractStatus


def require_step(before: ContractStatus, after: ContractStatus) -> None:
    """Raise ``IllegalTransition`` unless ``after`` may follow ``before``."""
    if after not in NEXT[before]:
        raise IllegalTransition(
            _("Un abonnement à l’état « %(before)s » ne peut pas passer à « %(after)s ».", before=before, after=after)
        )


def first_day(*, today: date, current_end: date | None) -> date:
    """Return when a subscription starts: today, or the day after the present one ends."""
    return max(today, current_end + timedelta(days=1)) if current_end else today


def last_day(*, starts_on: date, months: int) -> date:
    """Return the last day included: twelve months from 15 March end on 14 March; a month's end stays one."""
    return add_months(starts_on, months) - timedelta(days=1)


def add_months(start: date, months: int) -> date:
    """Return the same day ``months`` later, or the month's last day where it is shorter (31 January → 28 February)."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
