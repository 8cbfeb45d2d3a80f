"""Rebuild the web fonts of the site from the packages of their makers.

Run it by hand when a font or the set of characters changes::

    .venv/bin/python scripts/build_fonts.py

It fetches Source Serif 4 and Atkinson Hyperlegible Next with ``npm pack``, cuts them to French Latin and to the
weights in use, and writes ``eventsapp/static/fonts/*.woff2`` and ``eventsapp/static/css/fonts.css``. The style sheet
gives each file the mark of its content that ``asset()`` gives it, so a font is fetched once and kept for a year.

Three things are changed on purpose, which is why the families have names of their own (see fonts/README.md):

* capitals and small letters of *Journal Labels* both show small capitals, so labels need one light file;
* the zero of *Journal Sans* is plain, and slashed where CSS asks for ``slashed-zero`` (codes, form fields);
* *Journal Sans* has the narrow no-break space (U+202F), which Atkinson lacks.
"""

from __future__ import annotations

import copy
import hashlib
import io
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import GlyphCoordinates
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from fontTools.varLib import instancer
from fontTools.varLib.iup import iup_delta

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "eventsapp" / "static" / "fonts"
STYLES = ROOT / "eventsapp" / "static" / "css" / "fonts.css"

PACKAGES = {
    "serif": "source-serif@4.5.1",
    "sans": "@fontsource-variable/atkinson-hyperlegible-next@5.3.0",
    "times": "@fontsource/tinos@5.3.0",
    "arial": "@fontsource/arimo@5.3.0",
    "noto": "@fontsource/noto-serif@5.3.0",
    "roboto": "@fontsource/roboto@5.3.0",
}

LETTERS = "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœÁÍÓÚÑáíóúñãåøß"
SIGNS = "\u00a0\u202f\u2009\u2011«»‹›“”‘’…–—−·•×±÷°²³§©®€№←→↑↓"
FRENCH = {*range(0x20, 0x7F), *map(ord, LETTERS + SIGNS)}
LABELS = {
    *map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;!?'()/&-"),
    *map(ord, "ÀÂÄÆÇÈÉÊËÎÏÔÖÙÛÜŸŒàâäæçèéêëîïôöùûüÿœ\u00a0\u202f·«»’°–—"),
}
#: Letters of the other languages of Europe, for names. Signs and letters that no name has are left out.
UNUSED = {*map(ord, "ĈĉĊċĜĝĠġĤĥĦħĨĩĬĭĲĳĴĵĸĿŀŉŊŋŎŏŔŕŜŝŦŧŨũŬŭŴŵŶŷſ×÷")}
OTHER_LATIN = {*range(0xC0, 0x180), 0x218, 0x219, 0x21A, 0x21B} - FRENCH - UNUSED
FIGURES = {*map(ord, "0123456789–")}
SPACING = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
PLAIN = ["ccmp", "locl"]
NUMBERS = ["lnum", "onum", "tnum", "pnum", "zero"]

#: How often each letter comes in French prose, in thousandths: what a line's width depends on.
FREQUENCIES = dict(
    zip(
        " esaitnrulodcpmévqfbghjàxyèêzw.,’",
        (
            160,
            121,
            65,
            63,
            61,
            59,
            58,
            54,
            51,
            45,
            44,
            30,
            27,
            24,
            24,
            16,
            13,
            11,
            9,
            8,
            8,
            7,
            5,
            4,
            3,
            2,
            2,
            2,
            1,
            1,
            9,
            11,
            9,
        ),
        strict=True,
    )
)


@dataclass(frozen=True)
class Face:
    """One file of the site and the ``@font-face`` rule that names it."""

    file: str
    family: str
    weight: str
    style: str
    data: bytes
    characters: str | None = None  # the CSS unicode-range; None for a face that covers all it is asked for

    @property
    def name(self) -> str:
        return f"{self.file}.woff2"

    @property
    def mark(self) -> str:
        """What ``asset()`` adds to the address of this file (``core/static_files.py``)."""
        return hashlib.sha256(self.data).hexdigest()[:12]

    def rule(self) -> str:
        lines = [
            f'  font-family: "{self.family}";',
            f'  src: url("../fonts/{self.name}?v={self.mark}") format("woff2");',
            f"  font-weight: {self.weight};",
            f"  font-style: {self.style};",
            "  font-display: swap;",
        ]
        if self.characters:
            lines.append(f"  unicode-range: {self.characters};")
        return "@font-face {\n" + "\n".join(lines) + "\n}\n"


