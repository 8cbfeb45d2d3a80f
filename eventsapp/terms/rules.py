"""Decisions about terms of sale, on plain values."""

import hashlib
import json
from datetime import date, timedelta

from flask_babel import gettext as _

from eventsapp.core.errors import Invalid
from eventsapp.terms.values import VersionDraft

_SATURDAY = 5
#: Month and day; and days after Easter: its Monday, Ascension, Whit Monday.
_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)})
_AFTER_EASTER = frozenset({1, 39, 50})


def fingerprint(*, number: int, locale: str, title: str, body: str) -> str:
    """Return what tells one accepted text from another."""
    return hashlib.sha256(json.dumps([number, locale, title, body]).encode()).hexdigest()


def require_datable(draft: VersionDraft, *, today: date) -> None:
    """Raise ``Invalid`` for a version that would have been in force before anybody could read it."""
    if draft.in_force_from < today:
        message = _("Une version ne vaut pas pour le passé : choisissez aujourd’hui ou plus tard.")
        raise Invalid(message, errors={"/in_force_from": message})


def require_both_in_english(draft: VersionDraft) -> None:
    """Raise ``Invalid`` for a translation without its title, or a title without its text."""
    if bool(draft.title_en) != bool(draft.body_en):
        message = _("Donnez le titre et le texte anglais, ou aucun des deux.")
        field = "title_en" if not draft.title_en else "body_en"
        raise Invalid(message, errors={f"/{field}": message})


def withdrawal_ends(ordered_on: date, *, days: int) -> date:
    """Return the last day on which a consumer may withdraw: the day of the order does not count (art. L221-19).

    One that would be a Saturday, a Sunday or a public holiday is put off to the next working day.
    """
    last = ordered_on + timedelta(days=days)
    while last.weekday() >= _SATURDAY or is_holiday(last):
        last += timedelta(days=1)
    return last


def is_holiday(day: date) -> bool:
    """Return whether nobody works in France on that day (Code du travail L3133-1)."""
    after_easter = (day - easter(day.year)).days
    return (day.month, day.day) in _HOLIDAYS or after_easter in _AFTER_EASTER


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Oudin's algorithm)."""
    century = year // 100
    golden = year % 19
    lunar = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    lunar -= (lunar // 28) * (1 - (lunar // 28) * (29 // (lunar + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + lunar + 2 - century + century // 4) % 7
    offset = lunar - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))
