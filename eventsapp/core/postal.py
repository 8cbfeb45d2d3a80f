"""How an address is written on a label, as La Poste reads it (NF Z10-011)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from flask_babel import gettext as _

#: Characters of a line, and lines of an address, that the machines read.
WIDTH = 38
LINES = 6
#: What the standard shortens when a line is too long, the longest first.
_SHORT = {
    "boulevard": "BD",
    "résidence": "RES",
    "residence": "RES",
    "bâtiment": "BAT",
    "batiment": "BAT",
    "appartement": "APP",
    "faubourg": "FG",
    "immeuble": "IMM",
    "escalier": "ESC",
    "impasse": "IMP",
    "avenue": "AV",
    "chemin": "CHE",
    "général": "GAL",
    "hôtel de ville": "HDV",
    "allée": "ALL",
    "place": "PL",
    "route": "RTE",
    "saint": "ST",
    "sainte": "STE",
    "square": "SQ",
}
_SHORTENED = re.compile(rf"\b({'|'.join(sorted(_SHORT, key=len, reverse=True))})\b", re.IGNORECASE)
#: « 12 bis, rue … »: the comma after the number of a house parts nothing, and the standard wants none.
_HOUSE = re.compile(r"^(\d+\s*(?:bis|ter|quater|[A-Za-z])?)\s*,\s*", re.IGNORECASE)
_FRENCH_POSTCODE = re.compile(r"[0-9]{2} ?[0-9]{3}\Z")
#: A country after the town, « Bruxelles, Belgique »; « Angers, France » is at home.
_ABROAD = re.compile(r",(?!\s*france\b)(?=.*[^\W\d_])", re.IGNORECASE)
#: As they have them abroad, letters among the digits; five signs that begin as a French one are a slip (« 4500O »).
_FOREIGN_POSTCODE = re.compile(r"(?![0-9][0-9A-Z]{4}\Z)(?=.*[0-9])(?=.*[^\W\d_])", re.IGNORECASE)
_BREAKS = re.compile(r"\s*[\n;]\s*|\s*,\s+(?!$)")


@dataclass(frozen=True, slots=True)
class Written:
    """An address as it stands on a label."""

    lines: tuple[str, ...]
    #: Whether nothing had to be cut off.
    fits: bool


def plain_postcode(typed: str) -> str:
    """Return a French postcode without the spaces that people type (« 44 100 »); any other one as it is."""
    plain = "".join(typed.split())
    return plain if len(plain) == 5 and plain.isdecimal() else typed.strip()


def postcode_problem(postcode: str, *, city: str) -> str | None:
    """Return what to mend in a postcode, or ``None`` where mail finds its way by it, or none is given.

    In France five digits, overseas and in Corsica too. Abroad, which a country after the town says, or letters among
    the digits (« L-1249 »), it is as they write it there.
    """
    is_foreign = _ABROAD.search(city) or _FOREIGN_POSTCODE.match(postcode)
    if not postcode or is_foreign or _FRENCH_POSTCODE.match(postcode):
        return None
    return str(
        _("En France, cinq chiffres ; ailleurs, écrivez aussi le pays après la ville : « Bruxelles, Belgique ».")
    )


def on_label(*, organisation: str, name: str, address: str, postcode: str, city: str) -> Written:
    """Return the address in at most six lines of at most 38 characters, the last one in plain capitals.

    A line that is too long goes on in the next one while there is room; then words are shortened as the standard does,
    and what completes an address shares lines. What still does not fit is cut, and said: first what completes the
    address, never its street.
    """
    who = [line for line in dict.fromkeys((_one_line(organisation), _one_line(name))) if line]
    last = _capitals(f"{postcode} {city}")
    parts = _parts(address)
    room = LINES - 1
    lines = _folded([*who, *parts])
    if len(lines) > room:
        who, parts = [_shortened(line) for line in who], _joined([_shortened(part) for part in parts])
        lines = _folded([*who, *parts])
    if len(last) > WIDTH:
        last = _shortened(last)
    fits = len(lines) <= room and all(len(line) <= WIDTH for line in [*lines, last])
    if len(lines) > room:
        street = _folded(parts[-1:])[:2]
        lines = [*[line[:WIDTH] for line in who], *_folded(parts[:-1])][: room - len(street)] + street
    return Written(tuple(line[:WIDTH] for line in [*lines[:room], last]), fits)


def _parts(address: str) -> list[str]:
    """Return the lines that somebody wrote an address in; commas part them, but for the one after a number."""
    parts: list[str] = []
    for line in address.splitlines() or [""]:
        parts += _BREAKS.split(_HOUSE.sub(r"\1 ", line.strip()))
    joined: list[str] = []
    for part in parts:
        # « Résidence du Parc, 12, rue Neuve »: the number belongs to its street.
        if joined and _HOUSE.match(f"{joined[-1]},"):
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return [text for part in joined if (text := _one_line(part).rstrip("., "))]


def _joined(parts: Sequence[str]) -> list[str]:
    """Return the parts with those that complete the street sharing lines, as far as they fit."""
    joined: list[str] = []
    for part in parts[:-1]:
        if joined and len(joined[-1]) + 1 + len(part) <= WIDTH:
            joined[-1] = f"{joined[-1]} {part}"
        else:
            joined.append(part)
    return [*joined, *parts[-1:]]


def _folded(parts: Sequence[str]) -> list[str]:
    return [line for part in parts for line in wrap(part, WIDTH, break_long_words=False, break_on_hyphens=False)]


def _shortened(text: str) -> str:
    return _SHORTENED.sub(lambda word: _SHORT[word.group().lower()], text)


def _capitals(text: str) -> str:
    """Return a text in capitals without accents, apostrophes and hyphens, as the last line has to be."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", _spelled(text)) if not unicodedata.combining(letter)
    )
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", plain.upper()).split())


def _spelled(text: str) -> str:
    return text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")


def _one_line(text: str) -> str:
    return " ".join(text.split())
