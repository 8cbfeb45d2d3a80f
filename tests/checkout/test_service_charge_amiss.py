"""Renewing by card when something comes between: a stop, a Stripe that will not say, money that does not fit."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.checkout.service import _charge
from eventsapp.checkout.service._ask import open_pages
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable
from eventsapp.payments.models import PaymentAlert, Refund
from eventsapp.payments.values import CardPayment
from eventsapp.subscriptions import queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.errors import AlreadyRenewed
from eventsapp.subscriptions.models import CardAgreement, CardRenewal, Plan
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState, ContractStatus
from tests.support.invariants import broken
from tests.support.makers.by_card import (
    announce,
    charged_at_stripe,
    charges,
    contracts,
    end_of,
    on,
    paid,
    renewed,
    subscribe,
    sweep,
)

pytestmark = pytest.mark.usefixtures("client")
DAY = timedelta(days=1)


def renewal_order() -> Order:
    return db.session.scalars(sa.select(Order).order_by(Order.id.desc()).limit(1)).one()


def stop(agreement: CardAgreement, day: date, how: str = "stop") -> None:
    with on(day) as now, unit_of_work.transaction():
        if how == "resign":
            checkout.resign(agreement.order_id, agreement.contract_id, now=now)
        else:
            subscriptions.stop_card(agreement.id, now=now)
    db.session.expire_all()


def silence(**_given: object) -> None:
    """Stripe is not reached."""
    raise GatewayUnavailable("plus tard")


def charge_unkept(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Charge what is due that day, and break off before the payment is kept."""
    with monkeypatch.context() as killed:
        killed.setattr(_charge, "_keep_payment", lambda *_given, **_named: 1 / 0)
        sweep(day)


def mails(template: str) -> list[str]:
    return list(db.session.scalars(sa.select(OutgoingMail.text).where(OutgoingMail.template == template)))


