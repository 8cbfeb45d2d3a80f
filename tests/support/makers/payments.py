"""Payment methods as an office may set them, and orders paid by card on the sandbox's page."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.study_days.models import StudyDay
from tests.support.makers.orders import an_attendee, place, seats


def set_method(code: str, **values: Any) -> None:
    """Change what a method says, as the office may."""
    db.session.execute(sa.update(PaymentMethod).where(PaymentMethod.code == code).values(**values))
    db.session.commit()


def card_order(day: StudyDay, number: int = 1, *, now: datetime) -> Order:
    """Place an order to be paid by card and open its page."""
    order = place(seats(day, an_attendee(number)), payment_method="card", now=now)
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)
    return order


def paid_by_card(sandbox: RunningSandbox, day: StudyDay, number: int = 1, *, now: datetime) -> Order:
    """Place an order and pay it on Stripe's page; it is settled."""
    order = card_order(day, number, now=now)
    order_id = order.id
    (page,) = payments.card_sessions_of(order_id)
    assert page.session_id is not None
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)
    checkout.ask_gateway(order_id, now=now)
    db.session.expire_all()
    return order


def intent_of(order: Order) -> str:
    """Return Stripe's id of the payment of an order."""
    (payment,) = payments.payments_of(order.id)
    return payment.gateway_reference or ""
