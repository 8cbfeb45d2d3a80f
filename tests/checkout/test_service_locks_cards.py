"""Agreements about cards and whoever holds orders or contracts: one order of locks, and a stop that stays.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.checkout.service import _charge
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments.values import CardPayment, SavedCard
from eventsapp.subscriptions import queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal, Contract, Plan
from eventsapp.subscriptions.statuses import AgreementState
from tests.support.at_once import committing_app
from tests.support.crossing import crossed
from tests.support.makers.by_card import make_agreement
from tests.support.makers.orders import a_renewal, place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_plan

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_plan(slug="un-an")
            db.session.remove()
        yield app


def _plan() -> Plan:
    return db.session.scalars(sa.select(Plan).where(Plan.slug == "un-an")).one()


READER = Buyer(email="lectrice@exemple.fr", first_name="Agnès", last_name="Delcourt")
CARD = SavedCard(customer_id="cus_1", method_id="pm_1", brand="visa", last4="4242", exp_month=12, exp_year=2034)
TAKES_THE_AGREEMENT = r"FROM card_agreements.*FOR NO KEY UPDATE"


def _being_charged(app: Flask) -> tuple[int, int, _charge._Try]:
    """Make a subscription of which Stripe is being asked to charge the renewal; return its order and itself as well."""
    with app.app_context(), unit_of_work.transaction():
        order = place(subscription(_plan()), payment_method="card", billing=Billing(), buyer=READER)
        money = MoneyReceived(method="card", amount_cents=12900, gateway_reference="pi_1")
        checkout.settle(order.id, money, received_on=NOW.date(), now=NOW)
        contract = db.session.scalars(sa.select(Contract).where(Contract.email == READER.email)).one()
        agreement = make_agreement(contract, order_id=order.id)
        renewing = place(a_renewal(contract), payment_method="card", billing=Billing(), buyer=READER)
        renewal = CardRenewal(
            agreement_id=agreement.id, contract_id=contract.id, ends_on=contract.ends_on, announced_at=NOW,
            price_cents=12900, charge_on=NOW.date(), order_id=renewing.id,
        )  # fmt: skip
        db.session.add(renewal)
        db.session.flush()
        row = CardCharge(renewal_id=renewal.id, number=1, key="renewal-1", amount_cents=12900, asked_at=NOW)
        db.session.add(row)
        db.session.flush()
        wanted = _charge._Try(
            charge_id=row.id, key=row.key, reference=renewing.reference, amount_cents=12900, card=CARD, asked_at=NOW,
            again=False, is_unwanted=False,
        )  # fmt: skip
        return order.id, contract.id, wanted


def _resigned_while_charged(app: Flask) -> list[object]:
    order_id, contract_id, wanted = _being_charged(app)
    charged = CardPayment(
        session_id="", reference=wanted.reference, open=False, paid=True, amount_cents=12900, currency="eur",
        payment_id="pi_2", live=False,
    )  # fmt: skip
    return crossed(
        app,
        (TAKES_THE_AGREEMENT, lambda: checkout.resign(order_id, contract_id, now=NOW).id == contract_id),
        (r"FROM contracts.*FOR NO KEY UPDATE", lambda: _charge._keep_payment(wanted, charged, now=NOW)),
    )


def test_a_subscription_resigned_while_its_card_is_charged(served: Flask) -> None:
    assert _resigned_while_charged(served) == [True, 1]


def test_with_the_order_before_the_agreement_they_would_wait_in_a_circle(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "hold_agreement_of", lambda _contract_id: None)

    assert any("deadlock" in str(answer) for answer in _resigned_while_charged(served))


def _asked(app: Flask) -> tuple[int, int]:
    """Make an order whose buyer agreed that its card renews; return it and what was agreed."""
    with app.app_context(), writing():
        order = place(subscription(_plan()), payment_method="card", billing=Billing(), buyer=READER)
        contract = db.session.scalars(sa.select(Contract).where(Contract.email == READER.email)).one()
        agreement = make_agreement(
            contract, order_id=order.id, state=AgreementState.ASKED, customer_id="", method_id="", brand="", last4=""
        )
        known = order.id, agreement.id
        db.session.remove()
    return known


def test_a_stop_confirmed_right_before_the_card_is_kept_stays(served: Flask) -> None:
    order_id, agreement_id = _asked(served)

    def stop() -> None:
        with served.app_context(), unit_of_work.transaction():
            subscriptions.stop_card(agreement_id, now=NOW)

    def stop_first(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if others or not statement.startswith("UPDATE card_agreements"):
            return
        others.append(threading.Thread(target=stop))
        others[0].start()
        others[0].join(20)

    others: list[threading.Thread] = []
    with served.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", stop_first)
        with unit_of_work.transaction():
            subscriptions.keep_card(order_id, CARD, now=NOW)
        sa.event.remove(db.engine, "before_cursor_execute", stop_first)
        agreement = db.session.get_one(CardAgreement, agreement_id)
        assert (agreement.state, agreement.customer_id) == (AgreementState.OVER, "cus_1")
        db.session.remove()


def test_a_card_that_pays_and_a_stop_wait_for_each_other(served: Flask) -> None:
    order_id, agreement_id = _asked(served)
    with served.app_context():
        reference = db.session.get_one(Order, order_id).reference
        db.session.remove()
    paid = CardPayment(
        session_id="", reference=reference, open=False, paid=True, amount_cents=12900, currency="eur",
        payment_id="pi_1", live=False, card=CARD,
    )  # fmt: skip

    answers = crossed(
        served,
        (TAKES_THE_AGREEMENT, lambda: checkout.settle_card(paid, now=NOW)[1]),
        (TAKES_THE_AGREEMENT, lambda: subscriptions.stop_card(agreement_id, now=NOW).id),
    )

    assert answers == ["", agreement_id]
    with served.app_context():
        assert db.session.get_one(CardAgreement, agreement_id).state is not AgreementState.ACTIVE
        db.session.remove()
