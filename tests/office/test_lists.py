"""The page of a list, its links, and its files; shown on the team's list."""

import csv
import io
from contextlib import AbstractContextManager
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from tests.support.makers.accounts import make_user, sign_in
from tests.support.pages import Page
from tests.support.queries import QueryCount

TEAM = "/organisation/equipe/"


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    """An administrator in the office."""
    sign_in(client, make_user(RoleName.ADMINISTRATOR, email="zoe@exemple.fr"))
    return client


def _page(office: FlaskClient, address: str) -> Page:
    answer = office.get(address)
    assert answer.status_code == 200
    return Page(answer.text)


def _parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))


def _names(page: Page) -> list[str]:
    return [row[0].split()[-1] for row in page.rows]


def test_tabs_say_how_many_rows_they_have(office: FlaskClient) -> None:
    make_user(RoleName.DOOR).active = False
    db.session.commit()

    links = _page(office, TEAM).links

    assert links["Peuvent se connecter 1"] == TEAM
    assert links["Désactivés 1"] == f"{TEAM}?etat=inactifs"


def test_links_keep_what_was_asked_and_lead_back_to_the_first_page(office: FlaskClient) -> None:
    page = _page(office, f"{TEAM}?etat=inactifs&q=martin&role=door&tri=-nom&page=3&utm_source=x")

    assert _parameters(page.links["Peuvent se connecter 0"]) == {"q": "martin", "role": "door", "tri": "-nom"}
    assert _parameters(page.links["Retirer le filtre : Rôle : accueil"]) == {
        "etat": "inactifs", "q": "martin", "tri": "-nom",
    }  # fmt: skip
    assert page.links["Tout effacer"] == f"{TEAM}?etat=inactifs&tri=-nom"


def test_a_form_of_the_list_passes_on_what_it_does_not_ask(office: FlaskClient) -> None:
    page = _page(office, f"{TEAM}?etat=inactifs&q=martin&role=door")

    assert page.fields == {"q": "martin", "etat": "inactifs", "role": "door"}


def test_a_click_on_a_head_sorts_and_a_second_click_turns_it(office: FlaskClient) -> None:
    make_user(RoleName.DOOR, email="anne@exemple.fr").last_name = "Aaa"
    db.session.commit()

    once = _page(office, f"{TEAM}?tri=nom")
    twice = _page(office, once.links["Nom ↑"])

    assert _names(once) == ["anne@exemple.fr", "zoe@exemple.fr"]
    assert _names(twice) == ["zoe@exemple.fr", "anne@exemple.fr"]


def test_a_mistake_in_the_address_is_said_and_costs_nothing(office: FlaskClient) -> None:
    answer = office.get(f"{TEAM}?etat=nulle-part&role=roi")

    assert answer.status_code == 200
    assert "L’état «\u00a0nulle-part\u00a0» n’existe pas ici. Ce choix a été laissé de côté." in answer.text
    assert _names(Page(answer.text)) == ["zoe@exemple.fr"]


def test_nothing_found_leads_on(office: FlaskClient) -> None:
    page = _page(office, f"{TEAM}?q=introuvable")

    assert page.rows == []
    assert page.links["Tout montrer"] == TEAM


def test_a_hostile_search_is_shown_literally(office: FlaskClient) -> None:
    answer = office.get(TEAM, query_string={"q": '"><script>alert(1)</script>'})

    assert "<script>alert" not in answer.text
    assert Page(answer.text).fields["q"] == '"><script>alert(1)</script>'


def test_rows_lead_to_their_page(office: FlaskClient) -> None:
    member = make_user(RoleName.DOOR)

    assert _page(office, TEAM).links[member.name] == f"{TEAM}{member.id}/"


def test_a_text_file_holds_every_row_asked_for_whatever_the_page(office: FlaskClient) -> None:
    for number in range(60):
        make_user(RoleName.DOOR, email=f"porte{number:02}@exemple.fr", password=None)

    answer = office.get(f"{TEAM}?role=door&tri=-nom&page=2&format=csv")

    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0] == ["Nom", "Courriel", "Rôles", "Mot de passe", "Depuis"]
    assert len(lines) == 61
    assert {line[2] for line in lines[1:]} == {"accueil"}


def test_a_workbook_holds_the_same_rows_under_a_dated_name(office: FlaskClient) -> None:
    make_user(RoleName.DOOR, email="porte@exemple.fr").last_name = "=1+1"
    db.session.commit()

    answer = office.get(f"{TEAM}?role=door&format=xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[1] for row in rows] == ["Courriel", "porte@exemple.fr"]
    assert rows[1][0] == "Camille =1+1"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=equipe-20")


def test_a_kind_of_file_that_does_not_exist_is_the_page(office: FlaskClient) -> None:
    assert office.get(f"{TEAM}?format=pdf").headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("members", [3, 30])
def test_a_page_asks_the_same_number_of_queries(
    office: FlaskClient, members: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    for _ in range(members):
        make_user(RoleName.DOOR, password=None)

    with count_queries as count:
        assert len(_page(office, TEAM).rows) == members + 1

    # Who is there, what waits, the rows, their roles, and the counts of all tabs.
    assert count() == 5


def test_the_office_is_kept_by_nobody(office: FlaskClient) -> None:
    assert office.get(TEAM).headers["Cache-Control"] == "private, no-store"
