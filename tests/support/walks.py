"""Random walks through everything that moves an order, its money and its invoices."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item, MoneyReceived, Seats, Subscription
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.values import CreditPart
from eventsapp.ops.doctor import by_query
from eventsapp.orders import queries as order_queries
from eventsapp.orders.models import Order
from eventsapp.payments import gateway
from eventsapp.payments import service as payments
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, PaymentAlert
from eventsapp.payments.statuses import EventState
from eventsapp.study_days import queries as study_days
from tests.support.database import undone
from tests.support.invariants import broken, fingerprints
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan

#: So few seats that they run out.
SEATS = 4
METHODS = ("card", "mandat", "cheque", "transfer")
WHICH = st.integers(min_value=0, max_value=30)
#: Of what is left to pay: a part, all of it, a cent off, too much.
SHARES = st.sampled_from([10_000, -1, 0, 1, 5_000, None])


class Walk(RuleBasedStateMachine):
    """One walk, in a transaction that is undone; what must always hold is asked after each step."""

    app: ClassVar[Flask]
    sandbox: ClassVar[RunningSandbox]

    def __init__(self) -> None:
        super().__init__()
        self.started_at = self.now = datetime.now(UTC)
        self.issued: dict[str, str] = {}
        self.people = 0
        self.sandbox.reset()
        self.around = ExitStack()
        self.around.enter_context(undone(self.app))
        self.actor: User = make_user(RoleName.ADMINISTRATOR)
        starts_at = self.now + timedelta(days=60)
        self.days = [make_study_day(starts_at=starts_at, capacity=SEATS).slug for _ in range(3)]
        self.plan = make_plan().slug

    def teardown(self) -> None:
        try:
            self.pass_time(60)
            self.deal_with_what_was_told()
            self.reconcile()
            self.no_money_is_lost()
        finally:
            self.around.close()

    # What buyers do.

    @rule(method=st.sampled_from(METHODS), day=st.integers(0, 3), people=st.integers(1, 3), subscribes=st.booleans())
    def order(self, method: str, day: int, people: int, *, subscribes: bool) -> None:
        items: list[Item] = []
        if day < len(self.days):
            attendees = tuple(an_attendee(self.people + number) for number in range(people))
            items.append(Seats(study_day=self.days[day], attendees=attendees))
            self.people += people
        if subscribes or not items:
            items.append(Subscription(plan=self.plan))
        with self.refusing():
            place(*items, payment_method=method, now=self.now)

    @rule(day=st.integers(0, 3))
    def buy_by_card(self, day: int) -> None:
        """Order, open the page and pay it in one go, as nearly everybody does."""
        before = self.pages()
        self.order(method="card", day=day, people=1, subscribes=False)
        if self.orders():
            self.open_page(which=0)
        if self.pages() != before:
            self.pay_page(which=0, taken=None)

    @precondition(lambda self: self.orders())
    @rule(which=WHICH)
    def open_page(self, which: int) -> None:
        found = self.pick(which)
        with self.refusing():
            checkout.open_page(checkout.prepare_page(found, now=self.now), now=self.now)

    @precondition(lambda self: self.pages())
    @rule(which=WHICH, taken=st.sampled_from([None, None, None, 1, 62_099]))
    def pay_page(self, which: int, taken: int | None) -> None:
        """Pay at Stripe, which for once takes another amount than asked; nobody tells us yet."""
        session_id = nth(self.pages(), which)
        store = self.sandbox.sandbox.store
        before = store.find("checkout.session", session_id)
        self.sandbox.pay(session_id)
        after = store.find("checkout.session", session_id)
        assert before is not None
        assert after is not None
        if taken is not None and before["status"] == "open" and after["payment_status"] == "paid":
            with store.transaction():
                store.put(after | {"amount_total": taken})

    @precondition(lambda self: self.told())
    @rule(which=WHICH, another_id=st.booleans())
    def hear(self, which: int, *, another_id: bool) -> None:
        """Be told any event, perhaps once more, perhaps under another name; nobody deals with it yet."""
        told = nth(self.told(), which)
        body, headers = self.sandbox.letter(told | {"id": f"{told['id']}_again"} if another_id else told)
        with unit_of_work.transaction():
            payments.keep_event(gateway.read_event(body, headers["Stripe-Signature"]), now=self.now)

    @rule()
    def deal_with_what_was_told(self) -> None:
        checkout.take_events(now=self.now)

    # What the office does.

    @precondition(lambda self: self.orders())
    @rule(which=WHICH, method=st.sampled_from(METHODS[1:]), share=SHARES, key=st.sampled_from([None, "a", "b"]))
    def receive(self, which: int, method: str, share: int | None, key: str | None) -> None:
        found = self.pick(which)
        cents = self.share(found.balance_cents, share)
        if cents <= 0:
            return
        money = MoneyReceived(
            method=method,
            amount_cents=cents,
            reference=f"{which}",
            form_key=key and key * 20,
            surely_too_much=True,
        )
        with self.refusing(), unit_of_work.transaction():
            checkout.settle(found.id, money, received_on=self.now.date(), now=self.now, actor=self.actor)

    @precondition(lambda self: self.orders())
    @rule(which=WHICH, share=SHARES, again=st.booleans())
    def refund(self, which: int, share: int | None, *, again: bool) -> None:
        found = self.pick(which)
        cents = self.share(found.paid_cents - found.refunded_cents, share)
        with self.refusing(), unit_of_work.transaction():
            checkout.refund_by_hand(
                found.id, amount_cents=cents, refunded_on=self.now.date(), reason="Annulation", actor=self.actor,
                now=self.now, surely_new=again,
            )  # fmt: skip

    @precondition(lambda self: self.orders())
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        found = self.pick(which)
        with self.refusing(), unit_of_work.transaction():
            checkout.cancel_order(found.id, reason="À leur demande", actor=self.actor, now=self.now)

    @precondition(lambda self: self.orders())
    @rule(which=WHICH, seats=st.integers(0, 7), contracts=st.booleans(), by_office=st.booleans(), free=st.booleans())
    def cancel_part(self, which: int, seats: int, *, contracts: bool, by_office: bool, free: bool) -> None:
        """Cancel some of the seats, and of the subscriptions, as the buyer or the office asks, who saw the fee."""
        found = self.pick(which)
        there = checkout.cancellable(found, now=self.now)
        seat_ids = [row.id for bit, row in enumerate(there.seats) if seats & (1 << bit)]
        contract_ids = [row.id for row in there.contracts if contracts]
        actor = self.actor if by_office else None
        with self.refusing():
            offer = checkout.part_offer(
                found, seat_ids=seat_ids, contract_ids=contract_ids, now=self.now, by_buyer=actor is None, free=free
            )
            with unit_of_work.transaction():
                checkout.cancel_part(
                    found.id, seat_ids=seat_ids, contract_ids=contract_ids, fee_cents=offer.fee_cents, free=free,
                    reason="Empêchement" if by_office else "", actor=actor, now=self.now,
                )  # fmt: skip
            db.session.expire_all()
            again = order_queries.by_reference(found.reference)
            assert again is not None
            assert (again.owed_cents, max(0, again.balance_cents)) == (offer.owed_cents, offer.balance_cents)

    @precondition(lambda self: self.orders())
    @rule(which=WHICH)
    def invoice(self, which: int) -> None:
        found = self.pick(which)
        with self.refusing(), unit_of_work.transaction():
            checkout.invoice_order(found.id, actor=self.actor, now=self.now)

    @precondition(lambda _self: db.session.scalar(sa.select(Invoice.id).limit(1)))
    @rule(which=WHICH, share=SHARES)
    def credit(self, which: int, share: int | None) -> None:
        found = nth(db.session.scalars(sa.select(Invoice).order_by(Invoice.id)).all(), which)
        cents = self.share(found.total_cents, share)
        with self.refusing(), unit_of_work.transaction():
            checkout.credit_invoice(found, amount_cents=cents, reason="Geste", actor=self.actor, now=self.now)

    @precondition(lambda _self: db.session.scalar(sa.select(Invoice.id).limit(1)))
    @rule(which=WHICH, line=WHICH, units=st.integers(1, 3), share=SHARES, by_units=st.booleans())
    def credit_line(self, which: int, line: int, units: int, share: int | None, *, by_units: bool) -> None:
        """Credit so many of one line, or so much of it."""
        keys = db.session.scalars(sa.select(Invoice.id).order_by(Invoice.id)).all()
        found = invoice_queries.in_full(nth(keys, which))
        piece = nth(invoice_queries.invoiced(found), line)
        cents = None if by_units else max(1, self.share(piece.gross_cents, share))
        part = CreditPart(order_line_id=piece.order_line_id or 0, amount_cents=cents, quantity=units)
        with self.refusing(), unit_of_work.transaction():
            checkout.credit_invoice(found, parts=[part], reason="Geste", actor=self.actor, now=self.now)

    @precondition(lambda _self: db.session.scalar(sa.select(Invoice.id).limit(1)))
    @rule(which=WHICH)
    def write_anew(self, which: int) -> None:
        """Take an invoice back whole to write another."""
        found = nth(db.session.scalars(sa.select(Invoice).order_by(Invoice.id)).all(), which)
        with self.refusing(), unit_of_work.transaction():
            checkout.credit_invoice(found, redo=True, reason="Erreur", actor=self.actor, now=self.now)

    @precondition(lambda _self: db.session.scalar(sa.select(PaymentAlert.id).where(PaymentAlert.handled_at.is_(None))))
    @rule(which=WHICH)
    def handle_alert(self, which: int) -> None:
        alerts = db.session.scalars(sa.select(PaymentAlert.id).order_by(PaymentAlert.id)).all()
        with self.refusing(), unit_of_work.transaction():
            payments.handle_alert(nth(alerts, which), note="Vu", actor=self.actor, now=self.now)

    @rule(which=st.integers(0, 20))
    def call_off(self, which: int) -> None:
        """Call a day off, though seldom."""
        if which >= len(self.days):
            return
        with self.refusing(), unit_of_work.transaction():
            found = study_days.day_in_full(self.days[which])
            assert found is not None
            checkout.cancel_day(found, note="", actor=self.actor, now=self.now)

    # What time does.

    @rule(minutes=st.sampled_from([1, 29, 31, 50]))
    def pass_time(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.sandbox.turn(clock_ahead_seconds=int((self.now - self.started_at).total_seconds()))
        checkout.expire_due(now=self.now)

    @rule()
    def reconcile(self) -> None:
        checkout.reconcile(now=self.now)

    # What always holds.

    @invariant()
    def the_books_are_right(self) -> None:
        db.session.expire_all()
        assert (found := broken()) == [], found
        told = [problem for name, said in by_query(now=self.now) if name != "I8 mails" for problem in said]
        assert told == [], told

    @invariant()
    def no_message_fails(self) -> None:
        """Say that whatever Stripe told in whatever order could be dealt with: here it always answers."""
        failed = sa.select(GatewayEvent.detail).where(GatewayEvent.state != EventState.DONE, GatewayEvent.detail != "")
        assert (found := db.session.scalars(failed).all()) == [], found

    @invariant()
    def what_was_issued_stays(self) -> None:
        now = fingerprints()
        assert {number: now.get(number) for number in self.issued} == self.issued
        self.issued = now

    def no_money_is_lost(self) -> None:
        """Say that what Stripe took for a page we know was counted once, or is shown to the office."""
        self.the_books_are_right()
        known = set(db.session.scalars(sa.select(CardSession.session_id)))
        taken = {
            session["payment_intent"]
            for session in self.sandbox.objects("checkout.session")
            if session["payment_status"] == "paid" and session["id"] in known
        }
        counted = set(db.session.scalars(sa.select(Payment.gateway_reference).where(Payment.gateway_reference != "")))
        alerted = set(db.session.scalars(sa.select(PaymentAlert.payment_id)))
        assert taken == counted | alerted, taken ^ (counted | alerted)
        assert not counted & alerted, counted & alerted

    # How a step finds what it is about.

    def orders(self) -> list[int]:
        return list(db.session.scalars(sa.select(Order.id).order_by(Order.id)))

    def pages(self) -> list[str]:
        rows = db.session.scalars(sa.select(CardSession.session_id).order_by(CardSession.id))
        return [session_id for session_id in rows if session_id]

    def told(self) -> list[dict[str, Any]]:
        """Return what Stripe told of its pages, the last first."""
        return [event for event in self.sandbox.events() if event["type"].startswith("checkout.session.")]

    def pick(self, which: int) -> Order:
        found = order_queries.by_reference(
            db.session.scalars(sa.select(Order.reference).where(Order.id == nth(self.orders(), which))).one()
        )
        assert found is not None
        return found

    @staticmethod
    def share(whole: int, share: int | None) -> int:
        """Return a part of ``whole`` in hundredths of a percent, all and some cents more or less, or too much."""
        if share is None:
            return whole + 10_000
        return whole + share if abs(share) <= 1 else whole * share // 10_000

    @staticmethod
    @contextmanager
    def refusing() -> Iterator[None]:
        """Let a step be refused; anything else is a bug."""
        try:
            yield
        except Refusal:
            db.session.rollback()


def nth(rows: Any, which: int) -> Any:
    """Return one of ``rows``, the last ones first, whatever the number."""
    return rows[-1 - which % len(rows)]
