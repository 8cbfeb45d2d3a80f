"""« Encaissements » in the office: found, recorded, put on a slip, taken back."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing
from eventsapp.payments.models import Deposit, Payment
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.queries import counting_queries

PAGE = "/organisation/encaissements/"
TODAY = NOW.date().isoformat()


@pytest.fixture
def accountant(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def ordered(*, town: str = "Ville d’Angers", **values: Any) -> Order:
    return place(seats(make_study_day()), payment_method="cheque", billing=Billing(organisation=town), **values)


def found(client: FlaskClient, words: str) -> set[str]:
    page = client.get(PAGE, query_string={"q": words}).text
    return set(re.findall(r'name="order"[^>]* aria-label="Choisir la commande ([^"]+)"', page))


def typed(*orders: Order, **values: str) -> dict[str, object]:
    given: dict[str, object] = {
        "order": [str(order.id) for order in orders], "method": "cheque", "amount": "621,00", "received_on": TODAY,
        "reference": "0001234",
    }  # fmt: skip
    return given | values


def test_an_order_is_found_by_amount_name_reference_invoice_and_cheque(accountant: FlaskClient) -> None:
    angers, nantes = ordered(), ordered(town="Ville de Nantes")
    invoice = db.session.scalars(sa.select(Invoice.number).where(Invoice.order_id == nantes.id)).one()
    accountant.post(PAGE, query_string={"q": angers.reference}, data=typed(angers, amount="1,00", reference="CH-99"))

    assert found(accountant, "621") == {nantes.reference}
    assert found(accountant, "621,00") == {nantes.reference}
    assert found(accountant, "620") == {angers.reference}
    assert found(accountant, "ANGERS") == {angers.reference}
    assert found(accountant, angers.reference.lower()) == {angers.reference}
    assert found(accountant, invoice) == {nantes.reference}
    assert found(accountant, "CH-99") == {angers.reference}
    assert found(accountant, f"{angers.reference} + {nantes.reference}") == {angers.reference, nantes.reference}
    assert found(accountant, "%") == set()


def test_a_payment_is_recorded_in_one_step_and_the_series_goes_on(accountant: FlaskClient) -> None:
    order = ordered()

    answer = accountant.post(PAGE, query_string={"q": "621"}, data=typed(order))

    assert answer.status_code == 303
    assert order.balance_cents == 0
    page = accountant.get(answer.location).text
    assert "621,00\u00a0€ enregistrés." in page
    assert "0001234" in page


def test_parts_that_do_not_make_the_cheque_are_refused_and_nothing_typed_is_lost(accountant: FlaskClient) -> None:
    first, second = ordered(), ordered()
    parts = {f"part-{first.id}": "621,00", f"part-{second.id}": "500,00"}
    asked = {"q": f"{first.reference};{second.reference}"}

    refused = accountant.post(PAGE, query_string=asked, data=typed(first, second, amount="1242,00", **parts))

    assert refused.status_code == 422
    assert "Il reste 121,00 € à répartir" in refused.text.replace("\u00a0", " ")
    assert 'value="500,00"' in refused.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 0
    parts[f"part-{second.id}"] = "621,00"
    assert (
        accountant.post(PAGE, query_string=asked, data=typed(first, second, amount="1242,00", **parts)).status_code
        == 303
    )
    assert [first.balance_cents, second.balance_cents] == [0, 0]


def test_nothing_chosen_and_too_much_are_asked_about(accountant: FlaskClient) -> None:
    order = ordered()
    asked = {"q": order.reference}

    assert accountant.post(PAGE, query_string=asked, data=typed()).status_code == 422
    too_much = accountant.post(PAGE, query_string=asked, data=typed(order, amount="700,00"))
    assert too_much.status_code == 409
    assert "surely_too_much" in too_much.text
    assert (
        accountant.post(PAGE, query_string=asked, data=typed(order, amount="700,00", surely_too_much="y")).status_code
        == 303
    )
    assert order.balance_cents == -7900


def test_a_form_sent_twice_is_answered_that_it_is_recorded_though_the_search_shows_nothing_more(
    accountant: FlaskClient,
) -> None:
    order = ordered()
    asked, form = {"q": "621,00"}, typed(order, key="k" * 24)

    first = accountant.post(PAGE, query_string=asked, data=form)
    again = accountant.post(PAGE, query_string=asked, data=form, follow_redirects=True)

    assert found(accountant, "621,00") == set()
    assert first.status_code == 303
    assert (again.status_code, "Ce règlement est déjà enregistré." in again.text) == (200, True)
    assert order.paid_cents == 62100


def test_an_order_that_the_search_does_not_show_takes_nothing(accountant: FlaskClient) -> None:
    shown, hidden = ordered(), ordered(town="Ville de Nantes")

    assert accountant.post(PAGE, query_string={"q": shown.reference}, data=typed(hidden)).status_code == 400
    assert hidden.paid_cents == 0


def test_cheques_get_a_slip_that_prints(accountant: FlaskClient) -> None:
    for number in ("0001234", "0001235"):
        order = ordered()
        accountant.post(PAGE, query_string={"q": order.reference}, data=typed(order, reference=number))
    page = accountant.get(PAGE)
    assert "1 242,00" in page.text.replace("\u00a0", " ")
    picked = re.findall(r'name="picked" value="(\d+)"', page.text)

    answer = accountant.post(f"{PAGE}remises/", data={"picked": picked, "deposited_on": TODAY})

    slip = db.session.scalars(sa.select(Deposit)).one()
    assert (slip.cheques, slip.total_cents) == (2, 124200)
    paper = accountant.get(f"{answer.location}bordereau.pdf")
    assert paper.data.startswith(b"%PDF-")
    assert accountant.get(answer.location).status_code == 200
    assert f"n° {slip.id}" in accountant.get(f"{PAGE}remises/").text
    twice = accountant.post(f"{PAGE}remises/", data={"picked": picked, "deposited_on": TODAY})
    assert (twice.status_code, "encore sur aucun bordereau" in twice.text) == (409, True)


def test_a_slip_of_a_day_to_come_is_refused_beside_its_date_and_made_again_after_a_mistake(
    accountant: FlaskClient,
) -> None:
    for number in ("0001234", "0001235"):
        order = ordered()
        accountant.post(PAGE, query_string={"q": order.reference}, data=typed(order, reference=number))
    picked = re.findall(r'name="picked" value="(\d+)"', accountant.get(PAGE).text)[1:]

    refused = accountant.post(f"{PAGE}remises/", data={"picked": picked, "deposited_on": "2099-01-01"})
    assert refused.status_code == 422
    assert re.findall(r'name="picked" value="(\d+)" checked', refused.text) == picked
    assert re.search(r'id="deposited_on-error".*?ne peut pas être à venir', refused.text, re.DOTALL)
    made = accountant.post(f"{PAGE}remises/", data={"picked": picked, "deposited_on": TODAY})
    assert "Oui, annuler le bordereau" in accountant.get(made.location).text
    undone = accountant.post(f"{made.location}annuler/")

    assert "son chèque est de nouveau à remettre" in accountant.get(undone.location).text
    assert len(re.findall(r'name="picked"', accountant.get(PAGE).text)) == 2
    assert "Annulé le" in accountant.get(made.location).text
    assert accountant.get(f"{made.location}bordereau.pdf").status_code == 404
    assert "annulé" in accountant.get(f"{PAGE}remises/").text
    assert ", annulée</h1>" in accountant.get(made.location).text


def test_a_rejected_cheque_is_taken_back_from_its_order(accountant: FlaskClient) -> None:
    order = ordered()
    accountant.post(PAGE, query_string={"q": order.reference}, data=typed(order))
    payment = db.session.scalars(sa.select(Payment.id)).one()
    page = f"/organisation/reglements/{payment}/rejet/"
    assert page in accountant.get(f"/organisation/commandes/{order.reference}/").text

    assert accountant.post(page, data={"reversed_on": "2026-01-01", "reason": "x"}).status_code == 422
    assert accountant.post(page, data={"reversed_on": TODAY, "reason": "sans provision"}).status_code == 303
    assert accountant.post(page, data={"reversed_on": TODAY, "reason": "sans provision"}).status_code == 409

    assert order.balance_cents == 62100
    shown = accountant.get(f"/organisation/commandes/{order.reference}/").text
    assert ("sans provision" in shown, page in shown) == (True, False)


def test_money_moves_between_orders_by_their_references(accountant: FlaskClient) -> None:
    source, target = ordered(), ordered()
    accountant.post(PAGE, query_string={"q": source.reference}, data=typed(source))
    page = f"/organisation/commandes/{source.reference}/transfert/"
    wish = {"target": target.reference, "amount": "621,00", "reason": "Erreur"}

    assert accountant.post(page, data=wish | {"target": "INCONNUE"}).status_code == 422
    assert accountant.post(page, data=wish | {"amount": "621,01"}).status_code == 422
    assert accountant.post(page, data=wish).status_code == 303

    assert (source.balance_cents, target.balance_cents) == (62100, 0)
    assert "Transfert entre commandes" in accountant.get(f"{PAGE}journal/").text


@pytest.mark.parametrize("orders", [1, 5])
def test_the_page_asks_the_same_number_of_queries(accountant: FlaskClient, orders: int) -> None:
    for _each in range(orders):
        order = ordered()
        accountant.post(PAGE, query_string={"q": order.reference}, data=typed(order, amount="1,00"))

    with counting_queries() as count:
        accountant.get(PAGE, query_string={"q": "angers"})

    assert count() <= 8


def test_of_very_many_cheques_the_first_are_shown(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eventsapp.receipts.queries._cheques.MOST_CHEQUES", 1)
    monkeypatch.setattr("eventsapp.receipts.queries.MOST_CHEQUES", 1)
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    for reference in ("CHQ-A", "CHQ-B"):
        order = place(seats(make_study_day()), payment_method="cheque")
        with unit_of_work.transaction():
            money = MoneyReceived(method="cheque", amount_cents=62100, reference=reference)
            checkout.settle(order.id, money, received_on=NOW.date(), now=NOW)

    page = client.get("/organisation/encaissements/").text

    assert "CHQ-A" in page
    assert "CHQ-B" not in page
    assert "Les plus anciens" in page
