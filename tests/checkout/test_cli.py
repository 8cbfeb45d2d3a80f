"""The commands that expire orders and ask Stripe what no message told."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.demo.sandbox import RunningSandbox, buyer
from tests.checkout.looking import statuses, taken
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.mark.parametrize(("minutes", "told", "left"), [(29, "0 expired\n", 1), (31, "1 expired\n", 0)])
def test_holds_that_are_over_are_given_back(app: Flask, minutes: int, told: str, left: int) -> None:
    day = make_study_day()
    place(seats(day), payment_method="card")

    with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
        result = app.test_cli_runner().invoke(args=["orders", "expire"])

    assert (result.exit_code, result.output, taken(day)) == (0, told, left)
    assert [status.value for status in statuses()] == (["held"] if left else ["cancelled"])


def test_payments_that_no_message_told_are_settled_by_command(app: Flask, sandbox: RunningSandbox) -> None:
    now = datetime.now(UTC)
    order = place(seats(make_study_day(starts_at=now + timedelta(days=60))), payment_method="card", now=now)
    page = checkout.open_page(checkout.prepare_page(order, now=now), now=now)
    buyer.pay(page, card=buyer.ACCEPTED)

    outputs = [app.test_cli_runner().invoke(args=["payments", "reconcile"]).output for _ in range(2)]

    rest = "0 refunded, 0 refused, 0 waiting\n0 found given back or contested\n"
    assert outputs == [f"0 messages dealt with\n{number} settled\n{rest}" for number in (1, 0)]
    assert [status.value for status in statuses()] == ["confirmed"]
