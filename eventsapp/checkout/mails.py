"""The mails of an order, one function each."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from eventsapp.core import i18n
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.orders.service import subject
from eventsapp.payments import queries as payments
from eventsapp.payments.models import Payment, PaymentMethod
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract


def order_placed(
    order: Order,
    *,
    method: PaymentMethod,
    seats: Sequence[Registration],
    contracts: Sequence[Contract],
    now: datetime,
) -> None:
    """Tell the buyer that the order is recorded, and how to pay."""
    with i18n.speaking(order.locale):
        instructions, details = payments.payment_instructions(method), payments.payment_details(order, method)
    proforma_url = ""
    if method.proforma and order.balance_cents > 0:
        proforma_url = absolute("payment.proforma", locale=order.locale, reference=order.reference, secret=order.secret)
    _to_buyer(
        "checkout/order_placed",
        order,
        now=now,
        seats=seats,
        contracts=contracts,
        method=method,
        instructions=instructions,
        details=details,
        proforma_url=proforma_url,
        people_url=absolute("participants.people", locale=order.locale, reference=order.reference, secret=order.secret),
    )


def payment_received(order: Order, payment: Payment, *, now: datetime) -> None:
    """Tell the buyer what came in and what it confirms, or that no seat was left."""
    found = subscriptions.agreements_of_order(order.id)
    _to_buyer(
        "checkout/payment_received",
        order,
        now=now,
        payment=payment,
        method=payments.method(payment.method),
        by_card=[(row, absolute("cards.agreement", locale=order.locale, secret=row.secret)) for row in found],
    )


def order_expired(order: Order, *, now: datetime) -> None:
    """Tell the buyer that the seats were given back."""
    _to_buyer("checkout/order_expired", order, now=now, method=payments.method(order.payment_method))


def order_cancelled(
    order: Order, *, reason: str, back_cents: int, card_cents: int = 0, fee_cents: int = 0, now: datetime
) -> None:
    """Tell the buyer that the order is cancelled, why, what is kept, and what goes back: to the card, or another way.

    ``back_cents`` is all that goes back, ``card_cents`` what of it Stripe is asked for.
    """
    _to_buyer(
        "checkout/order_cancelled",
        order,
        now=now,
        reason=reason,
        back_cents=back_cents,
        card_cents=card_cents,
        fee_cents=fee_cents,
    )


def part_cancelled(
    order: Order,
    seats: Sequence[Registration],
    contracts: Sequence[Contract],
    *,
    reason: str,
    back_cents: int,
    card_cents: int = 0,
    fee_cents: int = 0,
    now: datetime,
) -> None:
    """Tell the buyer what of the order is cancelled, why, what is kept, and what goes back; the rest of it stays."""
    _to_buyer(
        "checkout/part_cancelled",
        order,
        now=now,
        gone_seats=seats,
        gone_contracts=contracts,
        reason=reason,
        back_cents=back_cents,
        card_cents=card_cents,
        fee_cents=fee_cents,
    )


def access_suspended(order: Order, *, reason: str, now: datetime) -> None:
    """Tell the buyer that money of the order went, or never came, so that its subscription waits for it."""
    promised = payments.terms_of(order).starts_subscription and not payments.payments_of(order.id)
    _to_buyer("checkout/access_suspended", order, now=now, reason=reason, promised=promised)


def suspension_announced(order: Order, *, on: date, now: datetime) -> None:
    """Warn the buyer that the subscription closes ``on`` that day if its money does not come."""
    _to_buyer("checkout/suspension_announced", order, now=now, on=on)


def access_reopened(order: Order, *, now: datetime) -> None:
    """Tell the buyer that the subscription runs on, though its money is still awaited."""
    _to_buyer("checkout/access_reopened", order, now=now)


def seats_released(order: Order, *, reason: str, now: datetime) -> None:
    """Tell the buyer that the seats of the order are given back, since nothing pays for them; the rest of it stays."""
    _to_buyer("checkout/seats_released", order, now=now, reason=reason)


def withdrawal_received(order: Order, *, now: datetime) -> None:
    """Acknowledge that the buyer withdraws: in which words, on which day, at what hour."""
    _to_buyer("checkout/withdrawal_received", order, now=now)


def notice_received(order: Order, contract: Contract, *, now: datetime) -> None:
    """Acknowledge that the buyer gives notice of a subscription, and say when it ends."""
    _to_buyer("checkout/notice_received", order, now=now, contract=contract)


def order_links(email: str, found: list[Order], *, locale: str, now: datetime) -> None:
    """Send the private links of the orders placed with an address to that address."""
    outbox.queue_mail(
        "checkout/order_links",
        to=email,
        now=now,
        locale=locale,
        orders=[(order, _link(order)) for order in found],
        site_name=current().site_name,
    )


def _to_buyer(
    template: str,
    order: Order,
    *,
    now: datetime,
    seats: Sequence[Registration] | None = None,
    contracts: Sequence[Contract] | None = None,
    **context: Any,
) -> None:
    kind, key, _label = subject(order)
    if contracts is None:
        contracts = subscriptions.standing_of_order(order.id)
    outbox.queue_mail(
        template,
        to=order.email,
        to_name=order.buyer_name,
        now=now,
        locale=order.locale,
        about=(kind, key),
        order=order,
        order_url=_link(order),
        registrations=registrations.standing_of_order(order.id) if seats is None else seats,
        contracts=contracts,
        gifts=subscriptions.gifts_of(contracts),
        superseded=order.paid_without_seat and subscriptions.is_renewed_elsewhere(order.id),
        seller=current().seller,
        site_name=current().site_name,
        **context,
    )


def _link(order: Order) -> str:
    return absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret)
