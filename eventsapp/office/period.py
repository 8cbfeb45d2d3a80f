"""The period that a page of sums is about, as its address says it."""

from datetime import date
from typing import NamedTuple

from flask import request
from flask_babel import gettext as _

from eventsapp.core import clock
from eventsapp.core.listing import YEARS
from eventsapp.core.texts import from_address

#: Characters of a wrong date that are shown.
_SHOWN = 40


class Period(NamedTuple):
    """From a day to a day, both included."""

    first: date
    last: date


def asked_period(*, usual: Period | None = None) -> Period:
    """Return the period asked for; ``usual``, by default the present year, unless both of its ends make sense."""
    today = clock.local_date(clock.now())
    usual = usual or Period(date(today.year, 1, 1), date(today.year, 12, 31))
    asked = Period(_day("du") or usual.first, _day("au") or usual.last)
    return asked if asked.first <= asked.last else usual


def period_mistakes() -> list[str]:
    """Return what of the period asked for makes no sense, in words: ``asked_period`` leaves it aside."""
    typed = {name: request.args.get(name, "") for name in ("du", "au")}
    days = {name: _day(name) for name in typed}
    mistakes = [
        _("« %(value)s » n’est pas une date.", value=from_address(text, longest=_SHOWN))
        for name, text in typed.items()
        if text and days[name] is None
    ]
    if days["du"] and days["au"] and days["du"] > days["au"]:
        mistakes.append(_("Cette période finit avant de commencer."))
    return mistakes


def _day(name: str) -> date | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return day if day.year in YEARS else None
