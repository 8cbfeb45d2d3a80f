"""Which characters reach a paper: what people typed, less what no file format can hold."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

#: What each face holds in which names are set, by ranges; ``scripts/build_paper_characters.py`` reads it in the fonts.
HELD = Path(__file__).resolve().parent / "fonts" / "characters.txt"

_LINE_END = re.compile("\r\n?|[\u2028\u2029]")
#: Control characters, the byte order mark and what Unicode says is no character.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufdd0-\ufdef\ufffe\uffff]")
#: Pictures among letters, and what joins and colours them: no font of ours has them, and nothing is lost without.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\u20e3\ufe0e\ufe0f\U000e0020-\U000e007f]")
#: Classes of Unicode that draw nothing: spaces, controls and marks of format.
_DRAWN_BY_NOTHING = {"Zs", "Zl", "Zp", "Cc", "Cf"}
_HALF = re.compile("[\ud800-\udfff]")


def writable(text: str) -> str:
    """Return a text that every file can hold: no control characters, one kind of line end, spaces for tabulators."""
    text = _UNWRITABLE.sub("", _LINE_END.sub("\n", text).replace("\t", " "))
    return _HALF.sub("\N{REPLACEMENT CHARACTER}", text)


def without_emoji(text: str) -> str:
    """Return a text as it is printed: the words alone."""
    return " ".join(_EMOJI.sub(" ", text).split()) if _EMOJI.search(text) else text


def unprintable(text: str) -> str:
    """Return the signs of ``text`` that no face of ours has, each once, in the order in which they come.

    A letter and the accents on it are drawn by one face or by none.
    """
    missing = (sign for sign in _signs(text) if not any(_holds(face, sign) for face in _faces()))
    return "".join(dict.fromkeys(missing))


def _signs(text: str) -> Iterator[str]:
    """Return the letters of a text, each with the accents that stand on it."""
    sign = ""
    for character in unicodedata.normalize("NFC", text):
        category = unicodedata.category(character)
        if category in _DRAWN_BY_NOTHING:
            continue
        if sign and category[0] != "M":
            yield sign
            sign = ""
        sign += character
    if sign:
        yield sign


def _holds(face: frozenset[int], sign: str) -> bool:
    return any(face.issuperset(map(ord, unicodedata.normalize(form, sign))) for form in ("NFC", "NFD"))


@cache
def _faces() -> tuple[frozenset[int], ...]:
    """Return the code points of each face."""
    return tuple(
        frozenset(
            code
            for bounds in line.partition(": ")[2].split()
            for first, _dash, last in [bounds.partition("-")]
            for code in range(int(first, 16), int(last or first, 16) + 1)
        )
        for line in HELD.read_text(encoding="utf-8").splitlines()
    )
