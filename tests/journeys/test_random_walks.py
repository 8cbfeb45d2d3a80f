"""Random walks through orders, money and invoices: the books are right after every step, on both databases."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import service as payments
from eventsapp.registrations import service as registrations
from tests.support.walks_money import walks

#: ``EVENTSAPP_WALKS=1000`` walks a thousand times two hundred steps, on other ways each time.
WALKS = int(os.environ.get("EVENTSAPP_WALKS", "0"))
SHORT = settings(
    max_examples=WALKS or 6,
    stateful_step_count=200 if WALKS else 25,
    derandomize=not WALKS,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.long
def test_whatever_happens_the_books_are_right(app: Flask, sandbox: RunningSandbox) -> None:
    run_state_machine_as_test(walks(app, sandbox), settings=SHORT)


def careless_seats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sell what is not there."""
    monkeypatch.setattr(registrations, "release", lambda _order_id, **_now: [])


def careless_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count what Stripe tells as often as it tells it."""
    record, told = payments.record_payment, iter(range(10**6))

    def count_again(*order: Any, **money: Any) -> object:
        reference = money.pop("gateway_reference")
        return record(*order, **money, gateway_reference=reference and f"{reference}-{next(told)}")

    monkeypatch.setattr(payments, "record_payment", count_again)
    monkeypatch.setattr(payment_queries, "payment_by_gateway_reference", lambda _reference: None)


@pytest.mark.long
@pytest.mark.parametrize("without_guard", [careless_seats, careless_messages])
def test_without_a_guard_a_walk_finds_it(
    app: Flask,
    sandbox: RunningSandbox,
    monkeypatch: pytest.MonkeyPatch,
    without_guard: Callable[[pytest.MonkeyPatch], None],
) -> None:
    without_guard(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            walks(app, sandbox),
            settings=settings(SHORT, max_examples=200, phases=[Phase.generate], report_multiple_bugs=False),
        )
