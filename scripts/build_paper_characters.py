"""Write down which characters the faces that names are set in hold, from their own character maps.

    PYTHONPATH=. .venv/bin/python scripts/build_paper_characters.py

Some of the faces come inside of Typst itself, whose letters nothing asks for while the application runs; reading them
needs fontTools, which is for development. To be run when the fonts of papers or Typst change: a test says so.
"""

import re
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from eventsapp.papers.characters import HELD

#: The families in which ``templates/papers/layout.typ`` looks for a letter, in this order; the first two hold alike.
FACES = (("Papers Serif Display", "Papers Serif"), ("Libertinus Serif",), ("DejaVu Sans Mono",))
#: How a font begins, and how long the longest of Typst's is, in bytes.
_BEGINNING = re.compile(rb"OTTO\x00|\x00\x01\x00\x00\x00[\x08-\x20]")
_LONGEST = 3_000_000


def main() -> None:
    """Write the file anew."""
    HELD.write_text(told(), encoding="utf-8")
    print(f"{HELD.name}: {HELD.stat().st_size / 1000:.0f} kB")


def told() -> str:
    """Return what the file says: a line for each face, with the ranges of what all its upright weights hold."""
    held: dict[str, set[int]] = {}
    for font in _fonts():
        family = font["name"].getBestFamilyName()
        if font["post"].italicAngle == 0:
            characters = set(font.getBestCmap() or ())
            held[family] = held.get(family, characters) & characters
    return "".join(
        f"{families[-1]}: {' '.join(_ranges(set.intersection(*(held[family] for family in families))))}\n"
        for families in FACES
    )


def _fonts() -> Iterator[TTFont]:
    wanted = {family for families in FACES for family in families}
    for font in (*_ours(), *_of_typst()):
        if font["name"].getBestFamilyName() in wanted:
            yield font


def _ours() -> Iterator[TTFont]:
    yield from (TTFont(path) for path in sorted(HELD.parent.glob("*.ttf")))


def _of_typst() -> Iterator[TTFont]:
    package = find_spec("typst")
    assert package is not None
    assert package.origin is not None
    [library] = Path(package.origin).parent.glob("_typst*.so")
    whole = library.read_bytes()
    for match in _BEGINNING.finditer(whole):
        font = _font(whole[match.start() : match.start() + _LONGEST])
        if font is not None:
            yield font


def _font(beginning: bytes) -> TTFont | None:
    """Return the font that begins here, if one does."""
    try:
        font = TTFont(BytesIO(beginning), lazy=True)
        return font if {"name", "cmap", "post"} <= set(font.keys()) and font.getBestCmap() else None
    except (TTLibError, AssertionError, ValueError, KeyError, IndexError):
        return None


def _ranges(codes: Iterable[int]) -> Iterator[str]:
    """Tell code points as CSS writes them: ``20-7E A0``."""
    first = last = None
    for code in [*sorted(codes), None]:
        if last is not None and code == last + 1:
            last = code
            continue
        if first is not None:
            yield f"{first:X}" if first == last else f"{first:X}-{last:X}"
        first = last = code


if __name__ == "__main__":
    main()
