"""Lines of the bank's statement with which somebody dealt: named first what names, listed, and undone."""

import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments.models import BankLine, Deposit
from eventsapp.payments.statuses import BankLineStatus
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

RECEIPTS = "/organisation/encaissements/"
PAGE = f"{RECEIPTS}releve/"


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def send(client: FlaskClient, row: str) -> int:
    file = f"Date;Libellé;Montant\n{NOW:%d/%m/%Y};{row}\n"
    assert client.post(PAGE, data={"file": (io.BytesIO(file.encode()), "releve.csv")}).status_code == 303
    return db.session.scalars(sa.select(BankLine.id).order_by(BankLine.id.desc())).all()[0]


def status(line: int) -> BankLineStatus | None:
    return db.session.scalar(sa.select(BankLine.status).where(BankLine.id == line))


def a_slip(client: FlaskClient, order: Order) -> None:
    money = {"method": "cheque", "received_on": NOW.date().isoformat(), "reference": "1", "amount": "621,00"}
    client.post(RECEIPTS, query_string={"q": order.reference}, data=money | {"order": str(order.id)})
    (picked,) = re.findall(r'name="picked" value="(\d+)"', client.get(RECEIPTS).text)
    client.post(f"{RECEIPTS}remises/", data={"picked": picked, "deposited_on": NOW.date()})


def test_a_line_put_aside_is_told_listed_and_brought_back(accountant: FlaskClient) -> None:
    line = send(accountant, "VIR INCONNU;1290,00")

    answer = accountant.post(f"{PAGE}{line}/ecarter/")

    told = accountant.get(answer.location).text
    assert "La ligne est écartée" in told
    assert f'action="{PAGE}{line}/rouvrir/"' in told
    assert "VIR INCONNU" in accountant.get(f"{PAGE}?etat=ecartees").text
    assert accountant.post(f"{PAGE}{line}/rouvrir/").status_code == 303
    assert status(line) is BankLineStatus.OPEN
    assert "VIR INCONNU" in accountant.get(PAGE).text
    assert "attend déjà" in accountant.get(accountant.post(f"{PAGE}{line}/rouvrir/").location).text


def test_what_a_line_was_counted_for_is_undone_and_may_be_counted_again(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    line = send(accountant, f"VIR {order.reference};621,00")
    for _each in range(2):
        accountant.post(f"{PAGE}{line}/", data={"part": f"{order.reference}=621,00"})
        assert (order.balance_cents, status(line)) == (0, BankLineStatus.MATCHED)
        assert order.reference in accountant.get(f"{PAGE}?etat=rapprochees").text

        accountant.post(f"{PAGE}{line}/rouvrir/")

        assert (order.balance_cents, status(line), broken()) == (62100, BankLineStatus.OPEN, [])


def test_a_payment_typed_by_mistake_gives_its_line_back(accountant: FlaskClient) -> None:
    order = place(seats(make_study_day()))
    line = send(accountant, f"VIR {order.reference};621,00")
    accountant.post(f"{PAGE}{line}/", data={"part": f"{order.reference}=621,00"})
    (url,) = re.findall(r'href="([^"]+/rejet/)"', accountant.get(f"/organisation/commandes/{order.reference}/").text)

    accountant.post(url, data={"cause": "erreur", "reversed_on": NOW.date()})

    assert (order.balance_cents, status(line)) == (62100, BankLineStatus.OPEN)


def test_what_names_an_order_comes_before_a_slip_of_the_same_amount(accountant: FlaskClient) -> None:
    day = make_study_day()
    a_slip(accountant, place(seats(day), payment_method="cheque"))
    order = place(seats(make_study_day()), payment_method="transfer")
    send(accountant, f"VIR {order.reference};621,00")

    page = accountant.get(PAGE).text

    assert page.index(f'value="{order.reference}=621,00"') < page.index("Rapprocher de la remise")


def test_a_slip_is_parted_from_its_line_again(accountant: FlaskClient) -> None:
    a_slip(accountant, place(seats(make_study_day()), payment_method="cheque"))
    line = send(accountant, "REMISE CHEQUES;621,00")
    slip = db.session.scalars(sa.select(Deposit)).one()
    accountant.post(f"{PAGE}{line}/remise/{slip.id}/")
    assert "Annuler ce bordereau" not in accountant.get(f"{RECEIPTS}remises/{slip.id}/").text

    accountant.post(f"{PAGE}{line}/rouvrir/")

    assert (status(line), broken()) == (BankLineStatus.OPEN, [])
    assert "Annuler ce bordereau" in accountant.get(f"{RECEIPTS}remises/{slip.id}/").text
