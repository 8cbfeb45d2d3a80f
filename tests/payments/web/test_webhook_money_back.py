"""Refunds and disputes that Stripe tells of: counted once, in whatever order it tells."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import gateway, service
from eventsapp.payments.models import CardSession, Dispute, GatewayEvent, Payment, PaymentAlert, Refund
from eventsapp.payments.service._record import record_refund
from eventsapp.payments.statuses import AlertKind, EventState, RefundState
from eventsapp.payments.values import Event
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from tests.support.database import tried
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.payments import card_order, intent_of, paid_by_card
from tests.support.makers.study_days import make_study_day
from tests.support.messages import tell_all

NOW = datetime.now(UTC)
#: What is told of a payment besides its page: that it succeeded, was refunded in part, and is contested.
TOLD = ("payment_intent.succeeded", "charge.refunded", "charge.dispute.created")


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order whose page is open."""
    return card_order(make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


@pytest.fixture
def paid(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    """An order that was paid by card."""
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)


def refunds() -> list[tuple[int, RefundState]]:
    return [(row.amount_cents, row.state) for row in db.session.scalars(sa.select(Refund).order_by(Refund.id))]


def seats() -> list[RegistrationStatus]:
    return list(db.session.scalars(sa.select(Registration.status)))


def alerts() -> list[AlertKind]:
    return sorted(db.session.scalars(sa.select(PaymentAlert.kind)))


@pytest.mark.parametrize("every", [7, pytest.param(1, marks=pytest.mark.long, id="all 120")])
def test_five_messages_in_any_order_end_in_the_same_state(
    client: FlaskClient, sandbox: RunningSandbox, order: Order, every: int
) -> None:
    order_id = order.id
    session_id = db.session.scalar(sa.select(CardSession.session_id).where(CardSession.order_id == order_id))
    assert session_id is not None
    sandbox.pay(session_id, card=buyer.ACCEPTED)
    intent = sandbox.objects("payment_intent")[0]["id"]
    sandbox.refund_in_dashboard(intent, amount=10000)
    sandbox.dispute_in_dashboard(intent)
    (paid,) = sandbox.events("checkout.session.completed")
    # A page that was paid never expires; whoever says so is not believed either.
    expired = paid | {"id": "evt_expired", "type": "checkout.session.expired"}
    told = [read(sandbox, event) for event in (paid, expired, *(sandbox.events(kind)[0] for kind in TOLD))]
    assert len(told) == 5

    ends = set()
    for shuffled in itertools.islice(itertools.permutations(told), 0, None, every):
        with tried():
            # The first one once more, under another name.
            hear(*shuffled, replace(shuffled[0], event_id="evt_again"))
            ends.add(end_of(order_id))

    assert ends == {
        (OrderStatus.CONFIRMED, PaymentStatus.PART_REFUNDED, 62100, 10000, 1, 1, ("needs_response",),
         (AlertKind.DISPUTE, AlertKind.REFUND)),
    }  # fmt: skip


def read(sandbox: RunningSandbox, event: dict[str, Any]) -> Event:
    body, headers = sandbox.letter(event)
    return gateway.read_event(body, headers["Stripe-Signature"])


def hear(*events: Event) -> None:
    """Keep messages in that order, and deal with them in it."""
    with unit_of_work.transaction():
        for event in events:
            service.keep_event(event, now=NOW)
    checkout.take_events(now=NOW)
    states = sa.select(GatewayEvent.state).distinct()
    assert db.session.scalars(states).all() == [EventState.DONE]


def end_of(order_id: int) -> tuple[object, ...]:
    """Return all that the messages may have changed."""
    db.session.expire_all()
    found = db.session.get_one(Order, order_id)
    payments = db.session.scalars(sa.select(Payment.id)).all()
    disputes = db.session.scalars(sa.select(Dispute.status)).all()
    return (
        found.status, found.payment_status, found.paid_cents, found.refunded_cents, len(payments), len(refunds()),
        tuple(disputes), tuple(alerts()),
    )  # fmt: skip


def test_a_refund_that_we_asked_for_is_the_same_when_stripe_tells_of_it(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        checkout.refund_card(paid.id, amount_cents=10000, reason="Geste", actor=accountant, now=NOW)
    sandbox.turn(reset_next=2, fault_path="refunds")
    checkout.ask_refunds(now=NOW)
    sandbox.turn(reset_next=0)
    assert refunds() == [(10000, RefundState.ASKED)]

    tell_all(client, sandbox, "charge.refunded")

    assert refunds() == [(10000, RefundState.DONE)]
    assert (paid.refunded_cents, alerts()) == (10000, [])
    assert checkout.ask_refunds(now=NOW).done == 0


def test_a_refund_that_the_bank_sends_back_counts_no_more(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    made = sandbox.refund_in_dashboard(intent_of(paid), amount=10000)
    tell_all(client, sandbox, "refund.created")
    assert paid.refunded_cents == 10000

    sandbox.fail_refund(made["id"])
    tell_all(client, sandbox, "refund.failed")
    tell_all(client, sandbox, "refund.updated")

    assert (refunds(), paid.refunded_cents) == ([(10000, RefundState.FAILED)], 0)
    assert alerts() == [AlertKind.REFUND, AlertKind.REFUND_FAILED]


@pytest.mark.parametrize(("won", "back"), [(True, 0), (False, 62100)])
def test_a_dispute_takes_the_money_when_it_is_lost(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order, won: bool, back: int
) -> None:
    made = sandbox.dispute_in_dashboard(intent_of(paid))
    tell_all(client, sandbox, "charge.dispute.created")
    assert (paid.refunded_cents, alerts()) == (0, [AlertKind.DISPUTE])

    sandbox.close_dispute(made["id"], won=won)
    for _twice in range(2):
        tell_all(client, sandbox, "charge.dispute.closed")

    assert paid.refunded_cents == back
    assert alerts() == [AlertKind.DISPUTE] + ([] if won else [AlertKind.DISPUTE_LOST])


def test_what_no_message_told_is_found_by_the_reconciliation_once(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    sandbox.refund_in_dashboard(intent_of(paid), amount=10000)

    assert [checkout.find_money_back(now=NOW) for _ in range(2)] == [1, 0]

    db.session.expire_all()
    assert (paid.refunded_cents, alerts()) == (10000, [AlertKind.REFUND])


def test_money_of_nobody_s_payment_changes_nothing(client: FlaskClient, sandbox: RunningSandbox) -> None:
    session = sandbox.open_session(cents=5000)
    sandbox.pay(session.id, card=buyer.ACCEPTED)
    sandbox.refund_in_dashboard(sandbox.objects("payment_intent")[0]["id"])

    tell_all(client, sandbox, "charge.refunded")

    assert (refunds(), db.session.scalars(sa.select(Payment)).all()) == ([], [])


def test_a_refund_in_the_dashboard_proposes_its_credit_note_and_leaves_the_seat_to_the_office(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order
) -> None:
    sandbox.refund_in_dashboard(intent_of(paid))
    tell_all(client, sandbox, "charge.refunded")
    (invoice,) = invoices.of_order(paid.id)
    accountant = make_user(RoleName.ACCOUNTANT)
    sign_in(client, accountant)

    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    page = client.get(f"/organisation/reglements/alertes/{alert.id}/").text

    assert "Émettez l’avoir depuis la facture" in page
    assert f'href="/organisation/factures/{invoice.number}/"' in page
    assert (paid.status, paid.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.REFUNDED)
    assert seats() == [RegistrationStatus.CONFIRMED]
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice, amount_cents=62100, reason="Remboursée", actor=accountant, now=NOW)
        checkout.cancel_order(paid.id, reason="Remboursée", actor=accountant, now=NOW)
    db.session.expire_all()
    assert (paid.status, seats()) == (OrderStatus.CANCELLED, [RegistrationStatus.CANCELLED])
    assert [(row.kind, row.total_cents) for row in invoices.of_order(paid.id)] == [
        (DocumentKind.INVOICE, 62100), (DocumentKind.CREDIT_NOTE, 62100),
    ]  # fmt: skip
    assert (refunds(), paid.returnable_cents) == ([(62100, RefundState.DONE)], 0)


def test_without_the_guard_a_refund_told_twice_would_count_twice(
    client: FlaskClient, sandbox: RunningSandbox, paid: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = itertools.count()

    def forgetful(*order: Any, gateway_reference: str, request_key: str, **money: Any) -> object:
        name = f"{gateway_reference}-{next(told)}"
        return record_refund(*order, **money, gateway_reference=name, request_key=name)

    monkeypatch.setattr("eventsapp.payments.service._refunds.record_refund", forgetful)
    sandbox.refund_in_dashboard(intent_of(paid), amount=10000)

    for kind in ("charge.refunded", "refund.created"):
        tell_all(client, sandbox, kind)

    assert paid.refunded_cents == 20000
