"""The period that a page of sums is about, as its address says it."""

from datetime import date
from typing import NamedTuple

from flask import request

from eventsapp.core import clock


class Period(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date


def asked_period(*, usual: Period | None = None) -> Period:
    """Return the period asked for; ``usual``, by default the present year, unless both of its ends make sense."""
    today = clock.local_date(clock.now())
    usual = usual or Period(date(today.year, 1, 1), date(today.year, 12, 31))
    asked = Period(_day("du", usual.first), _day("au", usual.last))
    return asked if asked.first <= asked.last else usual


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
