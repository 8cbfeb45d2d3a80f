"""Build the static fonts that papers (PDF) are set in, from the variable fonts of two npm packages.

    .venv/bin/python scripts/build_paper_fonts.py

Typst takes no WOFF2 and no variable font, so the weights that papers use are cut out as static TTF files,
reduced to French Latin. Source Serif 4 reserves its name (OFL §3): a changed copy has to be called something
else, hence "Papers Serif". The last font is ours: it draws one empty box for every character of Unicode, so
that a name in a script that no other font has still gives a valid PDF, whose text can be copied.

Needs npm for the download; the result is kept in the repository: running the app does not need this.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from fontTools import subset
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parent.parent / "eventsapp" / "papers" / "fonts"
SERIF = "source-serif@4.5.1"
SANS = "@expo-google-fonts/atkinson-hyperlegible-next@0.4.1"

#: Latin as French papers need it: names of European people, typographic marks, arrows, ticks and boxes.
CHARACTERS = """
    20-7E A0-17F 192 1CD-1DC 1FA-1FF 218-21B 2B9-2BA 2BC 2C6-2C7 2D8-2DD 300-30C 326-328 1E80-1E85 1E9E 1EA0-1EF9
    2002-200D 2010-2015 2018-201E 2020-2022 2026 202F 2030-2033 2039-203A 2044 2070-2094 20AC 2113-2116 2122
    2150-215E 2190-2193 2212 2248 2260-2265 2610-2612 2713 FB00-FB04
"""
#: Spaces and marks that show nothing, in the last resort too.
INVISIBLE = "20 A0 AD 34F 2000-200F 2028-202F 205F-206F 3000 FE00-FE0F"
FEATURES = "kern mark mkmk ccmp locl liga smcp c2sc onum lnum pnum tnum sups frac numr dnom case ordn"
LAST_CHARACTER = 0x10FFFF
#: 1 January 1970, counted as fonts count: in seconds since 1904.
UNIX_EPOCH = 2_082_844_800


class Cut(NamedTuple):
    """One static font: where it comes from, the point of the design space, and what it is called."""

    source: str
    axes: dict[str, float]
    family: str
    style: str
    weight: int


SERIF_CUTS = [
    Cut("VAR/SourceSerif4Variable-Roman.ttf", {"wght": 300, "opsz": 14}, "Papers Serif", "Light", 300),
    Cut("VAR/SourceSerif4Variable-Roman.ttf", {"wght": 400, "opsz": 14}, "Papers Serif", "Regular", 400),
    Cut("VAR/SourceSerif4Variable-Roman.ttf", {"wght": 600, "opsz": 14}, "Papers Serif", "SemiBold", 600),
    Cut("VAR/SourceSerif4Variable-Italic.ttf", {"wght": 400, "opsz": 14}, "Papers Serif", "Italic", 400),
    Cut("VAR/SourceSerif4Variable-Roman.ttf", {"wght": 300, "opsz": 60}, "Papers Serif Display", "Light", 300),
    Cut(
        "VAR/SourceSerif4Variable-Roman.ttf",
        {"wght": 600, "opsz": 60},
        "Papers Serif Display",
        "SemiBold",
        600,
    ),
]
SANS_CUTS = [
    Cut("400Regular/AtkinsonHyperlegibleNext_400Regular.ttf", {}, "Atkinson Hyperlegible Next", "Regular", 400),
    Cut(
        "600SemiBold/AtkinsonHyperlegibleNext_600SemiBold.ttf",
        {},
        "Atkinson Hyperlegible Next",
        "SemiBold",
        600,
    ),
]


def code_points(ranges: str) -> list[int]:
    """Return the code points of ranges written as in CSS: ``20-7E A0``."""
    bounds = [part.partition("-") for part in ranges.split()]
    return [code for first, _, last in bounds for code in range(int(first, 16), int(last or first, 16) + 1)]


def fetch(package: str, folder: Path) -> Path:
    """Download an npm package and return the folder with its files."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    unpacked = folder / packed.removesuffix(".tgz")
    with tarfile.open(folder / packed) as archive:
        archive.extractall(unpacked, filter="data")
    return unpacked / "package"


def cut(font: TTFont, what: Cut) -> None:
    """Turn ``font`` into the static, renamed, Latin-only font that ``what`` describes."""
    if what.axes:
        instancer.instantiateVariableFont(font, what.axes, inplace=True)
    rename(font, what)
    options = subset.Options()
    options.layout_features = FEATURES.split()
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points(CHARACTERS))
    cutter.subset(font)


def rename(font: TTFont, what: Cut) -> None:
    names = font["name"]
    postscript = f"{what.family}-{what.style}".replace(" ", "")
    names.names = [record for record in names.names if record.nameID in {0, 5, 13, 14}]
    for name_id, value in {
        1: what.family if what.style in {"Regular", "Italic"} else f"{what.family} {what.style}",
        2: "Italic" if what.style == "Italic" else "Regular",
        3: f"eventsapp;{postscript}",
        4: f"{what.family} {what.style}",
        6: postscript,
        16: what.family,
        17: what.style,
    }.items():
        names.setName(value, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = what.weight
    if "STAT" in font:
        del font["STAT"]


def last_resort() -> TTFont:
    """Draw the font that has every character: each one the same empty box, spaces apart."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", "box"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": box(), "space": TTGlyphPen(None).glyph(), "box": box()})
    builder.setupHorizontalMetrics({".notdef": (600, 60), "space": (250, 0), "box": (600, 60)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    # Typst passes over a font without a PostScript name, and a Macintosh record before it.
    builder.setupNameTable(
        {"familyName": "Papers Last Resort", "styleName": "Regular", "psName": "PapersLastResort-Regular"}, mac=False
    )
    builder.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWeightClass=400, fsType=0)
    builder.setupPost()
    every = CmapSubtable.newSubtable(13)
    every.platformID, every.platEncID, every.language = 3, 10, 0
    every.cmap = dict.fromkeys(range(1, LAST_CHARACTER + 1), "box") | dict.fromkeys(code_points(INVISIBLE), "space")
    table = newTable("cmap")
    table.tableVersion, table.tables = 0, [every]
    builder.font["cmap"] = table
    builder.font["head"].created = builder.font["head"].modified = UNIX_EPOCH
    builder.font.recalcTimestamp = False
    return builder.font


def box() -> Any:
    pen = TTGlyphPen(None)
    for corners in (
        [(60, 0), (60, 700), (540, 700), (540, 0)],
        [(110, 50), (490, 50), (490, 650), (110, 650)],
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def save(font: TTFont, name: str) -> None:
    path = TARGET / f"{name}.ttf"
    font.save(path)
    print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        serif, sans = fetch(SERIF, Path(temporary)), fetch(SANS, Path(temporary))
        for folder, cuts in ((serif, SERIF_CUTS), (sans, SANS_CUTS)):
            for what in cuts:
                # Without the hour of the build in it, the same source gives the same file.
                font = TTFont(folder / what.source, recalcTimestamp=False)
                cut(font, what)
                save(font, f"{what.family}-{what.style}".replace(" ", ""))
        (TARGET / "OFL-SourceSerif4.txt").write_bytes((serif / "LICENSE.md").read_bytes())
        (TARGET / "OFL-AtkinsonHyperlegibleNext.txt").write_bytes((sans / "LICENSE_FONT").read_bytes())
    save(last_resort(), "PapersLastResort-Regular")


if __name__ == "__main__":
    main()
