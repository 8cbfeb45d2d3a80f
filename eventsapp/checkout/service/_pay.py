"""Opening Stripe's page for an order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from eventsapp.core import unit_of_work
from eventsapp.core.links import absolute
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments import service as payment_service
from eventsapp.payments.errors import GatewayRefused, NotPayable
from eventsapp.payments.statuses import CardSessionStatus

#: Stripe keeps a page open for half an hour at least; the worker closes it with the hold.
BEYOND_THE_HOLD = timedelta(minutes=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToOpen:
    """All that Stripe is asked for, read before the network is used."""

    order_id: int
    attempt: int
    known_url: str
    key: str
    reference: str
    lines: tuple[tuple[str, int, int], ...]
    email: str
    order_url: str
    expires_at: datetime
    locale: str


def prepare_page(order: Order, *, now: datetime) -> PageToOpen:
    """Return what is needed to open Stripe's page for ``order``, lines loaded; raise ``NotPayable``."""
    if order.status is not OrderStatus.PENDING or order.expires_at is None or order.expires_at <= now:
        raise NotPayable(_("Cette commande ne se règle pas, ou plus, par carte."))
    sessions = payments.card_sessions_of(order.id)
    open_pages = [row for row in sessions if row.status is CardSessionStatus.OPEN and row.expires_at > now]
    attempt = open_pages[0].attempt if open_pages else len(sessions) + 1
    return PageToOpen(
        order_id=order.id,
        attempt=attempt,
        known_url=open_pages[0].url if open_pages else "",
        key=f"pay-{order.reference}-{attempt}",
        reference=order.reference,
        lines=tuple((line.label, line.quantity, line.unit_price_cents) for line in order.lines),
        email=order.email,
        order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
        expires_at=order.expires_at + BEYOND_THE_HOLD,
        locale=order.locale,
    )


def open_page(wanted: PageToOpen, *, now: datetime) -> str:
    """Return the address of Stripe's page; asking twice gives the same page. Holds no transaction while it asks.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    if wanted.known_url:
        return wanted.known_url
    try:
        page = gateway.open_page(
            key=wanted.key,
            reference=wanted.reference,
            lines=wanted.lines,
            email=wanted.email,
            success_url=f"{wanted.order_url}?retour=carte",
            cancel_url=wanted.order_url,
            expires_at=wanted.expires_at,
            locale=wanted.locale,
        )
    except GatewayRefused:
        # Stripe repeats its answer for a key, an error as well: the next attempt needs another.
        with unit_of_work.transaction():
            payment_service.remember_page(
                wanted.order_id, attempt=wanted.attempt, page=None, expires_at=wanted.expires_at, now=now
            )
        raise
    with unit_of_work.transaction():
        payment_service.remember_page(
            wanted.order_id, attempt=wanted.attempt, page=page, expires_at=wanted.expires_at, now=now
        )
    return page.url
