"""The lists of registrations in the office, and who may see what of them."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.study_days.statuses import QuestionKind
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.pages import Page
from tests.support.queries import QueryCount

ALL = "/organisation/inscriptions/"
OF_DAY = "/organisation/journees/angers/inscriptions/"
NEED = "Boucle magnétique"

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.both_databases]


@pytest.fixture
def order_page(client: FlaskClient) -> str:
    """The office's page of an order for two seats today, one of them with a need; the seats are at Angers."""
    starts_at = NOW + timedelta(hours=1)
    day = make_study_day(slug="angers", city=make_city("Angers"), starts_at=starts_at, registration_closes_at=starts_at)
    order = place(seats(day, an_attendee(1, access_needs=NEED), an_attendee(2)), now=NOW - timedelta(days=9))
    return f"/organisation/commandes/{order.reference}/"


def _as(client: FlaskClient, role: RoleName) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def test_the_list_leads_to_the_page_of_each_seat_and_that_to_its_order(client: FlaskClient, order_page: str) -> None:
    office = _as(client, RoleName.ORGANISER)
    page = Page(office.get(ALL).text)

    assert sorted(row[0] for row in page.rows) == ["Claude Roux1 Ville d’Exemple", "Claude Roux2 Ville d’Exemple"]
    assert order_page in Page(office.get(page.links["Claude Roux1"]).text).links.values()


@pytest.mark.parametrize("role", [RoleName.ORGANISER, RoleName.ADMINISTRATOR])
def test_who_prepares_the_day_sees_what_participants_need(client: FlaskClient, order_page: str, role: RoleName) -> None:
    office = _as(client, role)

    assert NEED in office.get(order_page).text
    for address in (ALL, OF_DAY):
        assert NEED in office.get(f"{address}?format=csv").text
        assert len(Page(office.get(f"{address}?besoin=oui").text).rows) == 1


def test_who_keeps_the_accounts_sees_nothing_of_it(client: FlaskClient, order_page: str) -> None:
    office = _as(client, RoleName.ACCOUNTANT)

    assert "Roux1" in office.get(order_page).text
    assert NEED not in office.get(order_page).text
    for address in (ALL, OF_DAY):
        file = office.get(f"{address}?format=csv").text
        assert "Roux1" in file
        assert "accessibilité" not in file
        assert NEED not in file
        # The filter would tell as much as the column.
        assert len(Page(office.get(f"{address}?besoin=oui").text).rows) == 2


def test_the_door_has_names_and_rates_on_a_page_and_no_file(client: FlaskClient, order_page: str) -> None:
    answer = _as(client, RoleName.DOOR).get(f"{OF_DAY}?format=csv")

    assert answer.mimetype == "text/html"
    assert [row[:2] for row in Page(answer.text).rows] == [
        ["Claude Roux1", "Non-abonné"],
        ["Claude Roux2", "Non-abonné"],
    ]
    for secret in (NEED, "ville-exemple.fr", "621", "Exporter", order_page):
        assert secret not in answer.text


def test_the_door_sees_no_other_day_and_no_list_of_all(client: FlaskClient) -> None:
    make_study_day(slug="angers", starts_at=NOW + timedelta(days=1))
    door = _as(client, RoleName.DOOR)

    assert [door.get(address).status_code for address in (OF_DAY, ALL)] == [403, 403]


def test_an_editor_sees_no_participants(client: FlaskClient, order_page: str) -> None:
    editor = _as(client, RoleName.EDITOR)

    assert [editor.get(address).status_code for address in (OF_DAY, ALL, order_page)] == [403, 403, 403]


@pytest.mark.parametrize("number", [3, 30])
def test_the_list_asks_as_many_queries_for_many_seats(
    client: FlaskClient, count_queries: AbstractContextManager[QueryCount], number: int
) -> None:
    for first in range(0, number, 3):
        place(seats(make_study_day(), *(an_attendee(first + more) for more in range(3))))
    db.session.commit()
    office = _as(client, RoleName.ORGANISER)

    with count_queries as count:
        assert len(Page(office.get(ALL).text).rows) == number

    assert count() <= 6


@pytest.mark.parametrize(("role", "shown"), [(RoleName.ORGANISER, True), (RoleName.ACCOUNTANT, False)])
def test_sensitive_answers_are_shown_to_who_prepares_the_day_only(
    client: FlaskClient, role: RoleName, shown: bool
) -> None:
    day = make_study_day(slug="angers")
    make_question(day, sensitive=True)
    make_question(day, "licence", kind=QuestionKind.TEXT, position=2)
    order = place(seats(day, an_attendee(1, answers={"repas": "Végétarien", "licence": "=A1"})))
    office = _as(client, role)

    page = office.get(f"/organisation/commandes/{order.reference}/").text
    file = office.get(f"{OF_DAY}?format=csv").text

    for text in (page, file):
        assert ("Végétarien" in text) is shown
    assert "=A1" in page
    assert ("Repas" in file) is shown
    assert "'=A1" in file


def test_the_columns_chosen_are_those_of_the_page_its_links_and_its_file(client: FlaskClient, order_page: str) -> None:
    office = _as(client, RoleName.ORGANISER)
    chosen = f"{ALL}?colonne=courriel&colonne=participant&q=roux1"

    page = Page(office.get(chosen).text)
    file = office.get(f"{ALL}?colonnes=courriel,participant&q=roux1&format=csv").text

    assert page.rows == [["claude.roux1@ville-exemple.fr", "Claude Roux1 Ville d’Exemple"]]
    assert page.links["Claude Roux1"].startswith(ALL)
    assert file.splitlines()[0].lstrip("\ufeff").replace('"', "").split(";") == ["Courriel", "Participant", "Organisme"]
    assert len(file.splitlines()) == 2


def test_the_total_of_an_order_finds_its_seats(client: FlaskClient, order_page: str) -> None:
    office = _as(client, RoleName.ORGANISER)
    total = db.session.scalars(sa.select(Order.total_cents)).one()

    assert len(Page(office.get(f"{ALL}?q={total // 100},00").text).rows) == 2
    assert Page(office.get(f"{ALL}?q={total // 100 + 1}").text).rows == []
    assert order_page


def test_an_answer_is_a_column_to_choose_unless_it_is_sensitive(client: FlaskClient) -> None:
    day = make_study_day(slug="angers")
    make_question(day, sensitive=True)
    make_question(day, "licence", kind=QuestionKind.TEXT, position=2)
    place(seats(day, an_attendee(1, answers={"repas": "Végétarien", "licence": "A12"})))
    address = f"{OF_DAY}?colonnes=question-licence,question-repas"

    accountant = _as(client, RoleName.ACCOUNTANT).get(address).text

    assert "A12" in accountant
    assert "Végétarien" not in accountant