def fetch(folder: Path) -> dict[str, Path]:
    """Unpack each package under ``folder`` and return where."""
    places: dict[str, Path] = {}
    for key, package in PACKAGES.items():
        packed = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.strip()
        places[key] = folder / key
        with tarfile.open(folder / packed) as archive:
            archive.extractall(places[key], filter="data")
        places[key] /= "package"
    return places


def cut(font: TTFont, *, axes: dict[str, Any], characters: set[int], features: list[str]) -> TTFont:
    """Keep some characters and features of a font, then some of its weights and sizes."""
    options = subset.Options(
        layout_features=features, hinting=False, notdef_outline=True, name_IDs=[0, 1, 2, 4, 6, 13, 14]
    )
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    return instancer.instantiateVariableFont(font, axes) if axes else font


def pack(font: TTFont, family: str) -> bytes:
    """Write a font as WOFF2 under a family name of ours, the same bytes on every run."""
    for record in list(font["name"].names):
        if record.nameID in {1, 4, 16}:
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
        elif record.nameID in {3, 17, 25}:
            font["name"].names.remove(record)
    font.recalcTimestamp = False
    font.flavor = "woff2"
    target = io.BytesIO()
    font.save(target)
    return target.getvalue()


def read(path: Path) -> TTFont:
    return TTFont(path, recalcTimestamp=False)


def show_small_capitals(font: TTFont) -> None:
    """Let every letter of the font, capital or not, show its small capital, without any feature."""
    swaps: dict[str, str] = {}
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag in {"smcp", "c2sc"}:
            for index in record.Feature.LookupListIndex:
                for step in table.LookupList.Lookup[index].SubTable:
                    swaps.update(getattr(getattr(step, "ExtSubTable", step), "mapping", {}))
    for encoding in font["cmap"].tables:
        encoding.cmap = {code: swaps.get(glyph, glyph) for code, glyph in encoding.cmap.items()}
    _lower_the_dot(font)


def _lower_the_dot(font: TTFont) -> None:
    """Set the middle dot, drawn for capitals, at half the height of small capitals."""
    glyphs, names = font["glyf"], font.getBestCmap()
    dot, letter = glyphs[names[0xB7]], glyphs[names[ord("H")]]
    for glyph in (dot, letter):
        glyph.expand(glyphs)
    lower = round(letter.yMax / 2 - (dot.yMin + dot.yMax) / 2)
    if dot.isComposite():
        for component in dot.components:
            component.y += lower
    else:
        dot.coordinates.translate((0, lower))
    dot.recalcBounds(glyphs)


def _mirrored_counter(points: list[Any], *, flip_x: Any, flip_y: Any) -> list[Any]:
    """Return a round counter from the quarter of it that the slash leaves whole (points 23 to 26, then 16)."""
    bottom, left, curve = points[16], points[23], points[24:27]
    down = list(reversed(curve))
    return [
        bottom, *map(flip_x, down), flip_x(left), *(flip_x(flip_y(p)) for p in curve),
        flip_y(bottom), *map(flip_y, down), left, *curve,
    ]  # fmt: skip


def make_zero_plain(font: TTFont) -> None:
    """Give the font a zero without slash, and keep the slashed one behind the OpenType feature ``zero``.

    Atkinson draws its zero as a ring whose hole the slash cuts in two. One quarter of the hole is untouched:
    mirrored four times it is the hole of a plain zero, in every weight.
    """
    glyphs, variations = font["glyf"], font["gvar"].variations
    plain = glyphs["zero"]
    points, ends, flags = plain.getCoordinates(glyphs)
    if list(ends) != [15, 26, 38]:
        raise SystemExit("The zero of Atkinson Hyperlegible Next is drawn anew: look at make_zero_plain again.")
    for name in ("zero", "zero.tf"):
        slashed = f"{name}.slash"
        glyphs[slashed] = copy.deepcopy(glyphs[name])
        font["hmtx"][slashed] = font["hmtx"][name]
        variations[slashed] = copy.deepcopy(variations.get(name, []))
    for component in glyphs["zero.tf.slash"].components:
        component.glyphName = "zero.slash"

    middle, height = points[16][0], points[23][1]
    hole = _mirrored_counter(
        list(points), flip_x=lambda p: (2 * middle - p[0], p[1]), flip_y=lambda p: (p[0], 2 * height - p[1])
    )
    plain.coordinates = GlyphCoordinates([*points[:16], *hole])
    plain.flags = bytearray([*flags[:16], flags[16], *([0, 0, 0, 1] * 4)[:15]])
    plain.endPtsOfContours = [15, 31]
    plain.numberOfContours = 2

    renewed = []
    for variation in variations["zero"]:
        deltas = variation.coordinates
        if None in deltas:
            phantoms = [(0, 0), (font["hmtx"]["zero"][0], 0), (0, 0), (0, 0)]
            deltas = iup_delta(deltas, [*points, *phantoms], [*ends, *range(39, 43)])
        across, along = deltas[16][0], deltas[23][1]
        moved = _mirrored_counter(
            deltas,
            flip_x=lambda d, across=across: (2 * across - d[0], d[1]),
            flip_y=lambda d, along=along: (d[0], 2 * along - d[1]),
        )
        renewed.append(TupleVariation(variation.axes, [*deltas[:16], *moved, *deltas[-4:]]))
    variations["zero"] = renewed
    font.setGlyphOrder(
        [*font.getGlyphOrder(), *(n for n in ("zero.slash", "zero.tf.slash") if n not in font.getGlyphOrder())]
    )
    font["maxp"].numGlyphs = len(font.getGlyphOrder())
    _add_substitution(font, "zero", {"zero": "zero.slash", "zero.tf": "zero.tf.slash"})


