"""Stripe's messages as work: one that cannot be dealt with is set aside, and nothing waits behind it."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.checkout.service import _events
from eventsapp.core import queue, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway, rules
from eventsapp.payments import service as payments
from eventsapp.payments.errors import EventNotAside
from eventsapp.payments.models import GatewayEvent
from eventsapp.payments.statuses import EventOutcome, EventState
from eventsapp.payments.values import CardPayment, Event
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.payments import card_order
from tests.support.makers.study_days import make_study_day

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)
#: Every call of Stripe fails.
SILENT = 999

in_a_transaction = pytest.mark.usefixtures("transaction")


def told(number: int = 1, *, session_id: str | None = None, live: bool = False) -> Event:
    """Return a message about a page; unless named, one that Stripe does not know."""
    return Event(
        event_id=f"evt_{number}",
        kind="checkout.session.completed",
        session_id=session_id or f"cs_test_lost_{number}",
        live=live,
    )


def keep(*events: Event, now: datetime = NOW) -> None:
    with unit_of_work.transaction():
        for event in events:
            payments.keep_event(event, now=now)


def kept(number: int = 1) -> GatewayEvent:
    db.session.expire_all()
    return db.session.scalars(sa.select(GatewayEvent).filter_by(event_id=f"evt_{number}")).one()


def states() -> list[EventState]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(GatewayEvent.state).order_by(GatewayEvent.id)))


def a_paid_page(sandbox: RunningSandbox) -> tuple[Order, str]:
    """Return an order whose page is paid, and the page; Stripe has not told it yet."""
    order = card_order(make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)
    session_id = str(sandbox.objects("checkout.session")[0]["id"])
    sandbox.pay(session_id, card=buyer.ACCEPTED)
    return order, session_id


def try_until_set_aside(number: int = 1) -> list[datetime]:
    """Run the sweep whenever the message is due; return when it was tried."""
    tried = []
    while (due_at := kept(number).due_at) is not None:
        tried.append(due_at)
        checkout.take_events(now=due_at)
    return tried


@in_a_transaction
def test_a_message_that_fails_is_tried_five_times_with_longer_and_longer_waits(
    sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    keep(told())

    tried = try_until_set_aside()

    assert [later - earlier for earlier, later in pairwise(tried)] == list(rules.EVENT_WAITS)
    assert (len(tried), kept().attempts, kept().state) == (5, 5, EventState.SET_ASIDE)
    assert kept().detail == "Stripe refuse de répondre : No such checkout session: 'cs_test_lost_1'"
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == ["event evt_1 (checkout.session.completed) is set aside for the office"]


@in_a_transaction
def test_a_poison_in_the_middle_keeps_nothing_waiting(sandbox: RunningSandbox) -> None:
    (first, before), (second, after) = (a_paid_page(sandbox) for _ in range(2))
    keep(told(1, session_id=before), told(2), told(3, session_id=after))

    assert checkout.take_events(now=NOW) == 2

    assert states() == [EventState.DONE, EventState.WAITING, EventState.DONE]
    assert [order.status for order in (first, second)] == [OrderStatus.CONFIRMED] * 2


@in_a_transaction
def test_our_own_mistake_sets_its_message_aside_and_no_other(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, session_id = a_paid_page(sandbox)
    real = checkout.settle_card

    def stumble(payment: CardPayment, *, now: datetime) -> object:
        if payment.reference == order.reference:
            raise KeyError("clef")
        return real(payment, now=now)

    monkeypatch.setattr("eventsapp.checkout.service._settle.settle_card", stumble)
    keep(told(1, session_id=session_id))

    try_until_set_aside()

    assert (kept().state, kept().detail) == (EventState.SET_ASIDE, "Le programme a échoué : KeyError: 'clef'")
    assert order.status is OrderStatus.PENDING


@in_a_transaction
def test_what_is_set_aside_is_taken_once_somebody_tries_it_again(sandbox: RunningSandbox) -> None:
    order, session_id = a_paid_page(sandbox)
    sandbox.turn(fail_next=SILENT, fault_path=session_id)
    keep(told(1, session_id=session_id))
    try_until_set_aside()
    sandbox.turn(fail_next=0)
    accountant = make_user(RoleName.ACCOUNTANT)

    with unit_of_work.transaction():
        payments.retry_event(kept().id, actor=accountant, now=NOW)
    assert checkout.take_events(now=NOW) == 1

    assert (kept().state, kept().outcome, kept().detail) == (EventState.DONE, EventOutcome.SETTLED, "")
    assert kept().order_id == order.id
    assert order.status is OrderStatus.CONFIRMED
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="payments.retry_event")).one()
    assert (entry.subject_label, entry.actor_id) == ("evt_1", accountant.id)
    with unit_of_work.transaction(), pytest.raises(EventNotAside):
        payments.retry_event(kept().id, actor=accountant, now=NOW)


@in_a_transaction
def test_all_that_is_set_aside_is_tried_again_together_but_nothing_that_was_filed(sandbox: RunningSandbox) -> None:
    keep(*(told(number) for number in range(1, 4)))
    for number in range(1, 4):
        try_until_set_aside(number)
    actor = make_user(RoleName.ACCOUNTANT)

    with unit_of_work.transaction():
        payments.file_event(kept(2).id, note="Un essai d’un autre site", actor=actor, now=NOW)
        assert payments.retry_events(actor=actor, now=NOW) == 2

    assert states() == [EventState.WAITING, EventState.FILED, EventState.WAITING]
    assert (kept(2).note, kept(2).filed_by_id, kept(2).filed_at) == ("Un essai d’un autre site", actor.id, NOW)


@in_a_transaction
def test_only_what_is_set_aside_is_tried_again_or_filed(sandbox: RunningSandbox) -> None:
    keep(told())
    key, actor = kept().id, make_user(RoleName.ACCOUNTANT)

    with unit_of_work.transaction(), pytest.raises(EventNotAside):
        payments.retry_event(key, actor=actor, now=NOW)
    with unit_of_work.transaction(), pytest.raises(EventNotAside):
        payments.file_event(key, note="Vu", actor=actor, now=NOW)

    assert states() == [EventState.WAITING]


@in_a_transaction
def test_a_silent_stripe_is_left_in_peace_after_three_and_those_behind_come_first_next_time(
    sandbox: RunningSandbox,
) -> None:
    keep(*(told(number) for number in range(1, 6)))
    sandbox.turn(reset_next=SILENT)

    assert checkout.take_events(now=NOW) == 0

    assert [kept(number).attempts for number in range(1, 6)] == [1, 1, 1, 0, 0]
    assert kept(1).detail.startswith("Stripe ne répond pas : Unexpected error communicating with Stripe.")
    sandbox.turn(reset_next=0)
    with unit_of_work.transaction():
        first = payments.claim_event(now=NOW + MINUTE)
    assert first is not None
    assert first.event_id == "evt_4"


@in_a_transaction
@pytest.mark.parametrize("live", [True, False])
def test_a_message_of_the_other_mode_is_set_aside_unasked(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, live: bool
) -> None:
    order, session_id = a_paid_page(sandbox)
    keep(told(1, session_id=session_id, live=live))
    monkeypatch.setattr(gateway, "expects_live", lambda: not live)
    monkeypatch.setattr(gateway, "look_up", lambda _session_id: pytest.fail("asked"))

    assert checkout.take_events(now=NOW) == 0

    assert (kept().state, kept().attempts) == (EventState.SET_ASIDE, 1)
    assert kept().detail == "C’est un message d’essai pour de vrais comptes, ou l’inverse."
    assert order.status is OrderStatus.PENDING


@in_a_transaction
def test_a_message_that_kills_whoever_deals_with_it_is_set_aside_as_well(sandbox: RunningSandbox) -> None:
    order, session_id = a_paid_page(sandbox)
    keep(told(1), now=NOW - MINUTE)
    keep(told(2, session_id=session_id))
    for killed in range(5):
        with unit_of_work.transaction():
            claimed = payments.claim_event(now=NOW + killed * payments.CLAIM_LASTS)
        assert claimed is not None
        assert claimed.event_id == "evt_1"
        # The one behind it is another process's, and is not kept by a claim that nobody answers for.
        checkout.take_events(now=NOW + killed * payments.CLAIM_LASTS)
    assert order.status is OrderStatus.CONFIRMED

    checkout.take_events(now=NOW + 5 * payments.CLAIM_LASTS)

    assert (kept().state, kept().detail) == (EventState.SET_ASIDE, "le traitement s’est interrompu à chaque essai")


@in_a_transaction
def test_who_has_more_than_a_turn_lets_others_work_and_asks_to_go_on(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(_events, "TURN", 2)
    monkeypatch.setattr(queue, "ask", asked.append)
    keep(*(told(number) for number in range(1, 4)))
    asked.clear()

    checkout.take_events(now=NOW)
    assert ([kept(number).attempts for number in range(1, 4)], asked) == ([1, 1, 0], ["payments.events"])
    checkout.take_events(now=NOW)

    assert ([kept(number).attempts for number in range(1, 4)], asked) == ([1, 1, 1], ["payments.events"])


@in_a_transaction
def test_a_message_that_another_process_dealt_with_meanwhile_changes_nothing(sandbox: RunningSandbox) -> None:
    _order, session_id = a_paid_page(sandbox)
    event = told(1, session_id=session_id)
    keep(event)
    payment, _money_back = checkout.ask_about(event)
    checkout.take_events(now=NOW)

    with unit_of_work.transaction():
        assert checkout.take_event(event, payment, now=NOW) is None

    assert kept().outcome is EventOutcome.SETTLED


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application whose threads see what each other commit."""
    with committing_app(database, tmp_path) as made:
        yield made


def test_sweeps_at_once_share_the_messages_and_take_each_once(served: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    claimed: list[str] = []

    def look_up(session_id: str) -> CardPayment:
        claimed.append(session_id)
        return CardPayment(
            session_id=session_id, reference="", open=True, paid=False, amount_cents=0, currency="eur", payment_id="",
            live=False,
        )  # fmt: skip

    monkeypatch.setattr(gateway, "look_up", look_up)
    with served.app_context(), writing():
        keep(*(told(number) for number in range(20)))
        db.session.remove()
    sweep: Callable[[], int] = lambda: checkout.take_events(now=NOW)  # noqa: E731 - the same step four times

    done = at_once(served, *([sweep] * 4))

    assert (sum(done), len(claimed), len(set(claimed))) == (20, 20, 20)
    with served.app_context():
        assert set(db.session.scalars(sa.select(GatewayEvent.state))) == {EventState.DONE}
