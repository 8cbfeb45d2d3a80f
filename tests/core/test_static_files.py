"""Files addressed by their content."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from eventsapp.core import static_files


def test_a_style_sheet_is_all_its_parts_in_one(client: FlaskClient) -> None:
    answer = client.get(static_files.asset("css/public.css"))

    assert (answer.status_code, answer.mimetype) == (200, "text/css")
    for part in static_files.BUNDLES["css/public.css"]:
        assert (static_files.FOLDER / "css" / f"{part}.css").read_text() in answer.text


def test_every_style_sheet_is_part_of_one_or_named_by_a_page() -> None:
    named = {part for parts in static_files.BUNDLES.values() for part in parts}
    templates = "".join(path.read_text() for path in Path("templates").rglob("*.html"))

    sheets = {path.stem for path in (static_files.FOLDER / "css").glob("*.css")}
    assert {sheet for sheet in sheets - named if f'"css/{sheet}.css"' not in templates} == set()


def test_the_present_mark_is_kept_for_a_year_and_another_is_not(client: FlaskClient) -> None:
    address = static_files.asset("js/menu.js")

    assert client.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "max-age=31536000" not in client.get("/static/js/menu.js?v=0").headers["Cache-Control"]


@pytest.mark.parametrize("path", ["../factory.py", "%2e%2e/factory.py", "css/../../factory.py", "nothing.css", ""])
def test_nothing_outside_the_folder_is_served(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_whoever_looks_for_the_usual_icon_is_led_to_it(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer.location) == (302, static_files.asset("img/icon.svg"))
    assert client.get(answer.location).mimetype == "image/svg+xml"