def _add_substitution(font: TTFont, tag: str, mapping: dict[str, str]) -> None:
    table = font["GSUB"].table
    step, lookup = otTables.SingleSubst(), otTables.Lookup()
    step.mapping = mapping
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable, lookup.SubTableCount = 1, 0, [step], 1
    table.LookupList.Lookup.append(lookup)
    table.LookupList.LookupCount = len(table.LookupList.Lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex, record.Feature.LookupCount = [table.LookupList.LookupCount - 1], 1
    table.FeatureList.FeatureRecord.append(record)
    table.FeatureList.FeatureCount = len(table.FeatureList.FeatureRecord)
    for script in table.ScriptList.ScriptRecord:
        systems = [script.Script.DefaultLangSys, *(r.LangSys for r in script.Script.LangSysRecord)]
        for system in filter(None, systems):
            system.FeatureIndex.append(table.FeatureList.FeatureCount - 1)
            system.FeatureCount = len(system.FeatureIndex)


def add_narrow_space(font: TTFont) -> None:
    """Let U+202F show the thin space, and U+2011 the hyphen."""
    for encoding in font["cmap"].tables:
        encoding.cmap[0x202F] = encoding.cmap[0x2009]
        encoding.cmap[0x2011] = encoding.cmap[0x2D]


def css_range(characters: set[int]) -> str:
    """Write a set of characters as a CSS ``unicode-range``."""
    runs: list[list[int]] = []
    for code in sorted(characters):
        if runs and code == runs[-1][1] + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return ", ".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in runs)


def build_faces(places: dict[str, Path]) -> list[Face]:
    """Cut every file of the site."""
    roman = places["serif"] / "VAR" / "SourceSerif4Variable-Roman.ttf"
    italic = places["serif"] / "VAR" / "SourceSerif4Variable-Italic.ttf"
    atkinson = places["sans"] / "files" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
    atkinson_more = places["sans"] / "files" / "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2"
    serif_axes = {"wght": (400, 640), "opsz": (20, 60)}

    labels = read(roman)
    labels = cut(labels, axes={"wght": 600, "opsz": 16}, characters=LABELS, features=["smcp", "c2sc", "kern"])
    show_small_capitals(labels)
    labels = cut(labels, axes={}, characters=LABELS, features=["kern"])

    sans = read(atkinson)
    make_zero_plain(sans)
    add_narrow_space(sans)

    def face(file: str, family: str, weight: str, style: str, font: TTFont, characters: str | None = None) -> Face:
        return Face(file, family, weight, style, pack(font, family), characters)

    main, more = None, css_range(OTHER_LATIN)
    return [
        face("serif", "Journal Serif", "400 640", "normal",
             cut(read(roman), axes=serif_axes, characters=FRENCH, features=SPACING + NUMBERS), main),
        face("serif-italic", "Journal Serif", "400", "italic",
             cut(read(italic), axes={"wght": 400, "opsz": 20}, characters=FRENCH, features=SPACING + NUMBERS), main),
        face("serif-more", "Journal Serif", "400 640", "normal",
             cut(read(roman), axes={"wght": (400, 640), "opsz": 20}, characters=OTHER_LATIN, features=PLAIN), more),
        face("sans", "Journal Sans", "400 600", "normal",
             cut(sans, axes={"wght": (400, 600)}, characters=FRENCH, features=SPACING + NUMBERS), main),
        face("sans-more", "Journal Sans", "400 600", "normal",
             cut(read(atkinson_more), axes={"wght": (400, 600)}, characters=OTHER_LATIN, features=PLAIN), more),
        face("labels", "Journal Labels", "600", "normal", labels),
        face("figures", "Journal Figures", "300", "normal",
             cut(read(roman), axes={"wght": 300, "opsz": 60}, characters=FIGURES, features=["kern", "lnum", "pnum"])),
    ]  # fmt: skip


