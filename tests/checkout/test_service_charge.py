"""Renewing by card: charged once, on the day that was announced; refused, killed, paid by hand, stopped."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.checkout.service import _charge
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Buyer
from eventsapp.organisations.models import Organisation
from eventsapp.payments import gateway
from eventsapp.payments.errors import NotPayable
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState, ContractStatus
from tests.checkout.looking import PRIVATE, pay
from tests.support.invariants import broken
from tests.support.makers.by_card import (
    READER,
    announce,
    charged_at_stripe,
    charges,
    contracts,
    days_between,
    end_of,
    on,
    paid,
    renewed,
    subscribe,
    sweep,
)
from tests.support.makers.orders import SIRET, a_renewal, place
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("client")
DAY = timedelta(days=1)


def mails() -> list[str]:
    """Return the mails about the subscription, by template, in the order in which they were written."""
    found = db.session.scalars(sa.select(OutgoingMail.template).order_by(OutgoingMail.id))
    return [name.split("/")[1] for name in found if name.startswith("subscriptions/")]


def orders() -> list[tuple[OrderStatus, PaymentStatus]]:
    return [(row.status, row.payment_status) for row in db.session.scalars(sa.select(Order).order_by(Order.id))]


def test_three_years_are_charged_once_each(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)

    charged = []
    for _year in range(3):
        ends_on = end_of(agreement)
        charged.append(sweep(*(ends_on + days * DAY for days in (-76, -75, -40, -6, -5, -4, 0, 1, 7))))

    assert charged == [1, 1, 1]
    assert charged_at_stripe(sandbox) == paid() == [12900] * 4
    first, *following = contracts()
    assert [row.starts_on for row in following] == [
        before.ends_on + DAY for before in contracts()[:-1] if before.ends_on
    ]
    assert [row.renews_id for row in following] == [row.id for row in contracts()[:-1]]
    assert first.status is ContractStatus.EXPIRED
    assert mails() == ["card_announced"] * 3
    assert (agreement.contract_id, agreement.state) == (following[-1].id, AgreementState.ACTIVE)
    assert broken() == []


def test_the_day_is_charged_once_however_often_the_sweep_runs(sandbox: RunningSandbox) -> None:
    day = announce(subscribe(sandbox))

    assert [sweep(day - DAY), sweep(day, day, day + DAY)] == [0, 1]

    assert charged_at_stripe(sandbox) == [12900, 12900]
    assert orders() == [(OrderStatus.CONFIRMED, PaymentStatus.PAID)] * 2


@pytest.mark.parametrize("point", ["_keep_payment", "settle_card"])
def test_killed_between_the_charge_and_the_commit_it_converges_to_one_charge(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with monkeypatch.context() as killed:
        killed.setattr(_charge, point, lambda *_given, **_named: 1 / 0)
        assert sweep(day) == 0
    assert charged_at_stripe(sandbox) == [12900, 12900]
    assert (paid(), [row.state for row in charges()]) == ([12900], [ChargeState.ASKED])

    # Two days later, so that Stripe has long forgotten the key.
    assert sweep(day + 2 * DAY, day + 3 * DAY) == 1

    assert charged_at_stripe(sandbox) == paid() == [12900, 12900]
    assert renewed(agreement)
    assert broken() == []


def test_without_looking_it_up_a_charge_would_be_made_twice(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control run: what the look-up by key is for."""
    day = announce(subscribe(sandbox))
    with monkeypatch.context() as killed:
        killed.setattr(_charge, "_keep_payment", lambda *_given, **_named: 1 / 0)
        sweep(day)
    monkeypatch.setattr(gateway, "charge_made", lambda **_named: None)
    monkeypatch.setattr(rules, "KEY_LASTS", 9 * DAY)

    sweep(day + 2 * DAY)

    assert charged_at_stripe(sandbox) == [12900] * 3


