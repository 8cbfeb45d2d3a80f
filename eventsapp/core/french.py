"""French as it is printed: amounts, dates, hours, and the spaces that must not break."""

import re
from datetime import date, datetime, time

NO_BREAK = "\u00a0"
NARROW_NO_BREAK = "\u202f"

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")

_SPACE_BEFORE_HIGH = re.compile(r"[ \u00a0\u202f]+([;!?])")
_SPACE_BEFORE_WIDE = re.compile(r"[ \u00a0]+([:»])")
_SPACE_AFTER_OPENING = re.compile(r"«[ \u00a0]+")
_SPACE_IN_QUANTITY = re.compile(r"(?<=\d) (?=(?:€|%|km\b|min\b|h\b|\d{3}\b))")
#: « : le vrai coût »: a short word that opens what follows a colon does not end the line before it.
_SPACE_AFTER_OPENING_WORD = re.compile(r"(?<=[ \u00a0]: )(\w{1,3}) (?=\w)")
#: A quote after one of these opens.
_OPENING = "([{-–—/’'"
_STRAIGHT_QUOTE = re.compile('"')
_SPACE_AFTER_NUMERO = re.compile(r"\b([Nn]°) (?=\d)")


def money(cents: int) -> str:
    """Return an amount as printed: 129000 cents are « 1 290,00 € »."""
    sign = "−" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{grouped(euros)},{rest:02}{NO_BREAK}€"


def money_round(cents: int) -> str:
    """Return a price without decimals when it is whole: « 129 € »."""
    return f"{grouped(cents // 100)}{NO_BREAK}€" if cents >= 0 and cents % 100 == 0 else money(cents)


def plain_amount(cents: int) -> str:
    """Return an amount as it is typed: « 1290,00 »."""
    return f"{cents // 100},{cents % 100:02}"


def grouped(number: int) -> str:
    """Return a whole number in groups of three."""
    return f"{number:,}".replace(",", NO_BREAK)


def siret(number: str) -> str:
    """Return a SIRET in its groups: « 210 000 014 00014 »."""
    return " ".join(part for part in (number[:3], number[3:6], number[6:9], number[9:]) if part)


def percent(rate: int) -> str:
    """Return a rate kept in hundredths of a percent: 210 is « 2,1 % », 105 « 1,05 % », 2000 « 20 % »."""
    whole, rest = divmod(rate, 100)
    decimals = f",{rest:02}".rstrip("0") if rest else ""
    return f"{whole}{decimals}{NO_BREAK}%"


def day(value: date) -> str:
    """Return the day of the month: « 1er », « 24 »."""
    return "1er" if value.day == 1 else str(value.day)


def date_long(value: date) -> str:
    """Return « 24 février 2009 »."""
    return f"{day(value)}{NO_BREAK}{MONTHS[value.month - 1]} {value.year}"


def date_short(value: date) -> str:
    """Return « 24 févr. 2009 »."""
    return f"{day(value)}{NO_BREAK}{SHORT_MONTHS[value.month - 1]} {value.year}"


def date_words(value: date) -> str:
    """Return « mardi 24 février 2009 »."""
    return f"{WEEKDAYS[value.weekday()]} {date_long(value)}"


def month_year(value: date) -> str:
    """Return « février 2009 »."""
    return f"{MONTHS[value.month - 1]} {value.year}"


def clock_time(value: time | datetime) -> str:
    """Return « 9 h 30 »; the hour alone keeps its zeros: « 17 h 00 »."""
    return f"{value.hour}{NO_BREAK}h{NO_BREAK}{value.minute:02}"


def at_town(name: str) -> str:
    """Return « à Nantes », « au Mans », « aux Sables-d’Olonne »; « à La Rochelle » keeps its article."""
    for article, contracted in (("Le ", "au "), ("Les ", "aux ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return f"à {name}"


def typeset(text: str, *, before: str = "") -> str:
    """Return ``text`` as it is printed: French quotes, apostrophes, dots, and spaces that do not break.

    The only spaces it adds are those inside the quotes. ``before`` is the character that stands before the text.
    """

    def quote(found: re.Match[str]) -> str:
        preceding = text[found.start() - 1] if found.start() else before
        opens = not preceding or preceding.isspace() or preceding in _OPENING
        return f"«{NO_BREAK}" if opens else f"{NO_BREAK}»"

    text = _STRAIGHT_QUOTE.sub(quote, text).replace("'", "’").replace("...", "…")
    text = _SPACE_BEFORE_HIGH.sub(rf"{NARROW_NO_BREAK}\1", text)
    text = _SPACE_BEFORE_WIDE.sub(rf"{NO_BREAK}\1", text)
    text = _SPACE_AFTER_OPENING.sub(f"«{NO_BREAK}", text)
    text = _SPACE_IN_QUANTITY.sub(NO_BREAK, text)
    text = _SPACE_AFTER_OPENING_WORD.sub(rf"\1{NO_BREAK}", text)
    return _SPACE_AFTER_NUMERO.sub(rf"\1{NO_BREAK}", text)
