"""Reading payment methods, payments and what Stripe told."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments.models import CardSession, GatewayEvent, Payment, PaymentMethod, Refund
from eventsapp.payments.statuses import CardSessionStatus


def enabled_methods() -> Sequence[PaymentMethod]:
    """Return the methods on offer, in their order."""
    return db.session.scalars(
        sa.select(PaymentMethod).where(PaymentMethod.enabled).order_by(PaymentMethod.position)
    ).all()


def enabled_method(code: str) -> PaymentMethod | None:
    """Return the method on offer with that code, or ``None``."""
    return db.session.scalar(sa.select(PaymentMethod).where(PaymentMethod.enabled, PaymentMethod.code == code))


def all_methods() -> Sequence[PaymentMethod]:
    """Return every method, those switched off included: an old order may have one."""
    return db.session.scalars(sa.select(PaymentMethod).order_by(PaymentMethod.position)).all()


def method(code: str) -> PaymentMethod:
    """Return the method of an order."""
    return db.session.scalars(sa.select(PaymentMethod).where(PaymentMethod.code == code)).one()


def payments_of(order_id: int) -> Sequence[Payment]:
    """Return the payments of an order, the oldest first."""
    return db.session.scalars(
        sa.select(Payment).where(Payment.order_id == order_id).order_by(Payment.recorded_at, Payment.id)
    ).all()


def refunds_of(order_id: int) -> Sequence[Refund]:
    """Return the refunds of an order, the oldest first."""
    return db.session.scalars(
        sa.select(Refund).where(Refund.order_id == order_id).order_by(Refund.recorded_at, Refund.id)
    ).all()


def payment_by_gateway_reference(reference: str) -> Payment | None:
    """Return the payment that Stripe knows by that id, or ``None``."""
    return db.session.scalar(sa.select(Payment).where(Payment.gateway_reference == reference))


def card_sessions_of(order_id: int) -> Sequence[CardSession]:
    """Return the pages opened at Stripe for an order, the last first."""
    return db.session.scalars(
        sa.select(CardSession).where(CardSession.order_id == order_id).order_by(CardSession.attempt.desc())
    ).all()


def open_card_sessions(order_id: int) -> Sequence[CardSession]:
    """Return the pages of an order that can still be paid, as far as we know."""
    return [row for row in card_sessions_of(order_id) if row.status is CardSessionStatus.OPEN]


def event(event_id: str) -> GatewayEvent | None:
    """Return what we kept of an event, or ``None`` when it is new."""
    return db.session.scalar(sa.select(GatewayEvent).where(GatewayEvent.event_id == event_id))


def payment_details(order: Order, method: PaymentMethod) -> list[tuple[str, str]]:
    """Return label and value of each detail that ``method`` shows and that is known."""
    seller = settings.current().seller
    known = {
        "payee": (_("Ordre"), seller.name),
        "address": (_("Adresse"), seller.address),
        "iban": (_("IBAN"), seller.iban),
        "bic": (_("BIC"), seller.bic),
        "seller_siret": (_("Notre SIRET"), seller.siret),
        "buyer_siret": (_("SIRET facturé"), order.siret),
        "service_code": (_("Code service"), order.service_code),
        "commitment_number": (_("Numéro d’engagement"), order.commitment_number),
    }
    return [known[name] for name in method.shown_details if known[name][1]]