def test_the_reconciliation_finds_a_charge_that_nobody_kept(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with monkeypatch.context() as killed:
        killed.setattr(_charge, "_keep_payment", lambda *_given, **_named: 1 / 0)
        sweep(day)

    with on(day) as now:
        assert checkout.take_up_charges(now=now) == 0  # it may be under way still
        assert checkout.take_up_charges(now=now + timedelta(minutes=10)) == 1

    assert charged_at_stripe(sandbox) == paid() == [12900, 12900]
    assert renewed(agreement)


def test_a_silent_stripe_is_asked_again_with_the_same_key(sandbox: RunningSandbox) -> None:
    day = announce(subscribe(sandbox))
    sandbox.turn(reset_next=9)
    assert sweep(day) == 0
    sandbox.turn(reset_next=0)

    assert sweep(day) == 1

    assert charged_at_stripe(sandbox) == [12900, 12900]
    assert [(row.number, row.state) for row in charges()] == [(1, ChargeState.PAID)]


def test_a_refused_card_is_tried_three_times_and_its_holder_told_once(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    ends_on = end_of(agreement)

    assert sweep(*(ends_on + days * DAY for days in (-75, -60, -30, *range(-6, 2), 7, 30))) == 0

    assert [(row.asked_at.date() - ends_on).days for row in charges()] == [-5, -3, 0]
    assert {(row.state, row.reason) for row in charges()} == {(ChargeState.DECLINED, "generic_decline")}
    assert mails() == ["card_announced", "card_refused", "renewal_reminder", "renewal_reminder"]
    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, AgreementEnd.DECLINED)
    assert orders()[1:] == [(OrderStatus.CANCELLED, PaymentStatus.NONE)]
    assert paid() == [12900]
    assert (agreement.customer_id, agreement.last4) == ("", "")


def test_a_bank_that_asks_the_holder_is_not_asked_again(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.CHALLENGED)
    day = announce(agreement)

    assert sweep(*days_between(day, day + 5 * DAY)) == 0

    assert [row.reason for row in charges()] == ["authentication_required"]
    assert mails() == ["card_announced", "card_refused"]
    assert agreement.end_reason is AgreementEnd.DECLINED


def test_a_card_that_is_accepted_the_second_time_renews(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox, card=buyer.DECLINED_LATER)
    day = announce(agreement)
    sweep(day)
    (kept,) = sandbox.objects("payment_method")
    kept = sandbox.sandbox.store.find("payment_method", kept["id"]) or {}
    sandbox.sandbox.store.put(kept | {"_number": buyer.ACCEPTED})

    assert [sweep(day + DAY), sweep(day + 2 * DAY)] == [0, 1]

    assert renewed(agreement)
    assert [row.state for row in charges()] == [ChargeState.DECLINED, ChargeState.PAID]
    assert len(contracts()) == 2


@pytest.mark.parametrize("method", ["card", "cheque"])
def test_what_was_renewed_by_hand_before_is_not_charged(sandbox: RunningSandbox, method: str) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with on(day - 9 * DAY) as now:
        order = place(
            a_renewal(contracts()[0]),
            now=now,
            payment_method=method,
            billing=PRIVATE,
            buyer=Buyer(email=READER, first_name="Agnès", last_name="Delcourt"),
        )
        if method == "card":
            pay(order, order.total_cents, now=now)

    assert sweep(day, day + DAY) == 0

    assert charged_at_stripe(sandbox) == [12900]
    assert agreement.end_reason is AgreementEnd.RENEWED


def test_who_pays_by_hand_right_now_is_waited_for(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with on(day, hour=8) as now:
        order = place(
            a_renewal(contracts()[0]),
            now=now,
            payment_method="card",
            billing=PRIVATE,
            buyer=Buyer(email=READER, first_name="Agnès", last_name="Delcourt"),
        )
    assert sweep(day) == 0
    assert (agreement.state, charges()) == (AgreementState.ACTIVE, [])
    with on(day) as now:
        checkout.expire_due(now=now)
    assert db.session.get_one(Order, order.id).status is OrderStatus.EXPIRED

    assert sweep(day + DAY) == 1


def test_while_a_card_is_charged_nobody_pays_the_same_renewal_by_hand(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    with on(day) as now:
        rival = place(
            a_renewal(contracts()[0]),
            now=now,
            payment_method="card",
            billing=PRIVATE,
            buyer=Buyer(email=READER, first_name="Agnès", last_name="Delcourt"),
        )
    monkeypatch.setattr(_charge, "is_being_ordered", lambda *_given: False)
    real, told = gateway.charge, []

    def charge(**given: object) -> object:
        with pytest.raises(NotPayable) as refusal:
            checkout.prepare_page(rival, now=now)
        told.append(refusal.value.message)
        db.session.rollback()
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(gateway, "charge", charge)

    assert sweep(day) == 1
    assert "ne payez pas de nouveau" in told[0]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("cancelled", AgreementEnd.NOT_RUNNING),
        ("suspended", AgreementEnd.NOT_RUNNING),
        ("not_sold", AgreementEnd.NOT_SOLD),
        ("dearer", AgreementEnd.DEARER),
        ("institution", AgreementEnd.INSTITUTION),
    ],
)
def test_what_is_no_more_as_it_was_announced_is_not_charged_and_that_is_said(
    sandbox: RunningSandbox, change: str, reason: AgreementEnd
) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    contract = contracts()[0]
    plan = db.session.get_one(Plan, contract.plan_id)
    if change == "not_sold":
        plan.published = False
    elif change == "dearer":
        plan.price_cents += 1
    elif change == "institution":
        contract.organisation = Organisation(siret=SIRET, name="Ville d’Exemple", created_at=NOW, updated_at=NOW)
    else:
        contract.status = ContractStatus.CANCELLED if change == "cancelled" else ContractStatus.PENDING
    db.session.commit()

    assert sweep(day, day + DAY) == 0

    assert (agreement.state, agreement.end_reason) == (AgreementState.OVER, reason)
    assert (charged_at_stripe(sandbox), len(orders())) == ([12900], 1)
    assert "card_ended" in mails()


def test_a_lower_price_is_charged_as_it_is_today(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)
    plan = db.session.get_one(Plan, contracts()[0].plan_id)
    plan.price_cents = 9900
    db.session.execute(sa.text("UPDATE plan_components SET cents = 9900 WHERE plan_id = :key"), {"key": plan.id})
    db.session.commit()

    assert sweep(day) == 1
    assert charged_at_stripe(sandbox) == [12900, 9900]


def test_what_was_not_announced_in_time_is_not_charged(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    ends_on = end_of(agreement)

    assert sweep(ends_on - 30 * DAY, ends_on - 5 * DAY, ends_on) == 0

    assert agreement.end_reason is AgreementEnd.LATE
    # It is told, and the reminders that it kept back leave.
    assert mails()[:2] == ["card_ended", "renewal_reminder"]


def test_a_worker_that_was_away_beyond_the_end_charges_nothing(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    day = announce(agreement)

    assert sweep(day + 6 * DAY) == 0

    assert agreement.end_reason is AgreementEnd.NOT_RUNNING
    assert charged_at_stripe(sandbox) == [12900]


def test_trials_are_neither_announced_nor_charged(sandbox: RunningSandbox) -> None:
    agreement = subscribe(sandbox)
    db.session.execute(sa.update(Contract).values(is_test=True))
    db.session.commit()
    ends_on = end_of(agreement)

    assert sweep(ends_on - 75 * DAY, ends_on - 5 * DAY) == 0
    assert mails() == []
