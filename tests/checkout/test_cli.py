"""The command that expires orders."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

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
