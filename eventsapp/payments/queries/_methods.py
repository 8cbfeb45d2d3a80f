"""Reading payment methods, and what each asks to be shown."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from stdnum import iban

from eventsapp.core import french, settings
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentMethod


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


def refund_methods() -> Sequence[PaymentMethod]:
    """Return the ways by which the office can send money back by hand: none online, nor by a buyer's purchase order."""
    return [row for row in all_methods() if not row.online and row.purchase_order_days is None]


def method_names() -> dict[str, str]:
    """Return code → name of every method, in the language in use."""
    return {row.code: row.local_name for row in all_methods()}


def method(code: str) -> PaymentMethod:
    """Return the method of an order."""
    return db.session.scalars(sa.select(PaymentMethod).where(PaymentMethod.code == code)).one()


def payment_instructions(method: PaymentMethod) -> str:
    """Return how to pay by ``method``; while what it points to is not set, how to ask us for it."""
    seller = settings.current().seller
    text: str
    if "iban" in method.shown_details and not seller.iban:
        text = _("Nos coordonnées bancaires vous sont données sur demande : répondez au courriel de confirmation.")
    elif "address" in method.shown_details and not seller.address:
        text = _("L’adresse où envoyer le règlement est donnée sur demande : répondez au courriel de confirmation.")
    else:
        text = method.local_instructions
    return text


def payment_details(order: Order, method: PaymentMethod) -> list[tuple[str, str]]:
    """Return label and value of each detail that ``method`` shows and that is known."""
    seller = settings.current().seller
    known = {
        "payee": (_("Ordre"), seller.name),
        "address": (_("Adresse"), seller.address),
        "iban": (_("IBAN"), iban.format(seller.iban)),
        "bic": (_("BIC"), seller.bic),
        "seller_siret": (_("Notre SIRET"), french.siret(seller.siret)),
        "buyer_siret": (_("SIRET facturé"), french.siret(order.siret)),
        "service_code": (_("Code service"), order.service_code),
        "commitment_number": (_("Numéro d’engagement"), order.commitment_number),
    }
    return [known[name] for name in method.shown_details if known[name][1]]
