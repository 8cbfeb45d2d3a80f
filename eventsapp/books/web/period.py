"""The period that the pages of the books are about, as their addresses say it."""

from datetime import date
from typing import NamedTuple

from flask import request

from eventsapp.core import clock


class Period(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date


def asked_period() -> Period:
    """Return the period asked for; the present year unless both of its ends make sense."""
    today = clock.local_date(clock.now())
    year = Period(date(today.year, 1, 1), date(today.year, 12, 31))
    asked = Period(_day("du", year.first), _day("au", year.last))
    return asked if asked.first <= asked.last else year


def _day(name: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return otherwise
