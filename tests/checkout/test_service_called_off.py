"""A day of three hundred, called off by processes that are killed half-way: everything once, nothing left out.

Every third buyer has a seat at another day as well, which stays.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.models import DayCancellationItem
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, running_sandbox
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Buyer
from eventsapp.payments.models import Refund
from eventsapp.payments.statuses import RefundState
from eventsapp.payments.values import CardPayment
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from tests.support.database import ENVIRONMENT, migrated_app
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, seats
from tests.support.makers.study_days import make_study_day
from tests.support.stack import ROOT

PEOPLE = 300
MIXED = PEOPLE // 3
NOW = datetime.now(UTC)


@pytest.mark.long
def test_three_hundred_are_cancelled_credited_refunded_and_told_once_though_the_process_is_killed(
    tmp_path: Path,
) -> None:
    with running_sandbox(webhook_secret=ENVIRONMENT["STRIPE_WEBHOOK_SECRET"]) as sandbox:
        environment = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/killed.sqlite",
            "STORAGE_URL": f"file://{tmp_path}/files",
            "STRIPE_API_BASE": sandbox.url,
        }
        app = migrated_app(environment)
        with app.app_context():
            _call_off(app, sandbox)
        run = ENVIRONMENT | environment

        _run_and_kill(["orders", "cancel-of-days"], run, until=lambda: _dealt_with(app) >= PEOPLE // 2)
        half = _dealt_with(app)
        assert PEOPLE // 2 <= half < PEOPLE
        assert _counts(app) == (half, half, half)
        _finish(["orders", "cancel-of-days"], run)

        _run_and_kill(["payments", "reconcile"], run, until=lambda: len(sandbox.objects("refund")) >= PEOPLE // 3)
        assert len(sandbox.objects("refund")) < PEOPLE
        _finish(["payments", "reconcile"], run)
        _finish(["orders", "cancel-of-days"], run)

        with app.app_context():
            assert _counts(app) == (PEOPLE, PEOPLE, PEOPLE)
            _require_nothing_twice(sandbox)
            db.session.remove()
            db.engine.dispose()


def _call_off(app: Flask, sandbox: RunningSandbox) -> None:
    """Sell every seat by card, to one buyer each, and call the day off; its orders wait."""
    day, other = (make_study_day(starts_at=NOW + timedelta(days=60), capacity=PEOPLE).slug for _ in range(2))
    with unit_of_work.transaction():
        for number in range(PEOPLE):
            _place_and_pay([day] if number % 3 else [day, other], number, sandbox)
    with unit_of_work.transaction():
        found = study_days.day_in_full(day)
        assert found is not None
        told = checkout.cancel_day(found, note="La salle est fermée.", actor=make_user(RoleName.ORGANISER), now=NOW)
    assert told == PEOPLE
    assert _counts(app) == (0, 0, 0)


def _place_and_pay(slugs: list[str], number: int, sandbox: RunningSandbox) -> None:
    days = [day for slug in slugs if (day := study_days.shown_day(slug)) is not None]
    person = an_attendee(number)
    order, _bought = checkout.place_order(
        a_request(
            *(seats(day, person) for day in days),
            buyer=Buyer(email=person.email, first_name=person.first_name, last_name=person.last_name),
            payment_method="card",
        ),
        now=NOW,
    )
    # Straight at the sandbox: three hundred pages paid one by one would be what takes the time here.
    intent = _paid_at_stripe(sandbox, order.total_cents)
    outcome, problem, _order = checkout.settle_card(
        CardPayment(
            session_id=f"cs_test_{number}", reference=order.reference, open=False, paid=True,
            amount_cents=order.total_cents, currency="eur", payment_id=intent, live=False,
        ),
        now=NOW,
    )  # fmt: skip
    assert (outcome, problem) == ("settled", "")


def _paid_at_stripe(sandbox: RunningSandbox, cents: int) -> str:
    number = len(sandbox.sandbox.store.ids_newest_first("charge"))
    charge = {
        "id": f"ch_{number}", "object": "charge", "amount": cents, "amount_captured": cents, "amount_refunded": 0,
        "currency": "eur", "disputed": False, "paid": True, "payment_intent": f"pi_{number}",
        "payment_method": f"pm_{number}", "refunded": False, "status": "succeeded", "created": int(time.time()),
    }  # fmt: skip
    intent = {
        "id": f"pi_{number}", "object": "payment_intent", "status": "succeeded", "latest_charge": charge["id"],
        "created": int(time.time()),
    }  # fmt: skip
    with sandbox.sandbox.store.transaction():
        sandbox.sandbox.store.put(charge)
        sandbox.sandbox.store.put(intent)
    return f"pi_{number}"


def _command(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "flask", "--app", "app", *arguments]


def _run_and_kill(arguments: list[str], environment: dict[str, str], *, until: Callable[[], bool]) -> None:
    process = subprocess.Popen(_command(arguments), cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 240
    while not until():
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    assert process.wait(10) == -signal.SIGKILL


def _finish(arguments: list[str], environment: dict[str, str]) -> None:
    subprocess.run(_command(arguments), cwd=ROOT, env=os.environ | environment, check=True, timeout=300)


def _dealt_with(app: Flask) -> int:
    with app.app_context():
        return _count(DayCancellationItem, DayCancellationItem.outcome != ItemOutcome.WAITING)


def _counts(app: Flask) -> tuple[int, int, int]:
    """Return how many mails of it, credit notes and refunds there are."""
    with app.app_context():
        return (
            _count(OutgoingMail, OutgoingMail.template == "registrations/day_cancelled"),
            _count(Invoice, Invoice.kind == DocumentKind.CREDIT_NOTE),
            _count(Refund, sa.true()),
        )


def _count(model: type, where: sa.ColumnElement[bool]) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0


def _require_nothing_twice(sandbox: RunningSandbox) -> None:
    told = db.session.scalars(
        sa.select(OutgoingMail.to_address).where(OutgoingMail.template == "registrations/day_cancelled")
    ).all()
    credited = db.session.scalars(sa.select(Invoice.order_id).where(Invoice.kind == DocumentKind.CREDIT_NOTE)).all()
    refunded = db.session.execute(sa.select(Refund.order_id, Refund.state, Refund.amount_cents)).all()
    at_stripe = Counter(made["payment_intent"] for made in sandbox.objects("refund"))
    assert len(set(told)) == len(set(credited)) == len({row.order_id for row in refunded}) == len(at_stripe) == PEOPLE
    assert set(at_stripe.values()) == {1}
    assert {(row.state, row.amount_cents) for row in refunded} == {(RefundState.DONE, 62100)}
    stands = db.session.execute(
        sa.select(Order.status, Order.payment_status, Order.credited_cents, Order.paid_cents, Order.refunded_cents)
    ).all()
    assert Counter(tuple(row) for row in stands) == {
        (OrderStatus.CANCELLED, PaymentStatus.REFUNDED, 62100, 62100, 62100): PEOPLE - MIXED,
        (OrderStatus.CONFIRMED, PaymentStatus.PAID, 62100, 124200, 62100): MIXED,
    }
    assert Counter(db.session.scalars(sa.select(Registration.status))) == {
        RegistrationStatus.CANCELLED: PEOPLE,
        RegistrationStatus.CONFIRMED: MIXED,
    }
    assert broken() == []
