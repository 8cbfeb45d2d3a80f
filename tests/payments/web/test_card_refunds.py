"""The office gives money back to the card."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind, RefundState
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.payments import paid_by_card
from tests.support.makers.study_days import make_study_day

NOW = datetime.now(UTC)


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


def address(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/remboursement-carte/"


def test_part_of_it_goes_back_at_once_and_the_form_counts_once(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    assert address(order) in client.get(f"/organisation/commandes/{order.reference}/remboursement/").text
    assert 'value="621,00"' in client.get(address(order)).text
    typed = {"amount": "100,00", "reason": "Geste", "surely_due": "y", "key": "k" * 20}

    answers = [client.post(address(order), data=typed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert [made["amount"] for made in sandbox.objects("refund")] == [10000]
    assert db.session.scalars(sa.select(Refund.state)).all() == [RefundState.DONE]
    assert "100,00\u00a0€ rendus sur la carte." in client.get(answers[0].location).text


def test_when_stripe_is_silent_it_is_noted(client: FlaskClient, sandbox: RunningSandbox, order: Order) -> None:
    sandbox.turn(reset_next=9, fault_path="refunds")

    answer = client.post(address(order), data={"amount": "100,00", "reason": "Geste", "surely_due": "y"})

    assert "Le remboursement est noté" in client.get(answer.location).text
    assert db.session.scalars(sa.select(Refund.state)).all() == [RefundState.ASKED]


def test_a_refund_without_an_answer_is_given_up_from_its_alert(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    sandbox.turn(fail_next=99, fault_path="refunds")
    client.post(address(order), data={"amount": "100,00", "reason": "Geste", "surely_due": "y"})
    db.session.commit()
    for minutes in (1, 5, 15, 40):
        checkout.ask_refunds(now=clock.now() + timedelta(minutes=minutes))
    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    page = client.get(f"/organisation/reglements/alertes/{alert.id}/").text
    (give_up,) = re.findall(r'action="(/organisation/remboursements/\d+/abandonner/)"', page)

    told = [client.get(client.post(give_up).location).text for _ in range(2)]

    assert alert.kind is AlertKind.REFUND_STUCK
    assert order.refunded_cents == 0
    assert "de nouveau à rendre" in told[0]
    assert "n’attend plus" in told[1]
    assert client.post("/organisation/remboursements/999/abandonner/").status_code == 404


def test_more_than_was_paid_is_refused_beside_its_field(client: FlaskClient, order: Order) -> None:
    answer = client.post(address(order), data={"amount": "621,01", "reason": "Geste", "surely_due": "y"})

    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text


def test_what_goes_back_of_an_order_that_stands_is_meant_and_its_buyer_may_pay_it_again(
    client: FlaskClient, sandbox: RunningSandbox, order: Order
) -> None:
    typed = {"amount": "100,00", "reason": "Geste", "key": "k" * 20}
    page = client.get(address(order)).text
    asked = client.post(address(order), data=typed)
    assert "est de nouveau à régler, sauf si vous faites un avoir" in page
    assert (asked.status_code, 'name="surely_due"' in asked.text) == (409, True)
    assert client.post(address(order), data=typed | {"surely_due": "y"}).status_code == 303

    theirs = f"/commandes/{order.reference}/{order.secret}/"
    assert "Payer 100,00\u00a0€" in client.get(theirs).text
    at_stripe = client.post(f"{theirs}payer/").location
    assert at_stripe.startswith(sandbox.url)
    buyer.pay(at_stripe, card=buyer.ACCEPTED)
    client.post(f"{theirs}verifier/")

    db.session.expire_all()
    assert (order.balance_cents, order.paid_cents, order.refunded_cents) == (0, 72100, 10000)
    assert f"{theirs}payer/" not in client.get(theirs).text
    assert client.post(f"{theirs}payer/").location == theirs
