"""What a visitor reads on the pages of days, and two kinds of days to tell apart."""

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask.testing import FlaskClient

from eventsapp.search import service as search
from tests.support.makers.study_days import make_city, make_series, make_study_day, make_theme

PAST: dict[str, Any] = {"starts_at": datetime(2009, 2, 24, 8, tzinfo=UTC)}


def get(client: FlaskClient, slug: str = "angers") -> str:
    answer = client.get(f"/journees/{slug}/")
    assert answer.status_code == 200, answer.text
    return answer.text


def words(page: str) -> str:
    """Return what the page says, on one line."""
    body = re.sub(r"<(script|svg|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def panel(page: str) -> str:
    """Return what the first panel beside the day says."""
    found = re.search(r'<section class="panel first".*?</section>', page, re.DOTALL)
    assert found is not None
    return words(found[0])


def structured(page: str, kind: str = "Event") -> dict[str, Any]:
    """Return the JSON-LD object of that type."""
    objects = [
        json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    ]
    return next(each for each in objects if each["@type"] == kind)


def titles(page: str) -> list[str]:
    """Return the titles of the listed days, in order."""
    found = re.findall(r'<article class="day-row.*?<h3><a [^>]*>(.*?)</a>', page, re.DOTALL)
    return [html.unescape(title) for title in found]


def get_list(client: FlaskClient, address: str = "/journees/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


@dataclass(frozen=True)
class Kind:
    """What a day can be found by."""

    city: str
    theme: str
    series: str
    city_id: int
    theme_id: int


def days_of_two_kinds() -> tuple[Kind, Kind]:
    """Make « Une » in Nantes in January, full, and « Autre » in Dijon in March."""
    kinds = []
    for title, town, theme_name, series_title, month, taken in (
        ("Une", "Nantes", "Finances", "Budget", 1, 100),
        ("Autre", "Dijon", "Droit", "Statut", 3, 0),
    ):
        city, theme, series = make_city(town), make_theme(theme_name), make_series(series_title)
        kinds.append(Kind(city.slug, theme.slug, series.slug, city.id, theme.id))
        make_study_day(
            title=title,
            city_id=city.id,
            theme_id=theme.id,
            series_id=series.id,
            starts_at=datetime(2027, month, {1: 14, 3: 4}[month], 8, tzinfo=UTC),
            seats_taken=taken,
        )
    search.rebuild()
    return kinds[0], kinds[1]