@pytest.mark.parametrize("how", ["stop", "resign"])
def test_who_stops_while_stripe_is_silent_is_not_charged_later(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with monkeypatch.context() as silent:
        silent.setattr(gateway, "charge", silence)
        sweep(day)
    assert queries.is_being_charged(agreement.contract_id)

    stop(agreement, day, how)

    assert agreement.state is AgreementState.STOPPED
    if how == "stop":
        assert "il vous est rendu" in mails("subscriptions/card_stopped")[0]
    assert [sweep(day), sweep(day + DAY)] == [0, 0]
    assert charged_at_stripe(sandbox) == [12900]
    assert [(row.state, row.reason) for row in charges()] == [(ChargeState.DECLINED, "unanswered")]
    assert renewal_order().status is OrderStatus.CANCELLED


def test_who_cannot_wait_for_a_silent_stripe_stops_and_renews_by_hand_an_hour_later(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with monkeypatch.context() as silent:
        silent.setattr(gateway, "charge", silence)
        sweep(day)
    contract = contracts()[0]
    with on(day) as now, pytest.raises(AlreadyRenewed, match="ne payez pas de nouveau"):
        subscriptions.require_renewable(contract, now=now)
    stop(agreement, day)

    with on(day, hour=11) as now:
        checkout.take_up_charges(now=now)
        subscriptions.require_renewable(contracts()[0], now=now)

    assert charged_at_stripe(sandbox) == [12900]


@pytest.mark.parametrize("how", ["stop", "resign"])
def test_what_was_charged_to_who_stopped_meanwhile_is_given_back(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    charge_unkept(monkeypatch, day)
    stop(agreement, day, how)

    sweep(day, day + DAY)
    with on(day + DAY) as now:
        assert checkout.ask_refunds(now=now).done == 1

    assert (charged_at_stripe(sandbox), paid()) == ([12900] * 2, [12900] * 2)
    assert list(db.session.scalars(sa.select(Refund.amount_cents))) == [12900]
    first, second = contracts()
    assert (first.status, second.status) == (ContractStatus.ACTIVE, ContractStatus.CANCELLED)
    assert (agreement.state, agreement.contract_id) == (AgreementState.STOPPED, first.id)
    assert len(mails("checkout/order_cancelled")) == 1
    assert broken() == []


def test_it_may_be_taken_up_again_after_that(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    charge_unkept(monkeypatch, day)
    stop(agreement, day)
    sweep(day)
    with on(day + DAY) as now, unit_of_work.transaction():
        subscriptions.resume(agreement.id, now=now)

    assert sweep(day + DAY, day + 2 * DAY, day + 4 * DAY) == 1
    assert renewed(agreement)
    assert [row.status for row in contracts()] == [
        ContractStatus.ACTIVE,
        ContractStatus.CANCELLED,
        ContractStatus.ACTIVE,
    ]


def test_a_stripe_that_never_says_is_looked_at_by_the_office_and_frees_the_reader(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with monkeypatch.context() as silent:
        silent.setattr(gateway, "charge", silence)
        sweep(day)

    def refuse(**_given: object) -> None:
        raise GatewayRefused("non", reason="This key may not read payment intents.")

    monkeypatch.setattr(gateway, "charge_made", refuse)
    sweep(day)
    assert queries.is_being_charged(agreement.contract_id)

    sweep(day + DAY, day + 2 * DAY, day + 3 * DAY)

    (alert,) = db.session.scalars(sa.select(PaymentAlert))
    assert (alert.order_id, "may not read" in alert.problem) == (renewal_order().id, True)
    assert not queries.is_being_charged(agreement.contract_id)
    assert ([row.reason for row in charges()], charged_at_stripe(sandbox)) == (["unclear"], [12900])
    stop(agreement, day + 3 * DAY)
    assert agreement.state is AgreementState.STOPPED


def test_a_page_is_closed_on_the_day_of_a_try_only(sandbox: RunningSandbox) -> None:
    day = announce(subscribe(sandbox, card=buyer.DECLINED_LATER))
    sweep(day)
    with on(day + DAY) as now:
        checkout.open_page(checkout.prepare_page(renewal_order(), now=now), now=now)
        db.session.commit()

    sweep(day + DAY, day + DAY)
    assert len(open_pages(renewal_order().id)) == 1

    sweep(day + 2 * DAY)
    assert (open_pages(renewal_order().id), len(charges())) == ([], 2)


def test_money_that_does_not_fit_is_taken_once_and_left_to_the_office(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    real = gateway.charge
    monkeypatch.setattr(gateway, "charge", lambda **given: replace(real(**given), amount_cents=12899))

    sweep(day, day + DAY, day + 2 * DAY, day + 5 * DAY)

    assert len(charged_at_stripe(sandbox)) == 2
    assert len(list(db.session.scalars(sa.select(PaymentAlert)))) == 1
    assert (agreement.state, [row.state for row in charges()]) == (AgreementState.ACTIVE, [ChargeState.PAID])

    sweep(end_of(agreement) + DAY)
    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, AgreementEnd.LATE)
    assert mails("subscriptions/card_ended") == []


def test_an_order_with_an_alert_is_not_charged_again(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    day = announce(agreement)
    sweep(day)
    stray = CardPayment(
        session_id="", reference=renewal_order().reference, open=False, paid=True, amount_cents=1, currency="eur",
        payment_id="pi_stray", live=False,
    )  # fmt: skip
    with on(day + DAY) as now, unit_of_work.transaction():
        assert checkout.settle_card(stray, now=now)[1]

    sweep(day + 2 * DAY)

    assert (len(charges()), agreement.state) == (1, AgreementState.ACTIVE)


def test_what_was_asked_for_counts_although_part_of_it_came_meanwhile(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    real = gateway.charge

    def charge(**given: Any) -> CardPayment:
        with unit_of_work.transaction():
            part = MoneyReceived(method="transfer", amount_cents=900, reference="VIR 1")
            checkout.settle(renewal_order().id, part, received_on=day, now=given.pop("now", moment))
        return real(**given)

    with on(day) as moment:
        monkeypatch.setattr(gateway, "charge", charge)

    assert sweep(day) == 1
    assert renewed(agreement)
    assert (renewal_order().overpaid_cents, list(db.session.scalars(sa.select(PaymentAlert)))) == (900, [])


def test_nothing_is_charged_beyond_what_was_announced(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    day = announce(agreement)
    sweep(day)
    db.session.execute(sa.update(Plan).values(price_cents=9900))
    db.session.execute(sa.update(CardRenewal).values(price_cents=9900))
    db.session.commit()

    sweep(day + 2 * DAY)

    assert (len(charges()), agreement.end_reason) == (1, AgreementEnd.DEARER)
