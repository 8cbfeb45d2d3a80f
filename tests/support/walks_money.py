"""Random walks that also give money back, lose, bounce and move it, use codes, quotes and slips, and call days off."""

from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Seats
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.invoices.models import QuoteRecord
from eventsapp.payments.models import CardSession, Payment, PaymentAlert, Refund
from eventsapp.payments.statuses import AlertKind, PaymentKind, RefundState
from eventsapp.promotions.statuses import PromoKind
from eventsapp.receipts import queries as receipts_queries
from eventsapp.receipts import service as receipts
from tests.support.makers.orders import a_request, an_attendee, place
from tests.support.makers.promotions import make_code
from tests.support.walks import METHODS, SHARES, WHICH, Walk, nth

#: What Stripe tells of a page, and of money that went back.
_TOLD = ("checkout.session.", "charge.refunded", "refund.", "charge.dispute.")


class MoneyWalk(Walk):
    """Everything that a walk does, and all that becomes of money afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.codes = [
            make_code("DIX", kind=PromoKind.PERCENT, value=10, uses_limit=2).code,
            make_code("GRATUIT", kind=PromoKind.FREE, value=0, uses_limit=1).code,
            make_code("CENT", kind=PromoKind.AMOUNT, value=10_000).code,
        ]

    def teardown(self) -> None:
        try:
            self.deal_with_days()
            self.ask_refunds()
            self.find_money_back()
        finally:
            super().teardown()

    # What buyers do.

    @rule(which=WHICH, method=st.sampled_from(METHODS), day=st.integers(0, 2))
    def order_with_a_code(self, which: int, method: str, day: int) -> None:
        with self.refusing():
            place(self.a_seat(day), payment_method=method, promo_code=nth(self.codes, which), now=self.now)

    @rule(method=st.sampled_from(METHODS), day=st.integers(0, 2))
    def quote(self, method: str, day: int) -> None:
        with self.refusing(), unit_of_work.transaction():
            checkout.make_quote(a_request(self.a_seat(day), payment_method=method), now=self.now)

    @precondition(lambda _self: db.session.scalar(sa.select(QuoteRecord.id).limit(1)))
    @rule(which=WHICH)
    def order_a_quote(self, which: int) -> None:
        quote_id = nth(db.session.scalars(sa.select(QuoteRecord.id).order_by(QuoteRecord.id)).all(), which)
        with self.refusing(), unit_of_work.transaction():
            checkout.order_quote(quote_id, locale="fr", now=self.now)

    @precondition(lambda self: self.orders())
    @rule(which=WHICH)
    def cancel_as_the_buyer(self, which: int) -> None:
        found = self.pick(which)
        with self.refusing():
            fee_cents = checkout.cancellation_offer(found, now=self.now).fee_cents
            with unit_of_work.transaction():
                checkout.cancel_by_buyer(found.id, fee_cents=fee_cents, now=self.now)

    # What the office does.

    @precondition(lambda self: self.orders())
    @rule(which=WHICH, share=SHARES, key=st.sampled_from([None, "a", "b"]))
    def refund_to_the_card(self, which: int, share: int | None, key: str | None) -> None:
        found = self.pick(which)
        cents = self.share(checkout.card_cents(found.id), share)
        with self.refusing(), unit_of_work.transaction():
            checkout.refund_card(
                found.id, amount_cents=cents, reason="Geste", actor=self.actor, now=self.now, form_key=key and key * 20
            )

    @precondition(lambda _self: db.session.scalar(sa.select(Payment.id).limit(1)))
    @rule(which=WHICH)
    def bounce(self, which: int) -> None:
        by_hand = sa.select(Payment.id).where(Payment.gateway_reference.is_(None), Payment.kind == PaymentKind.RECEIVED)
        rows = db.session.scalars(by_hand.order_by(Payment.id)).all()
        if not rows:
            return
        with self.refusing(), unit_of_work.transaction():
            receipts.reverse(
                nth(rows, which), reversed_on=self.now.date(), reason="sans provision", actor=self.actor, now=self.now
            )

    @precondition(lambda self: self.orders())
    @rule(which=WHICH, other=WHICH, share=SHARES)
    def move(self, which: int, other: int, share: int | None) -> None:
        source, target = self.pick(which), self.pick(other)
        cents = self.share(source.paid_cents - source.refunded_cents, share)
        with self.refusing(), unit_of_work.transaction():
            receipts.move(source.id, target.id, amount_cents=cents, reason="Erreur", actor=self.actor, now=self.now)

    @rule(most=st.integers(1, 5))
    def deposit(self, most: int) -> None:
        """Take some of the cheques to the bank."""
        waiting = [cheque.id for cheque in receipts_queries.cheques_to_deposit()][:most]
        with self.refusing(), unit_of_work.transaction():
            receipts.deposit(waiting, deposited_on=self.now.date(), actor=self.actor, now=self.now)

    @precondition(lambda self: self.stuck())
    @rule(which=WHICH)
    def give_up(self, which: int) -> None:
        """Stop counting a refund of which Stripe has said nothing."""
        with self.refusing(), unit_of_work.transaction():
            checkout.give_up_refund(nth(self.stuck(), which), actor=self.actor, now=self.now)

    # What happens at Stripe.

    @precondition(lambda self: self.charged())
    @rule(which=WHICH, share=st.sampled_from([10_000, 5_000, 100]))
    def refund_at_stripe(self, which: int, share: int) -> None:
        payment = nth(self.charged(), which)
        with suppress(ApiError):
            self.sandbox.refund_in_dashboard(
                payment.gateway_reference, amount=max(1, payment.amount_cents * share // 10_000)
            )

    @precondition(lambda self: self.charged())
    @rule(which=WHICH)
    def contest(self, which: int) -> None:
        with suppress(ApiError):
            self.sandbox.dispute_in_dashboard(nth(self.charged(), which).gateway_reference)

    @precondition(lambda self: self.sandbox.objects("dispute"))
    @rule(which=WHICH, won=st.booleans())
    def decide(self, which: int, *, won: bool) -> None:
        with suppress(ApiError):
            self.sandbox.close_dispute(nth(self.sandbox.objects("dispute"), which)["id"], won=won)

    @precondition(lambda self: self.sandbox.objects("refund"))
    @rule(which=WHICH)
    def send_a_refund_back(self, which: int) -> None:
        with suppress(ApiError):
            self.sandbox.fail_refund(nth(self.sandbox.objects("refund"), which)["id"])

    # What the worker does.

    @rule()
    def ask_refunds(self) -> None:
        checkout.ask_refunds(now=self.now)

    @rule()
    def find_money_back(self) -> None:
        checkout.find_money_back(now=self.now)

    @rule()
    def deal_with_days(self) -> None:
        checkout.cancel_orders_of_days(now=self.now)

    # What always holds.

    def no_money_is_lost(self) -> None:
        """Say it of payments; alerts are about refunds and disputes as well here."""
        self.the_books_are_right()
        known = set(db.session.scalars(sa.select(CardSession.session_id)))
        taken = {
            session["payment_intent"]
            for session in self.sandbox.objects("checkout.session")
            if session["payment_status"] == "paid" and session["id"] in known
        }
        counted = set(db.session.scalars(sa.select(Payment.gateway_reference).where(Payment.gateway_reference != "")))
        alerted = set(
            db.session.scalars(sa.select(PaymentAlert.payment_id).where(PaymentAlert.kind == AlertKind.PAYMENT))
        )
        assert taken == counted | alerted, taken ^ (counted | alerted)
        assert not counted & alerted, counted & alerted
        self.what_went_back_is_counted(counted)

    def what_went_back_is_counted(self, counted: set[str | None]) -> None:
        """Say that each refund that Stripe made of money that we count is counted, and none that it did not make."""
        made = {
            row["id"]: row["amount"]
            for row in self.sandbox.objects("refund")
            if row["payment_intent"] in counted and row["status"] == "succeeded"
        }
        made |= {
            row["id"]: row["amount"]
            for row in self.sandbox.objects("dispute")
            if row["payment_intent"] in counted and row["status"] == "lost"
        }
        rows = db.session.execute(
            sa.select(Refund.gateway_reference, Refund.amount_cents).where(
                Refund.state == RefundState.DONE, Refund.payment_id.is_not(None)
            )
        )
        assert (found := dict(rows.all())) == made, found.items() ^ made.items()

    # How a step finds what it is about.

    def a_seat(self, day: int) -> Seats:
        self.people += 1
        return Seats(study_day=self.days[day], attendees=(an_attendee(self.people),))

    def told(self) -> list[dict[str, Any]]:
        return [event for event in self.sandbox.events() if event["type"].startswith(_TOLD)]

    def charged(self) -> list[Payment]:
        return list(
            db.session.scalars(sa.select(Payment).where(Payment.gateway_reference.is_not(None)).order_by(Payment.id))
        )

    def stuck(self) -> list[int]:
        return list(
            db.session.scalars(sa.select(Refund.id).where(Refund.state == RefundState.ASKED).order_by(Refund.id))
        )


def walks(app: Flask, sandbox: RunningSandbox) -> type[MoneyWalk]:
    """Return what walks through ``app`` and pays at ``sandbox``."""
    return type("WalkThere", (MoneyWalk,), {"app": app, "sandbox": sandbox})
