"""The readers of an institution in the office."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from markupsafe import Markup

from eventsapp.accounts.access import RoleName
from tests.subscriptions.looking import mails_about
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.readers import BUYER, found, invited, joined, make_institution, seats
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract

ONE, TWO = "une@ville.example", "deux@ville.example"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def organiser(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def test_the_page_of_the_contract_leads_to_its_readers(organiser: FlaskClient) -> None:
    contract = make_institution(5)
    joined(contract, ONE)
    invited(contract, TWO)
    page = organiser.get(f"/organisation/abonnes/{contract.id}/").text

    assert "2 places prises sur 5" in page
    assert f"/organisation/abonnes/{contract.id}/lecteurs/" in page
    assert "une invitation attend une réponse" in page


def test_the_journal_of_the_contract_is_in_one_order_and_says_whom(organiser: FlaskClient) -> None:
    contract = make_institution(5)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        organiser.post(f"/organisation/abonnes/{contract.id}/lecteurs/inviter/", data={"addresses": f"{ONE}\n{TWO}"})
        page = organiser.get(f"/organisation/abonnes/{contract.id}/").text

    lines = " ".join(Markup(page).striptags().split()).split("Journal")[-1]  # noqa: S704 - only to take its tags off
    assert f"a invité des lecteurs : {ONE}, {TWO}" in lines
    assert lines.index("a invité des lecteurs") < lines.index("Courriel « ")


def test_the_office_does_what_the_manager_may(organiser: FlaskClient) -> None:
    contract = make_institution(5)
    desk = f"/organisation/abonnes/{contract.id}/lecteurs/"
    assert BUYER in organiser.get(desk).text
    assert organiser.post(f"{desk}inviter/", data={"addresses": ONE}).status_code == 303
    (mail,) = mails_about("subscriptions/reader_invited")
    assert mail.to_address == ONE
    joined(contract, TWO)
    assert organiser.post(f"{desk}{found(contract, TWO).id}/retirer/").status_code == 303
    assert seats(contract) == [BUYER]
    for more in ("lectures/", "acces/", "inviter/"):
        assert organiser.get(desk + more).status_code == 200
    assert "a retiré un lecteur" in organiser.get(f"/organisation/abonnes/{contract.id}/").text


def test_an_accountant_looks_and_changes_nothing(client: FlaskClient) -> None:
    contract = make_institution(5)
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    desk = f"/organisation/abonnes/{contract.id}/lecteurs/"

    page = client.get(desk)
    assert page.status_code == 200
    assert "/retirer/" not in page.text
    assert contract.secret not in page.text
    assert client.post(f"{desk}inviter/", data={"addresses": ONE}).status_code == 403


def test_a_contract_without_seats_has_no_such_page(organiser: FlaskClient) -> None:
    contract = make_contract("seule@exemple.fr")

    assert organiser.get(f"/organisation/abonnes/{contract.id}/lecteurs/").status_code == 404
    assert "lecteurs/" not in organiser.get(f"/organisation/abonnes/{contract.id}/").text


def test_the_list_of_subscribers_finds_an_institution_by_the_address_of_a_reader(organiser: FlaskClient) -> None:
    contract, other = make_institution(5), make_institution(5, email="autre@autre.example")
    joined(contract, ONE)

    page = organiser.get("/organisation/abonnes/", query_string={"q": ONE, "etat": "tous"}).text

    assert f"/organisation/abonnes/{contract.id}/" in page
    assert f"/organisation/abonnes/{other.id}/" not in page
