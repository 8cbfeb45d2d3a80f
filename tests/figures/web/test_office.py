"""Figures as charts with their tables, and as files; the period is in the address."""

import io
from datetime import date

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.figures import service
from eventsapp.figures.statuses import ReadBy
from tests.figures.looking import address, came_to
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.magazine import make_article
from tests.support.makers.subscriptions import make_contract
from tests.support.pages import Page
from tests.support.queries import counting_queries

FIGURES = "/organisation/chiffres/"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.EDITOR))
    return client


def some_reads() -> None:
    for title, times in (("=HYPERLINK(1)", 3), ("Un titre", 7)):
        article = make_article(title=title)
        service.count_reading(article.id, ReadBy.FREE, on=date(2026, 10, 2), times=times)
    service.count_reading(article.id, ReadBy.GIFT, on=date(2026, 10, 3))
    db.session.commit()


def test_charts_stand_beside_their_tables_and_say_what_they_show(office: FlaskClient) -> None:
    some_reads()
    make_contract("abonne@exemple.fr", starts_on=date(2026, 3, 15), ends_on=date(2026, 10, 31))

    page = office.get(FIGURES).text

    assert page.count('class="chart"') == 4
    # No day was held.
    assert "Rien dans cette période." not in page
    assert "Personne n’est venu à une journée de cette période." in page
    assert "octobre 2026 11" in page
    assert ["Octobre 2026", "11"] in Page(page).rows
    assert ["Octobre 2026", "10", "0", "0", "1"] in Page(page).rows
    assert ["Mars 2026", "1", "0"] in Page(page).rows
    assert "abonne@exemple.fr" not in page
    # The books are for those who see money.
    assert "/organisation/comptabilite/" not in page


def test_days_that_led_to_nothing_say_so_beside_who_came_and_the_total_is_computed(office: FlaskClient) -> None:
    came_to(date(2026, 3, 10), 1, 2, 3)
    came_to(date(2026, 6, 10), 4)

    page = office.get(FIGURES).text
    assert "Aucun abonnement n’a suivi une journée de cette période." in page
    assert "Personne n’est venu" not in page
    assert ["4", "0", "0", "0"] in Page(page).rows

    make_contract(address(1), starts_on=date(2026, 4, 1), ends_on=date(2027, 3, 31))
    page = office.get(FIGURES).text
    assert "Aucun abonnement n’a suivi" not in page
    assert ["Mars 2026", "3", "0", "1", "33"] in Page(page).rows
    assert ["4", "0", "1", "25"] in Page(page).rows


def test_the_period_is_in_the_address_and_a_wrong_one_is_the_usual(office: FlaskClient) -> None:
    some_reads()

    assert "Aucune lecture" in office.get(f"{FIGURES}?du=2026-01-01&au=2026-01-31").text
    for query, told in (
        ("du=abc", ["« abc » n’est pas une date."]),
        ("du=hier&au=²", ["« hier » n’est pas une date.", "« ² » n’est pas une date."]),
        ("du=2026-12-31&au=2026-01-01", ["Cette période finit avant de commencer."]),
        ("du=2026-01-01&au=2026-12-31", []),
        ("du=&au=", []),
    ):
        page = office.get(f"{FIGURES}?{query}").text
        assert page.count("Ce choix a été laissé de côté.") == len(told)
        assert all(text.replace("« ", "«\u00a0").replace(" »", "\u00a0»") in page for text in told)
    for query in ("du=hier&au=²", "du=2026-12-31&au=2026-01-01", "mois=99"):
        page = office.get(f"{FIGURES}?{query}").text
        assert "1er\u00a0décembre 2025" in page
        assert ["Octobre 2026", "11"] in Page(page).rows
    for query in ("du=0001-01-01&au=0001-01-31", "du=9999-12-01&au=9999-12-31", "du=0001-01-01&au=9999-12-31"):
        assert office.get(f"{FIGURES}?{query}").status_code == 200
    long = office.get(f"{FIGURES}?du=2001-01-01&au=2026-11-23").text
    assert "1er\u00a0décembre 2024" in long


def test_articles_read_are_a_list_with_files_that_hold_no_formula(office: FlaskClient) -> None:
    some_reads()
    listed = f"{FIGURES}lectures/2026-10-01/2026-10-31/"

    page = office.get(listed).text
    assert page.index("Un titre") < page.index("=HYPERLINK(1)")
    assert "Un titre" not in office.get(f"{listed}?q=hyperlink").text
    assert '"\'=HYPERLINK(1)"' in office.get(f"{listed}?format=csv").text
    rows = list(load_workbook(io.BytesIO(office.get(f"{listed}?format=xlsx").data)).active.iter_rows(values_only=True))
    assert rows[0][2:] == ("Libre", "Abonné", "Participant", "Offert", "Total")
    assert rows[1][2:] == (7, 0, 0, 1, 8)
    for wrong in ("hier/2026-10-31/", "2026-10-31/2026-10-01/", "2026-10-01/²/"):
        assert office.get(f"{FIGURES}lectures/{wrong}").status_code == 404


@pytest.mark.parametrize(
    ("table", "heads"),
    [
        ("lectures", ("Mois", "Libre", "Abonné", "Participant", "Offert")),
        ("abonnements", ("Mois", "Nouveaux", "Renouvelés", "Terminés", "À risque")),
        ("conversion", ("Mois", "Participants", "Déjà abonnés", "Abonnés ensuite")),
    ],
)
def test_each_table_is_given_as_a_file(office: FlaskClient, table: str, heads: tuple[str, ...]) -> None:
    sheet = office.get(f"{FIGURES}{table}.xlsx?du=2026-01-01&au=2026-12-31")
    csv = office.get(f"{FIGURES}{table}.csv?du=2026-01-01&au=2026-12-31")

    rows = list(load_workbook(io.BytesIO(sheet.data)).active.iter_rows(values_only=True))
    assert rows[0] == heads
    assert len(rows) == 13
    assert len(csv.text.splitlines()) == 13
    assert csv.headers["Content-Disposition"] == f'attachment; filename="{table}-2026-11-23.csv"'


@pytest.mark.parametrize("more", [0, 5])
def test_the_page_asks_as_much_whatever_there_is(office: FlaskClient, more: int) -> None:
    for _time in range(more):
        some_reads()
    office.get(FIGURES)

    with counting_queries() as count:
        assert office.get(FIGURES).status_code == 200

    assert count() == 6
