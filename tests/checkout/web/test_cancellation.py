"""The buyer cancels on a page that says what it costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from tests.support.makers.payments import paid_by_card
from tests.support.makers.study_days import make_study_day

NOW = datetime.now(UTC)


@pytest.fixture
def order(client: FlaskClient, sandbox: RunningSandbox) -> Order:
    return paid_by_card(sandbox, make_study_day(starts_at=NOW + timedelta(days=6)), now=NOW)


def address(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/annuler/"


def test_the_page_says_the_terms_and_what_comes_back_then_does_it_once(client: FlaskClient, order: Order) -> None:
    shown = client.get(address(order)).text
    assert "50\u00a0% du prix retenu" in shown.replace("\u202f", "\u00a0").replace("50 %", "50\u00a0%")
    assert shown.count("310,50\u00a0€") == 2
    fee = re.search(r'name="fee_cents" value="(\d+)"', shown)
    assert fee is not None

    answers = [client.post(address(order), data={"fee_cents": fee[1]}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 409]
    assert (order.status, order.kept_cents, order.refunded_cents) == (OrderStatus.CANCELLED, 31050, 31050)
    assert "310,50\u00a0€ vous sont rendus" in client.get(f"/commandes/{order.reference}/{order.secret}/").text


@pytest.mark.parametrize(("typed", "status"), [({"fee_cents": "0"}, 409), ({}, 422), ({"fee_cents": "-1"}, 422)])
def test_what_was_not_agreed_to_changes_nothing(
    client: FlaskClient, order: Order, typed: dict[str, str], status: int
) -> None:
    assert client.post(address(order), data=typed).status_code == status

    assert order.status is OrderStatus.CONFIRMED


def test_another_s_secret_opens_nothing(client: FlaskClient, order: Order) -> None:
    assert client.get(f"/commandes/{order.reference}/autre/annuler/").status_code == 404