def mean_width(font: TTFont) -> float:
    """Return the mean width of a character of French prose, in ems."""
    glyphs, widths = font.getBestCmap(), font["hmtx"]
    known = {ord(letter): share for letter, share in FREQUENCIES.items() if ord(letter) in glyphs}
    total = sum(widths[glyphs[code]][0] * share for code, share in known.items())
    return float(total) / sum(FREQUENCIES.values()) / float(font["head"].unitsPerEm)


def fallback_rule(family: str, weight: str, ours: TTFont, theirs: TTFont, names: list[str]) -> str:
    """Return the rule that makes a font of the reader's machine as wide and as tall as ours."""
    ratio = mean_width(ours) / mean_width(theirs)
    em = ours["head"].unitsPerEm
    up, down = ours["hhea"].ascent / em / ratio, -ours["hhea"].descent / em / ratio
    sources = ", ".join(f'local("{name}")' for name in names)
    return (
        f'@font-face {{\n  font-family: "{family}";\n  src: {sources};\n  font-weight: {weight};\n'
        f"  size-adjust: {ratio:.2%};\n  ascent-override: {up:.2%};\n  descent-override: {down:.2%};\n"
        "  line-gap-override: 0%;\n}\n"
    )


def build_fallbacks(places: dict[str, Path]) -> str:
    """Return the rules of the fallback families, for the two weights of each."""
    roman = places["serif"] / "VAR" / "SourceSerif4Variable-Roman.ttf"
    atkinson = places["sans"] / "files" / "atkinson-hyperlegible-next-latin-wght-normal.woff2"

    def serif(weight: int, size: int) -> TTFont:
        return instancer.instantiateVariableFont(read(roman), {"wght": weight, "opsz": size})

    def sans(weight: int) -> TTFont:
        return instancer.instantiateVariableFont(read(atkinson), {"wght": weight})

    def other(key: str, file: str, weight: int) -> TTFont:
        return read(places[key] / "files" / f"{file}-latin-{weight}-normal.woff2")

    times, arial = "Journal Serif Times", "Journal Sans Arial"
    noto, roboto = "Journal Serif Noto", "Journal Sans Roboto"
    return "".join([
        fallback_rule(times, "400", serif(400, 20), other("times", "tinos", 400),
                      ["Times New Roman", "Liberation Serif", "Tinos"]),
        fallback_rule(times, "500 700", serif(600, 40), other("times", "tinos", 700),
                      ["Times New Roman Bold", "Liberation Serif Bold", "Tinos Bold"]),
        fallback_rule(noto, "400", serif(400, 20), other("noto", "noto-serif", 400), ["Noto Serif"]),
        fallback_rule(noto, "500 700", serif(600, 40), other("noto", "noto-serif", 700), ["Noto Serif Bold"]),
        fallback_rule(arial, "400", sans(400), other("arial", "arimo", 400), ["Arial", "Liberation Sans", "Arimo"]),
        fallback_rule(arial, "500 700", sans(600), other("arial", "arimo", 700),
                      ["Arial Bold", "Liberation Sans Bold", "Arimo Bold"]),
        fallback_rule(roboto, "400", sans(400), other("roboto", "roboto", 400), ["Roboto"]),
        fallback_rule(roboto, "500 700", sans(600), other("roboto", "roboto", 700), ["Roboto Bold"]),
    ])  # fmt: skip


def main() -> None:
    """Write the fonts and their style sheet."""
    with tempfile.TemporaryDirectory() as folder:
        places = fetch(Path(folder))
        faces = build_faces(places)
        fallbacks = build_fallbacks(places)
        (FONTS / "OFL-source-serif.txt").write_bytes((places["serif"] / "LICENSE.md").read_bytes())
        (FONTS / "OFL-atkinson.txt").write_bytes((places["sans"] / "LICENSE").read_bytes())
    for old in FONTS.glob("*.woff2"):
        old.unlink()
    for face in faces:
        (FONTS / face.name).write_bytes(face.data)
        print(f"{len(face.data):>7} bytes  {face.name}")
    STYLES.write_text(
        "/* Written by scripts/build_fonts.py: change it there. */\n" + "".join(f.rule() for f in faces) + fallbacks,
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
