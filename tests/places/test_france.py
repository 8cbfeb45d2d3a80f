import math
import re
from itertools import combinations
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader

from eventsapp.places import france
from eventsapp.places.france import LabelledPoint, MapPoint, label_positions, project, text_width

TEMPLATES = Path(__file__).parents[2] / "templates"
TOWNS = {
    "Lille": (50.6292, 3.0573),
    "Nantes": (47.2184, -1.5536),
    "Rennes": (48.1173, -1.6778),
    "Dijon": (47.3220, 5.0415),
    "Pau": (43.2951, -0.3708),
    "Reims": (49.2583, 4.0317),
    "Grenoble": (45.1885, 5.7245),
    "Limoges": (45.8336, 1.2611),
    "Montpellier": (43.6108, 3.8767),
    "Angers": (47.4784, -0.5632),
    "Corte": (42.3063, 9.1490),
}
ON_THE_EDGE = {
    "Ajaccio": (41.9192, 8.7386),
    "Brest": (48.3904, -4.4861),
    "Le Havre": (49.4944, 0.1079),
    "Calais": (50.9513, 1.8587),
    "Strasbourg": (48.5734, 7.7521),
    "Menton": (43.7745, 7.5029),
    "Bastia": (42.6977, 9.4508),
    "Le Palais": (47.3469, -3.1546),
}
ELSEWHERE = {
    "Bruxelles": (50.8503, 4.3517),
    "Londres": (51.5072, -0.1276),
    "Jersey": (49.1858, -2.1100),
    "Luxembourg": (49.6117, 6.1300),
    "Turin": (45.0703, 7.6869),
    "Barcelone": (41.3874, 2.1686),
    "Saint-Denis": (-20.8789, 55.4481),
    "Fort-de-France": (14.6161, -61.0588),
    "nulle part": (math.nan, math.nan),
    "le pôle": (90.0, 0.0),
}

Shape = list[tuple[float, float]]


def drawn(name: str) -> list[Shape]:
    """Return the shapes of one of the template's paths."""
    found = re.search(rf'class="{name}[^"]*"[^>]*? d="([^"]*)"', (TEMPLATES / "parts" / "france_map.html").read_text())
    assert found
    shapes = []
    for part in re.findall(r"M([^Mz]*)", found[1]):
        start, _, steps = part.partition("l")
        x, y = map(float, start.split() if " " in start else re.findall(r"-?[\d.]+", start))
        shape = [(x, y)]
        numbers = list(map(float, re.findall(r"-?(?:\d+\.?\d*|\.\d+)", steps)))
        for across, down in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + across, y + down
            shape.append((x, y))
        shapes.append(shape)
    return shapes


def inside(shape: Shape, place: tuple[float, float]) -> bool:
    crossed = 0
    for (x1, y1), (x2, y2) in zip(shape, [*shape[1:], shape[0]], strict=True):
        if (y1 > place[1]) != (y2 > place[1]):
            crossed += place[0] < (x2 - x1) * (place[1] - y1) / (y2 - y1) + x1
    return crossed % 2 == 1


def town(name: str, place: tuple[float, float] | None) -> MapPoint:
    assert place
    return MapPoint(*place, label=name, url=f"/journees/?ville={name}")


def placed(names: dict[str, tuple[float, float]]) -> list[LabelledPoint]:
    return label_positions([town(name, project(*degrees)) for name, degrees in names.items()])


@pytest.mark.parametrize("name", TOWNS)
def test_a_town_lies_inside_the_outline_as_drawn(name: str) -> None:
    place = project(*TOWNS[name])

    assert place
    assert sum(inside(shape, place) for shape in drawn("map-land")) == 1


def test_the_outline_is_not_everywhere() -> None:
    for sea in ((200.0, 8.0), (20.0, 300.0), (340.0, 360.0)):
        assert not any(inside(shape, sea) for shape in drawn("map-land"))


@pytest.mark.parametrize("name", ON_THE_EDGE)
def test_a_town_on_the_coast_or_the_border_has_a_place(name: str) -> None:
    place = project(*ON_THE_EDGE[name])

    assert place
    assert 0 <= place[0] <= france.WIDTH
    assert 0 <= place[1] <= france.HEIGHT


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_not_on_this_map_has_none(name: str) -> None:
    assert project(*ELSEWHERE[name]) is None


def test_north_is_up_and_east_is_right() -> None:
    x, y = zip(*(project(*TOWNS[name]) or (0.0, 0.0) for name in ("Lille", "Dijon", "Pau")), strict=True)

    assert y[0] < y[1] < y[2]
    assert x[2] < x[0] < x[1]


