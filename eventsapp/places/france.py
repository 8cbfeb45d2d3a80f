"""Where a town stands on the map of France, and on which side of its point its name is written.

The projection is the conic one of French maps (Lambert's, true on the 44th and 49th parallels, upright at 3° east); the
outline in ``templates/parts/france_map.html`` was drawn with it by ``scripts/build_map.py``.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple

from eventsapp.places.outline import OUTLINE

#: The map's own units; names are set in 14 of them.
WIDTH, HEIGHT = 400.0, 382.0
#: How far outside the outline a town may stand, in the map's units (2.5 km each): quays, and islands too small to draw.
SHORE = 4.0

_MERIDIAN = math.radians(3.0)
_TRUE_SOUTH, _TRUE_NORTH = math.radians(44.0), math.radians(49.0)
_SCALE = 2_241.0
_LEFT, _TOP = 205.7, 1_940.4

POINT_SIZE = 6.0
TEXT_SIZE = 14.0
#: How far the name stands from the point.
GAP = 8.0
#: Widths of letters in parts of the text size, as the semibold serif has them, rounded up.
_ADVANCES = {
    letter: width
    for letters, width in (("ijl .,:;'’\u00a0\u202f", 0.34), ("ft()-IJ", 0.39), ("rsczS", 0.54), ("mwœMWŒ", 1.0))
    for letter in letters
}
_CAPITAL, _OTHER = 0.74, 0.62
_SWEEPS = 8


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A town on the map: its place in the map's units, its name, where it leads; ``active``: in the accent."""

    x: float
    y: float
    label: str
    url: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class LabelledPoint:
    """A point with the place of its name: where the text starts, is centred on, or ends (``anchor``)."""

    x: float
    y: float
    label: str
    url: str
    active: bool
    label_x: float
    label_y: float
    anchor: str


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


class _Spot(NamedTuple):
    """One place for a name: how far from the point, how it is anchored, and how little we like it."""

    across: float
    down: float
    anchor: str
    dislike: float


#: (name, spot) → the (name, spot, cost) it meets.
_Clashes = dict[tuple[int, int], list[tuple[int, int, float]]]

_LEVEL = TEXT_SIZE * 0.34
_SPOTS = (
    _Spot(GAP, _LEVEL, "start", 0),
    _Spot(-GAP, _LEVEL, "end", 4),
    _Spot(0, -GAP, "middle", 8),
    _Spot(0, GAP + TEXT_SIZE * 0.72, "middle", 10),
    _Spot(GAP * 0.8, -GAP * 0.55, "start", 12),
    _Spot(GAP * 0.8, GAP * 0.6 + TEXT_SIZE * 0.6, "start", 12),
    _Spot(-GAP * 0.8, -GAP * 0.55, "end", 14),
    _Spot(-GAP * 0.8, GAP * 0.6 + TEXT_SIZE * 0.6, "end", 14),
)


