"""Orders paid by card on the sandbox's page, and payment methods as the office writes them."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments import service
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import MethodDraft
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW


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
    pay_page(sandbox, order, now=now)
    return order


def pay_page(sandbox: RunningSandbox, order: Order, *, now: datetime) -> None:
    """Pay an order whose page is open, on that page; it is settled."""
    order_id = order.id
    (page,) = payments.card_sessions_of(order_id)
    assert page.session_id is not None
    sandbox.pay(page.session_id, card=buyer.ACCEPTED)
    checkout.ask_gateway(order_id, now=now)
    db.session.expire_all()


def intent_of(order: Order) -> str:
    """Return Stripe's id of the payment of an order."""
    (payment,) = payments.payments_of(order.id)
    return payment.gateway_reference or ""


def a_method(**values: Any) -> MethodDraft:
    """Return a transfer at 45 days, as the office writes it, unless said otherwise."""
    given: dict[str, Any] = {
        "name": "Virement à 45 jours",
        "name_en": "Transfer in 45 days",
        "summary": "Vous recevez le RIB. Le virement est attendu sous 45 jours.",
        "summary_en": "You receive our bank details. The transfer is awaited within 45 days.",
        "delay_label": "à 45 jours",
        "delay_label_en": "in 45 days",
        "instructions": "Faites le virement sur le compte ci-dessous.",
        "instructions_en": "Transfer the amount to the account below.",
        "shown_details": ("payee", "iban", "bic"),
        "online": False,
        "confirms_seat": True,
        "starts_subscription": False,
        "hold_minutes": None,
        "payment_days": 45,
        "grace_days": 5,
        "purchase_order_days": None,
        "required_fields": (),
        "optional_fields": (),
        "closes_days_before": 0,
        "invoice_at": InvoiceMoment.ORDER,
        "proforma": False,
        "means_code": "30",
        "reference_label": "Référence du virement",
        "enabled": True,
    }
    return MethodDraft(**given | values)


def a_held_method(**values: Any) -> MethodDraft:
    """Return a transfer that is to arrive within ten days, before which the seats are only held."""
    given: dict[str, Any] = {
        "name": "Virement préalable",
        "name_en": "Transfer first",
        "confirms_seat": False,
        "hold_minutes": 10 * 24 * 60,
        "payment_days": None,
        "grace_days": 0,
        "invoice_at": InvoiceMoment.PAYMENT,
        "proforma": True,
    }
    return a_method(**given | values)


def make_method(draft: MethodDraft | None = None, *, place: int = 9) -> PaymentMethod:
    """Write a method as the office does, in a transaction of its own."""
    with unit_of_work.transaction():
        added = service.add_method(draft or a_method(), place=place, actor=make_user(RoleName.ACCOUNTANT), now=NOW)
        code = added.code
    return payments.method(code)
