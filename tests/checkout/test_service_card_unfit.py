"""A page that was to keep a card, paid by what does not fit its order: the card is known, for what comes next."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import CardConsent, MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments import gateway
from eventsapp.payments import service as payments
from eventsapp.payments.models import PaymentAlert
from eventsapp.subscriptions.models import CardAgreement
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState
from tests.support.makers.accounts import make_user
from tests.support.makers.by_card import BEGUN, READER, WORDS, announce, charged_at_stripe, on, renewed, sweep
from tests.support.makers.orders import place, subscription
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client")
DAY = timedelta(days=1)


@pytest.fixture
def agreement(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> CardAgreement:
    """An agreement whose page was paid by a cent less than its order costs."""
    with on(BEGUN) as now, monkeypatch.context() as unfit:
        order = place(
            subscription(make_plan()),
            now=now,
            payment_method="card",
            billing=Billing(),
            buyer=Buyer(email=READER, first_name="Agnès", last_name="Delcourt"),
            card_consent=CardConsent(words=WORDS, price_cents=12900),
        )
        order_id = order.id
        buyer.pay(checkout.open_page(checkout.prepare_page(order, now=now), now=now))
        db.session.commit()
        real = gateway.look_up
        unfit.setattr(gateway, "look_up", lambda session_id: replace(real(session_id), amount_cents=12899))
        assert [checkout.ask_gateway(order_id, now=now).refused for _ in range(2)] == [1, 0]
    db.session.expire_all()
    return db.session.scalars(sa.select(CardAgreement).where(CardAgreement.order_id == order_id)).one()


def handle_alert() -> None:
    with on(BEGUN) as now, unit_of_work.transaction():
        alert = db.session.scalars(sa.select(PaymentAlert)).one()
        payments.handle_alert(alert.id, note="Rendu", actor=make_user(RoleName.ACCOUNTANT), now=now)


def customers(sandbox: RunningSandbox) -> list[tuple[str, bool]]:
    """Return every customer at Stripe, and whether it is forgotten."""
    stripes = sandbox.client().v1.customers
    return [(row["id"], getattr(stripes.retrieve(row["id"]), "deleted", False)) for row in sandbox.objects("customer")]


def test_its_customer_and_card_are_known_and_renew_nothing_yet(
    sandbox: RunningSandbox, agreement: CardAgreement
) -> None:
    assert [(agreement.customer_id, False)] == customers(sandbox)
    assert (agreement.state, agreement.card) == (AgreementState.ASKED, "Visa •••• 4242")
    sweep(BEGUN + DAY)
    assert agreement.state is AgreementState.ASKED


def test_settled_in_another_way_it_is_renewed_by_that_card(sandbox: RunningSandbox, agreement: CardAgreement) -> None:
    handle_alert()
    with on(BEGUN) as now, unit_of_work.transaction():
        by_hand = MoneyReceived(method="transfer", amount_cents=12900, reference="VIR 1")
        checkout.settle(agreement.order_id, by_hand, received_on=BEGUN, now=now)

    sweep(BEGUN + DAY)
    assert agreement.state is AgreementState.ACTIVE

    assert sweep(announce(agreement)) == 1
    assert renewed(agreement)
    assert charged_at_stripe(sandbox) == [12900, 12900]


@pytest.mark.parametrize("gone", [False, True])
def test_the_page_that_follows_is_the_same_customers_while_stripe_has_it(
    sandbox: RunningSandbox, agreement: CardAgreement, gone: bool
) -> None:
    handle_alert()
    first = agreement.customer_id
    if gone:
        gateway.forget_customer(first)
    with on(BEGUN) as now:
        order = db.session.get_one(Order, agreement.order_id)
        buyer.pay(checkout.open_page(checkout.prepare_page(order, now=now), now=now))
        db.session.commit()
        assert checkout.ask_gateway(agreement.order_id, now=now).settled == 1
    db.session.expire_all()

    assert agreement.state is AgreementState.ACTIVE
    assert (agreement.customer_id == first) is not gone
    assert len(customers(sandbox)) == 1 + gone
    assert sweep(announce(agreement)) == 1


def test_cancelled_instead_it_is_forgotten_once_the_office_has_dealt_with_the_money(
    sandbox: RunningSandbox, agreement: CardAgreement
) -> None:
    with on(BEGUN) as now, unit_of_work.transaction():
        checkout.cancel_order(agreement.order_id, reason="Erreur", actor=make_user(RoleName.ADMINISTRATOR), now=now)

    sweep(BEGUN + DAY)
    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, AgreementEnd.NOT_RUNNING)
    assert customers(sandbox) == [(agreement.customer_id, False)]

    handle_alert()
    sweep(BEGUN + 2 * DAY)
    assert [is_forgotten for _id, is_forgotten in customers(sandbox)] == [True]
    assert (agreement.customer_id, agreement.card) == ("", "")
