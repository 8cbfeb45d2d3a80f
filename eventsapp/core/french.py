"""French as it is printed: amounts, dates, hours, and the spaces that must not break."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from markupsafe import Markup

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
_OPENING = "([{-–—/’'«“"
_QUOTE = re.compile('["«»]')
_SPACES = " \u00a0\u202f"
#: What is quoted twice over: « "so" », "« so »".
_QUOTED_TWICE = re.compile(
    '(?:«[ \u00a0\u202f]*[«"]|"[ \u00a0\u202f]*«)([^«»"]*)(?:[»"][ \u00a0\u202f]*»|»[ \u00a0\u202f]*")'
)
#: A name that is filled in after one of these, with the mark that it may stand in.
_BEFORE_NAME = re.compile(r"\b([Dd]|[Qq]u|[Ll]orsqu|[Pp]uisqu|[Jj]usqu)e[ \u00a0](<[a-z]+>)?%\((\w+)\)s")
_QUOTED_NAME = re.compile(r"«[ \u00a0]?%\((\w+)\)s[ \u00a0]?»")
#: « ou » before a vowel is that of « oui », « y » before one that of « Yann »: neither elides.
_VOWEL = re.compile(r"(?!ou[aeéi]|onz|uhl|y[aeiouéè])[aàâäeéèêëiîïoôöuùûüœæy]", re.IGNORECASE)
#: First names whose h nobody hears; of other words with one nobody can tell: « d’Hennebont », « de Hambourg ».
_SILENT_H = re.compile(
    "H(?:abib|adrien|ector|[eé]l[eèé]n|[eé]lo[iï]s|enri|erv[eé]|ermin|ilair|ilda|ippolyt|onor|ortens|ubert|ugo|ugue"
    "|umbert|yacinth)"
)
_SPACE_AFTER_NUMERO = re.compile(r"\b([Nn]°) (?=\d)")
#: Spaces of a text of ours that must not break; what stands in a tag, and marks that are code, stay: « ![ », « :// ».
_UNBREAKABLE = re.compile(
    r"<[^<>]*>| (?=[;!?](?![\w\[=]))| (?=[:»](?![\w:/]))|(?<=«) |(?<=\d) (?=€|%(?!\()|\d{3}\b)"
    r"|(?<=\S) (?=%%?(?![\w(%]))"
)


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


def typeset(text: str, *, before: str = "", depth: int = 0) -> str:
    """Return ``text`` as it is printed: French quotes, apostrophes, dots, and spaces that do not break.

    A quote inside a quote takes “ ”. The only spaces added are those inside « ». ``before`` is the character that
    stands before the text, ``depth`` how many quotes are open there.
    """
    text = _quotes(text, before, depth)[0].replace("'", "’").replace("...", "…")
    text = _SPACE_BEFORE_HIGH.sub(rf"{NARROW_NO_BREAK}\1", text)
    text = _SPACE_BEFORE_WIDE.sub(rf"{NO_BREAK}\1", text)
    text = _SPACE_AFTER_OPENING.sub(f"«{NO_BREAK}", text)
    text = _SPACE_IN_QUANTITY.sub(NO_BREAK, text)
    text = _SPACE_AFTER_OPENING_WORD.sub(rf"\1{NO_BREAK}", text)
    return _SPACE_AFTER_NUMERO.sub(rf"\1{NO_BREAK}", text)


def unbroken(text: str) -> str:
    """Return a text of ours, its marks kept as they are, with spaces that do not break around high signs and in « »."""
    return _UNBREAKABLE.sub(_unbreakable, text)


def _unbreakable(found: re.Match[str]) -> str:
    if found[0] != " ":
        return found[0]
    return NARROW_NO_BREAK if found.string[found.end() : found.end() + 1] in ("!", "?", ";") else NO_BREAK


def quotes_open(text: str, *, before: str = "", depth: int = 0) -> int:
    """Return how many quotes are open after ``text``, which begins as ``typeset`` is told."""
    return _quotes(text, before, depth)[1]


def nested(text: str) -> str:
    """Return ``text`` as it stands between « »: its own quotes are “ ”."""
    return _quotes(text, "«", 1)[0]


def of(name: str) -> str:
    """Return « de Paul », « d’Agnès »."""
    return f"d’{name}" if begins_with_vowel(name) else f"de {name}"


def begins_with_vowel(text: str) -> bool:
    """Return whether « de » is « d’ » before ``text``."""
    return bool(_SILENT_H.match(text) or _VOWEL.match(text))


def fitted(message: str, values: Mapping[str, object]) -> tuple[str, Mapping[str, object]]:
    """Return ``message`` and the ``values`` of its ``%(names)s`` as they go together in French, still to be put in.

    « de %(name)s » is « d’%(name)s » before Agnès; what stands between « » has its own quotes as “ ”.
    """
    if "e %(" in message or "e\u00a0%(" in message or "e <" in message:
        message = _BEFORE_NAME.sub(
            lambda found: (
                f"{found[1]}’{found[2] or ''}%({found[3]})s"
                if begins_with_vowel(str(values.get(found[3], "")))
                else found[0]
            ),
            message,
        )
    if "«" in message:
        quoted = {name: values[name] for name in _QUOTED_NAME.findall(message) if name in values}
        values = {**values, **{name: _nested_value(value) for name, value in quoted.items()}}
    return message, values


def _nested_value(value: object) -> object:
    """Return a value as it stands between « »; what has marks of its own stays."""
    text = str(value)
    if not _QUOTE.search(text) or "<" in text:
        return value
    return Markup(nested(text)) if isinstance(value, Markup) else nested(text)  # noqa: S704 - was safe before


def _quotes(text: str, before: str, depth: int) -> tuple[str, int]:
    """Return ``text`` with its quotes as they are printed, and how many of them are open at its end.

    French ones say themselves which way they go, straight ones by what stands before them.
    """
    text = _QUOTED_TWICE.sub(r"«\1»", text)
    printed: list[str] = []
    end, inside = 0, False
    for found in _QUOTE.finditer(text):
        piece = text[end : found.start()]
        preceding = text[found.start() - 1] if found.start() else before
        end = found.end()
        opens = found[0] == "«" or (found[0] == '"' and (not preceding or preceding.isspace() or preceding in _OPENING))
        if inside:
            piece = piece.lstrip(_SPACES)
        if opens:
            printed += [piece, "“" if depth else f"«{NO_BREAK}"]
            depth += 1
        else:
            depth = max(depth - 1, 0)
            printed += [piece.rstrip(_SPACES), "”" if depth else f"{NO_BREAK}»"]
        inside = opens
    return "".join([*printed, text[end:].lstrip(_SPACES) if inside else text[end:]]), depth