def test_distances_are_true_to_a_few_parts_in_a_hundred() -> None:
    scale = 6371 / france._SCALE

    for one, other, kilometres in (("Lille", "Pau", 859), ("Rennes", "Dijon", 507), ("Nantes", "Grenoble", 609)):
        drawn_apart = math.dist(project(*TOWNS[one]) or (0, 0), project(*TOWNS[other]) or (0, 0)) * scale
        assert drawn_apart == pytest.approx(kilometres, rel=0.02)


def test_every_corner_drawn_lies_on_the_map() -> None:
    corners = [corner for name in ("map-land", "map-border") for shape in drawn(name) for corner in shape]

    assert len(corners) > 500
    assert all(0 <= x <= france.WIDTH and 0 <= y <= france.HEIGHT for x, y in corners)


def test_thirteen_regions_meet_on_the_map() -> None:
    assert len(drawn("map-border")) > 20
    assert len(drawn("map-land")) >= 2


def box(point: LabelledPoint) -> tuple[float, float, float, float]:
    width = text_width(point.label)
    left = point.label_x - {"start": 0, "middle": width / 2, "end": width}[point.anchor]
    return left, point.label_y - france.TEXT_SIZE * 0.7, left + width, point.label_y + france.TEXT_SIZE * 0.2


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_names_meet_no_other_name_and_no_other_point() -> None:
    points = placed(TOWNS | ON_THE_EDGE)

    for one, other in combinations(points, 2):
        assert not meet(box(one), box(other)), (one.label, other.label)
    for one in points:
        for other in points:
            dot = (other.x - 4, other.y - 4, other.x + 4, other.y + 4)
            assert one is other or not meet(box(one), dot), (one.label, other.label)


def test_the_control_finds_names_that_meet_when_all_stand_right() -> None:
    close = {"Nantes": (47.2184, -1.5536), "Saint-Herblain": (47.2122, -1.6497), "Rezé": (47.1917, -1.5694)}
    all_right = [
        LabelledPoint(point.x, point.y, point.label, point.url, point.active, point.x + 8, point.y + 5, "start")
        for point in placed(close)
    ]

    assert any(meet(box(one), box(other)) for one, other in combinations(all_right, 2))
    assert not any(meet(box(one), box(other)) for one, other in combinations(placed(close), 2))


def test_a_name_at_the_eastern_edge_stands_left_of_its_point() -> None:
    (point,) = label_positions([MapPoint(392, 200, "Strasbourg", "/")])

    assert point.anchor == "end"
    assert point.label_x < point.x


def test_points_come_from_north_to_south_whatever_their_order() -> None:
    points = placed(TOWNS)

    assert [point.label for point in points][:2] == ["Lille", "Reims"]
    assert points == placed(dict(reversed(TOWNS.items())))
    assert label_positions([]) == []


def test_two_points_at_one_place_are_both_kept() -> None:
    points = label_positions([MapPoint(100, 100, "Angers", "/a"), MapPoint(100, 100, "Angers (2)", "/b")])

    assert [point.url for point in points] == ["/a", "/b"]
    assert not meet(box(points[0]), box(points[1]))


def html(points: list[LabelledPoint]) -> str:
    templates = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    module = templates.get_template("parts/france_map.html").module
    return str(module.france_map(points, "Carte des journées"))  # type: ignore[attr-defined]


def test_the_map_is_links_with_names_that_the_keyboard_reaches() -> None:
    (point,) = label_positions([MapPoint(185.5, 100.0, 'L’Haÿ "<b>', "/journees/?ville=a&b", active=True)])

    page = html([point])

    assert 'aria-label="Carte des journées"' in page
    assert 'role="img"' not in page
    assert 'href="/journees/?ville=a&amp;b"' in page
    assert "L’Haÿ &#34;&lt;b&gt;</text>" in page
    assert "next" in page
    assert f'x="{point.label_x}" y="{point.label_y}" text-anchor="{point.anchor}"' in page


def test_the_map_is_light_and_carries_no_style_of_its_own() -> None:
    page = html([])

    assert len(page) < 12_000
    assert "style" not in page
    assert f'viewBox="0 0 {france.WIDTH:.0f} {france.HEIGHT:.0f}"' in page


def test_the_map_names_its_source_and_licence() -> None:
    licence = (TEMPLATES / "parts" / "LICENSE-map.txt").read_text()

    assert "Natural Earth" in (TEMPLATES / "parts" / "france_map.html").read_text()
    assert "public domain" in licence
    assert "ISC" in licence
