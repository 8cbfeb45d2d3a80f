"""Venues and cities in the office."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.places.models import City, Venue
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import make_city, make_study_day
from tests.support.pages import Page

VENUES, CITIES = "/organisation/lieux/", "/organisation/villes/"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An organiser in the office."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def test_a_city_is_made_with_its_place_and_its_clock(office: FlaskClient) -> None:
    office.post(
        f"{CITIES}nouvelle/",
        data={
            "name": "Saint-Denis", "department": "La Réunion", "latitude": "−20,878", "longitude": "55.448",
            "timezone": "Indian/Reunion",
        },
    )  # fmt: skip

    city = db.session.scalars(sa.select(City)).one()
    assert (city.slug, city.latitude, city.longitude, city.timezone) == (
        "saint-denis", -20.878, 55.448, "Indian/Reunion",
    )  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [{"latitude": "91"}, {"longitude": "nord"}, {"latitude": "nan"}, {"name": ""}, {"timezone": "Mars/Olympus"}],
)
def test_a_city_that_cannot_be_is_refused(office: FlaskClient, values: dict[str, str]) -> None:
    answer = office.post(f"{CITIES}nouvelle/", data={"name": "Angers", "timezone": "Europe/Paris"} | values)

    assert answer.status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(City.id))) == 0


def test_a_venue_says_how_to_get_there_and_how_to_get_in(office: FlaskClient) -> None:
    city = make_city("Angers")

    office.post(
        f"{VENUES}nouveau/",
        data={
            "name": "Centre des congrès", "city": str(city.id), "address": "1, place", "postcode": "49000",
            "access_by_train": "Dix minutes à pied", "step_free": "y", "accessibility": "Ascenseur",
        },
    )  # fmt: skip

    venue = db.session.scalars(sa.select(Venue)).one()
    assert (venue.slug, venue.step_free, venue.hearing_loop) == ("centre-des-congres-angers", True, False)
    assert venue.accessibility == "Ascenseur"


def test_a_venue_read_and_saved_stays_as_it_was(office: FlaskClient) -> None:
    venue = make_venue(latitude=47.473, longitude=-0.554, step_free=True)
    fields = Page(office.get(f"{VENUES}{venue.id}/").text).fields

    office.post(f"{VENUES}{venue.id}/", data=fields)

    db.session.refresh(venue)
    assert (venue.latitude, venue.longitude, venue.step_free) == (47.473, -0.554, True)


def test_a_venue_in_a_city_that_does_not_exist_is_refused(office: FlaskClient) -> None:
    make_city()

    assert office.post(f"{VENUES}nouveau/", data={"name": "Salle", "city": "999999"}).status_code == 422


def test_places_in_use_stay_and_others_go(office: FlaskClient) -> None:
    used, free = make_venue(), make_venue()
    make_study_day(city_id=used.city_id, venue=used)
    free_city = free.city_id

    assert office.post(f"{VENUES}{used.id}/supprimer/").status_code == 409
    assert office.post(f"{CITIES}{used.city_id}/supprimer/").status_code == 409
    assert office.post(f"{VENUES}{free.id}/supprimer/").status_code == 303
    assert office.post(f"{CITIES}{free_city}/supprimer/").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count(Venue.id))) == 1


def test_the_lists_find_by_city(office: FlaskClient) -> None:
    make_venue(make_city("Angers"), name="Palais")
    make_venue(make_city("Dijon"), name="Cité")

    assert [row[0] for row in Page(office.get(f"{VENUES}?q=angers").text).rows] == ["Palais"]
    assert [row[0] for row in Page(office.get(f"{CITIES}?q=DIJON").text).rows] == ["Dijon"]
