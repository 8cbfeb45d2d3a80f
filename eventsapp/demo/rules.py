"""Decisions of the demonstration, on plain values: dates counted from today, SIRETs of nobody."""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from stdnum import luhn

#: Dates on which nobody holds a study day, whatever the weekday.
_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
_BETWEEN_THE_YEARS = {(12, day) for day in range(23, 32)} | {(1, 2)}
#: The first digits of the SIREN of public bodies, by kind.
_SIREN_PREFIXES = {"commune": "21", "departement": "22", "intercommunal": "24", "other": "25", "social": "26"}
#: There is no department of that number: no register holds a public body there.
_NO_DEPARTMENT = "00"
#: What the id of a card payment of the demonstration begins with; the sandbox knows by it what was paid.
_CARD_PAYMENT = re.compile(r"pi_demo_(\d{1,9})_.+")


def day_on(today: date, *, weeks: int, weekday: int) -> date:
    """Return a weekday (1 is Monday) ``weeks`` weeks from this one; further on, or back, where it is a holiday.

    Weekday 0 is that of today, whatever it is: a day whose door can be tried.
    """
    if not weekday:
        return today + timedelta(weeks=weeks)
    found = today - timedelta(days=today.isoweekday() - weekday) + timedelta(weeks=weeks)
    while _is_day_off(found):
        found += timedelta(weeks=1 if weeks > 0 else -1)
    return found


def working_day_before(day: date) -> date:
    """Return ``day``, or the Friday before it: nobody orders on a Sunday."""
    return day - timedelta(days=max(0, day.isoweekday() - 5))


def month_before(today: date, months: int) -> date:
    """Return the first of the month, ``months`` months ago."""
    index = today.year * 12 + today.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def card_payment_id(key: str, *, cents: int) -> str:
    """Return what Stripe would call a card payment of the demonstration: its amount is in its name."""
    return f"pi_demo_{cents}_{key}"


def cents_of_card_payment(payment_id: str) -> int | None:
    """Return what was paid by a card payment of the demonstration; ``None`` for any other."""
    found = _CARD_PAYMENT.fullmatch(payment_id)
    return int(found[1]) if found else None


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, each by itself."""
    return re.split(r"(?<=[.!?]) ", text)


def clock(text: str) -> time:
    """Return the time that the files write as « 09:30 »."""
    return time.fromisoformat(text)


def at(day: date, number: int, zone: tzinfo) -> datetime:
    """Return a moment of office hours on ``day``, another for each number, so that not all happens at once."""
    minutes = number * 37 % (9 * 60)
    return datetime.combine(day, time(8, 30), zone) + timedelta(minutes=minutes)


def fictional_siret(kind: str, number: int) -> str:
    """Return a SIRET whose check digits are right and that belongs to nobody.

    Public bodies have a SIREN made of the prefix of their kind and the number of their department; these have « 00 ».
    """
    siren = f"{_SIREN_PREFIXES[kind]}{_NO_DEPARTMENT}{number:04}"
    siren += luhn.calc_check_digit(siren)
    establishment = f"{siren}0001"
    return establishment + luhn.calc_check_digit(establishment)


def _is_day_off(day: date) -> bool:
    moving = {_easter(day.year) + timedelta(days=days) for days in (1, 39, 50)}
    return (day.month, day.day) in _FIXED_HOLIDAYS | _BETWEEN_THE_YEARS or day in moving


def _easter(year: int) -> date:
    """Return Easter Sunday, by the Gregorian computus."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)
