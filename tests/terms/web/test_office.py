"""The terms of sale in the office."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.terms import queries
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("frozen")
ADDRESS = "/organisation/conditions-de-vente/"
FORM = {"after": "0", "in_force_from": "2026-11-23", "title": "Conditions", "body": "## Prix\n\nNous, [[seller_name]]."}


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    return client


def test_the_next_version_begins_with_the_last_and_is_what_the_site_shows(office: FlaskClient) -> None:
    proposed = office.get(f"{ADDRESS}nouvelle/").text

    made = office.post(f"{ADDRESS}nouvelle/", data=FORM)
    again = office.post(f"{ADDRESS}nouvelle/", data=FORM)

    assert "Se faire remplacer" in proposed
    assert (made.status_code, again.status_code) == (303, 409)
    assert "Version 1" in office.get(ADDRESS).text
    assert "en vigueur" in office.get(ADDRESS).text
    assert "Nous, Les Éditions de l’Essai." in office.get(f"{ADDRESS}1/").text
    page = office.get("/conditions-generales/").text
    assert "Nous, Les Éditions de l’Essai." in page
    assert "En vigueur depuis le 23\u00a0novembre 2026." in page
    assert "[[seller_name]]" in office.get(f"{ADDRESS}nouvelle/").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"body": ""}, "body"), ({"in_force_from": "2026-11-01"}, "in_force_from"), ({"title_en": "T"}, "body_en")],
)
def test_what_is_wrong_is_said_beside_its_field(office: FlaskClient, changes: dict[str, str], field: str) -> None:
    answer = office.post(f"{ADDRESS}nouvelle/", data=FORM | changes)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert queries.last_number() == 0


def test_a_version_to_come_says_so_and_changes_nothing_yet(office: FlaskClient) -> None:
    office.post(f"{ADDRESS}nouvelle/", data=FORM | {"in_force_from": "2027-01-01"})

    assert "à venir" in office.get(ADDRESS).text
    assert "Se faire remplacer" in office.get("/conditions-generales/").text


def test_an_order_shows_what_it_accepted_whatever_is_written_later(office: FlaskClient) -> None:
    office.post(f"{ADDRESS}nouvelle/", data=FORM)
    order = place(seats(make_study_day()))
    page = f"/organisation/commandes/{order.reference}/"
    office.post(f"{ADDRESS}nouvelle/", data=FORM | {"after": "1", "body": "Autre chose."})

    assert "Conditions acceptées, version 1" in office.get(page).text
    assert "Nous, Les Éditions de l’Essai." in office.get(f"{page}conditions/").text
    assert office.get(f"{ADDRESS}9/").status_code == 404
    assert "Conditions de vente" in office.get("/organisation/textes/").text
    assert office.get("/organisation/textes/conditions-generales/fr/").status_code == 404