def project(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Return the place on the map, or ``None`` for what is not in metropolitan France or Corsica."""
    if not (-90 < latitude < 90):
        return None
    place = conic(latitude, longitude)
    return place if any(_holds(shape, place) or _is_near(shape, place) for shape in OUTLINE) else None


def conic(latitude: float, longitude: float) -> tuple[float, float]:
    """Return the place of any point in the map's units, to a tenth."""
    radius = _SCALE * _RATIO / math.tan(math.pi / 4 + math.radians(latitude) / 2) ** _CONE
    angle = _CONE * (math.radians(longitude) - _MERIDIAN)
    return round(_LEFT + radius * math.sin(angle), 1), round(radius * math.cos(angle) - _TOP, 1)


def label_positions(points: Sequence[MapPoint]) -> list[LabelledPoint]:
    """Return the points from north to south, each with a place for its name that meets no other name or point.

    Each name in turn takes the spot around its point where it meets least, until nothing moves. That is done from
    several ends, and the best result kept; where towns are too close for all names, it is the one with least overlap.
    """
    ordered = sorted(points, key=lambda point: (point.y, point.x, point.label))
    boxes = [[_name_box(point, spot) for spot in _SPOTS] for point in ordered]
    alone = [
        [_cost_alone(index, choice, ordered, boxes) for choice in range(len(_SPOTS))] for index in range(len(boxes))
    ]
    clashes = _clashes(boxes)
    numbers = list(range(len(ordered)))
    by_x = sorted(numbers, key=lambda index: ordered[index].x)
    settled = [_settled(turns, alone, clashes) for turns in (numbers, numbers[::-1], by_x, by_x[::-1])]
    _cost, chosen = min(settled)
    return [_labelled(point, _SPOTS[choice]) for point, choice in zip(ordered, chosen, strict=True)]


def text_width(text: str) -> float:
    """Return about how wide a name is, in the map's units."""
    return TEXT_SIZE * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    return _ADVANCES.get(letter, _CAPITAL if letter.isupper() else _OTHER)


def _labelled(point: MapPoint, spot: _Spot) -> LabelledPoint:
    return LabelledPoint(
        x=point.x,
        y=point.y,
        label=point.label,
        url=point.url,
        active=point.active,
        label_x=round(point.x + spot.across, 1),
        label_y=round(point.y + spot.down, 1),
        anchor=spot.anchor,
    )


def _name_box(point: MapPoint, spot: _Spot) -> _Box:
    width = text_width(point.label)
    left = point.x + spot.across - {"start": 0.0, "middle": width / 2, "end": width}[spot.anchor]
    baseline = point.y + spot.down
    return _Box(left, baseline - TEXT_SIZE * 0.75, left + width, baseline + TEXT_SIZE * 0.22)


def _dot_box(point: MapPoint) -> _Box:
    half = POINT_SIZE
    return _Box(point.x - half, point.y - half, point.x + half, point.y + half)


def _cost_alone(index: int, choice: int, points: Sequence[MapPoint], boxes: Sequence[Sequence[_Box]]) -> float:
    """Return how bad a spot is whatever the other names do: the points it covers, leaving the map, taste."""
    box = boxes[index][choice]
    outside = max(0.0, -box.left) + max(0.0, box.right - WIDTH) + max(0.0, -box.top) + max(0.0, box.bottom - HEIGHT)
    covered = sum(_overlap(box, _dot_box(other)) for number, other in enumerate(points) if number != index)
    return covered * 10 + outside * 20 + _SPOTS[choice].dislike


def _clashes(boxes: Sequence[Sequence[_Box]]) -> _Clashes:
    """Return, for each spot of each name, the spots of other names that it meets and how much."""
    clashes: _Clashes = {}
    for one, other in combinations(range(len(boxes)), 2):
        for here, there in product(range(len(_SPOTS)), repeat=2):
            if size := _overlap(boxes[one][here], boxes[other][there]):
                clashes.setdefault((one, here), []).append((other, there, size * 10))
                clashes.setdefault((other, there), []).append((one, here, size * 10))
    return clashes


def _settled(turns: Sequence[int], alone: Sequence[Sequence[float]], clashes: _Clashes) -> tuple[float, list[int]]:
    """Let each name choose in turn until none moves; return what the whole costs, and the choices."""
    chosen = [0] * len(alone)

    def cost(index: int, choice: int) -> float:
        met = clashes.get((index, choice), ())
        return alone[index][choice] + sum(size for other, there, size in met if chosen[other] == there)

    for _sweep in range(_SWEEPS):
        before = list(chosen)
        for index in turns:
            chosen[index] = min(range(len(_SPOTS)), key=lambda choice: cost(index, choice))
        if chosen == before:
            break
    return sum(cost(index, choice) for index, choice in enumerate(chosen)), chosen


def _overlap(one: _Box, other: _Box) -> float:
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across * down if across > 0 and down > 0 else 0.0


def _holds(shape: Sequence[tuple[float, float]], place: tuple[float, float]) -> bool:
    """Say whether a place lies inside: a line from it to the east crosses the shape an odd number of times."""
    x, y = place
    return (
        sum((y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in _sides(shape))
        % 2
        == 1
    )


def _is_near(shape: Sequence[tuple[float, float]], place: tuple[float, float]) -> bool:
    return any(_distance(place, one, other) <= SHORE for one, other in _sides(shape))


def _distance(place: tuple[float, float], one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far a place is from the piece of line between two corners."""
    (x, y), (x1, y1), (x2, y2) = place, one, other
    length = math.dist(one, other)
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length**2))
    return math.dist(place, (x1 + along * (x2 - x1), y1 + along * (y2 - y1)))


def _sides(shape: Sequence[tuple[float, float]]) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    return zip(shape, [*shape[1:], shape[0]], strict=True)


def _cone() -> tuple[float, float]:
    """Return the cone's opening and the radius of the equator, for a globe of radius 1."""
    south, north = (math.tan(math.pi / 4 + parallel / 2) for parallel in (_TRUE_SOUTH, _TRUE_NORTH))
    opening = math.log(math.cos(_TRUE_SOUTH) / math.cos(_TRUE_NORTH)) / math.log(north / south)
    return opening, math.cos(_TRUE_SOUTH) * south**opening / opening


_CONE, _RATIO = _cone()
