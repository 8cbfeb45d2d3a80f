"""Stripe hangs, fails or breaks off: nobody pays twice, nobody waits long, nothing is lost."""

import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.gateway import _client as gateway
from eventsapp.payments.models import Payment
from tests.checkout.web.sending import open_day, send, the_order
from tests.support.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.support.invariants import broken

#: Seconds that a buyer may be kept waiting for Stripe.
PATIENCE = 10


@pytest.fixture
def network(app: Flask, sandbox: RunningSandbox) -> Iterator[FaultProxy]:
    """The network between the application and Stripe."""
    with fault_proxy() as proxy:
        parts = urlsplit(sandbox.url)
        proxy.target = (parts.hostname or "", parts.port or 0)
        # The fixture of the sandbox puts the settings back.
        app.extensions["eventsapp.settings"] = replace(app.extensions["eventsapp.settings"], stripe_api_base=proxy.url)
        yield proxy


def order_by_card(client: FlaskClient) -> str:
    answer = send(client, open_day(), {"payment_method": "card", "siret": "", "organisation": ""})
    assert answer.status_code == 303
    return str(answer.location)


def reconcile(app: Flask) -> int:
    """Run the sweep in a context of its own, as the worker does; return how many payments it found."""
    with app.app_context():
        found = checkout.reconcile(now=clock.now())
    db.session.expire_all()
    return found


def require_paid_once(sandbox: RunningSandbox) -> None:
    assert [session["payment_status"] for session in sandbox.objects("checkout.session")] == ["paid"]
    assert (the_order().status, the_order().payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert db.session.scalars(sa.select(Payment.amount_cents)).all() == [62100]
    assert broken() == []


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.RESET, Fault.RESET_AFTER, Fault.CUT])
def test_a_network_that_fails_loses_no_order_and_charges_nobody_twice(
    app: Flask,
    client: FlaskClient,
    sandbox: RunningSandbox,
    network: FaultProxy,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    def turn(now: Fault) -> None:
        # How long a hanging Stripe is waited for, the last test says; here it need not be.
        monkeypatch.setattr(gateway, "PATIENCE", 0.5 if now is Fault.HANG else gateway_patience)
        gateway._client_for.cache_clear()
        network.fault = now

    gateway_patience = gateway.PATIENCE
    turn(fault)
    order_page = order_by_card(client)
    assert urlsplit(order_page).path.startswith("/commandes/")
    assert "ne payez pas une seconde fois" in client.get(order_page).text
    turn(Fault.NONE)

    pages = {client.post(f"{order_page}payer/").location for _ in range(2)}

    assert len(pages) == 1
    buyer.pay(pages.pop())
    turn(fault)
    assert reconcile(app) == 0
    turn(Fault.NONE)
    assert [reconcile(app) for _ in range(2)] == [1, 0]
    require_paid_once(sandbox)
    gateway._client_for.cache_clear()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_stripe_that_fails_opens_one_page_in_the_end(
    app: Flask, client: FlaskClient, sandbox: RunningSandbox, status: int
) -> None:
    sandbox.turn(fail_next=9, fail_status=status)
    order_page = order_by_card(client)
    assert urlsplit(order_page).path.startswith("/commandes/")
    sandbox.turn(fail_next=0)

    page = client.post(f"{order_page}payer/").location

    buyer.pay(page)
    assert reconcile(app) == 1
    require_paid_once(sandbox)


def test_a_stripe_that_hangs_is_left_after_ten_seconds_at_most() -> None:
    waits = (gateway.RETRIES + 1) * gateway.PATIENCE

    # Between two tries the SDK sleeps half a second.
    assert waits + gateway.RETRIES * 0.5 <= PATIENCE


@pytest.mark.long
def test_a_buyer_who_waits_for_stripe_is_answered_in_time_and_their_seat_stays_held(
    client: FlaskClient, network: FaultProxy
) -> None:
    network.fault = Fault.HANG
    started = time.monotonic()

    order_page = order_by_card(client)

    assert time.monotonic() - started < PATIENCE
    assert the_order().status is OrderStatus.PENDING
    assert "ne payez pas une seconde fois" in client.get(order_page).text
    assert network.taken == gateway.RETRIES + 1
