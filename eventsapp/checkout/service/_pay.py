"""Opening Stripe's page for an order."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from eventsapp.checkout.service._ask import ask
from eventsapp.core import i18n, unit_of_work
from eventsapp.core.links import absolute
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments import service as payment_service
from eventsapp.payments.errors import GatewayRefused, NotPayable
from eventsapp.payments.statuses import CardSessionStatus
from eventsapp.registrations import queries as registrations
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import service as subscription_service

#: Stripe keeps a page open for half an hour at least; the worker closes it with the hold.
BEYOND_THE_HOLD = timedelta(minutes=31)
#: ... and for less than a day: an order that waits longer, as one whose card was refused, has another page then.
LONGEST_PAGE = timedelta(hours=23)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToOpen:
    """All that Stripe is asked for, read before the network is used."""

    order_id: int
    attempt: int
    known_url: str
    key: str
    reference: str
    amount_cents: int
    lines: tuple[tuple[str, int, int], ...]
    #: Pages opened before that ask for another amount: they are closed first.
    outdated: tuple[str, ...]
    email: str
    order_url: str
    expires_at: datetime
    locale: str
    #: The buyer agreed that the card renews the subscription.
    keeps_card: bool
    #: Of whom Stripe keeps a card already, since a page that did not fit; empty for nobody.
    customer_id: str


def is_paid_online(order: Order) -> bool:
    """Return whether an order waits for its payment on Stripe's page; it may wait for a transfer as well."""
    return order.status is OrderStatus.PENDING and payments.method(order.payment_method).online


def owes_by_card(order: Order) -> bool:
    """Return whether a confirmed order that is paid online owes something again, and may pay it there."""
    return (
        order.status is OrderStatus.CONFIRMED
        and order.balance_cents > 0
        and not order.paid_without_seat
        and not order.is_being_withdrawn
        and payments.method(order.payment_method).online
    )


def _held_until(order: Order, *, now: datetime) -> datetime | None:
    """Return until when the order waits for its card; of one that owes again there is no other end than its page's."""
    if owes_by_card(order):
        return now
    waits = is_paid_online(order) and order.expires_at is not None and order.expires_at > now
    return order.expires_at if waits else None


def prepare_page(order: Order, *, now: datetime) -> PageToOpen:
    """Return what is needed to open Stripe's page for what is left to pay of ``order``; raise ``NotPayable``."""
    order = orders.lock(order.id)
    held_until = _held_until(order, now=now)
    if held_until is None:
        raise NotPayable(_("Cette commande ne se règle pas, ou plus, par carte."))
    if any(day.status is not StudyDayStatus.PUBLISHED for day in registrations.days_of_order(order.id)):
        raise NotPayable(_("Une journée de cette commande est annulée ou reportée : ne la payez pas."))
    if order.id in payments.alerted_orders():
        raise NotPayable(_("Un paiement est arrivé pour cette commande ; nous le vérifions, ne payez pas de nouveau."))
    for contract in subscriptions.contracts_of_order(order.id):
        if charged := subscription_service.being_charged(contract.renews_id, now=now):
            raise NotPayable(charged)
    sessions = payments.card_sessions_of(order.id)
    agreement = subscriptions.agreement_of_order(order.id)
    open_pages = [row for row in sessions if row.status is CardSessionStatus.OPEN and row.expires_at > now]
    known = next((row for row in open_pages if row.amount_cents == order.balance_cents), None)
    attempt = known.attempt if known else len(sessions) + 1
    return PageToOpen(
        order_id=order.id,
        attempt=attempt,
        known_url=known.url if known else "",
        key=f"pay-{order.reference}-{attempt}",
        reference=order.reference,
        amount_cents=order.balance_cents,
        lines=_lines_in_words_of(order),
        outdated=tuple(row.session_id for row in open_pages if row is not known and row.session_id),
        email=order.email,
        order_url=absolute("orders.order", locale=order.locale, reference=order.reference, secret=order.secret),
        expires_at=min(held_until + BEYOND_THE_HOLD, now + LONGEST_PAGE),
        locale=order.locale,
        keeps_card=agreement is not None,
        customer_id=agreement.customer_id if agreement else "",
    )


def open_page(wanted: PageToOpen, *, now: datetime) -> str:
    """Return the address of Stripe's page; asking twice gives the same page. Holds no transaction while it asks.

    Raises ``GatewayUnavailable``, ``GatewayRefused``, and ``NotPayable`` when an older page turns out to be paid.
    """
    _close_outdated(wanted, now=now)
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
            keeps_card=wanted.keeps_card,
            customer_id=wanted.customer_id,
        )
    except GatewayRefused:
        # Stripe repeats its answer for a key, an error as well: the next attempt needs another.
        with unit_of_work.transaction():
            payment_service.remember_page(
                wanted.order_id,
                attempt=wanted.attempt,
                amount_cents=wanted.amount_cents,
                page=None,
                expires_at=wanted.expires_at,
                now=now,
            )
        raise
    with unit_of_work.transaction():
        payment_service.remember_page(
            wanted.order_id,
            attempt=wanted.attempt,
            amount_cents=wanted.amount_cents,
            page=page,
            expires_at=wanted.expires_at,
            now=now,
        )
    return page.url


def _lines_in_words_of(order: Order) -> tuple[tuple[str, int, int], ...]:
    """Return the lines in the order's language, whoever asks in which: under one key Stripe takes one wording."""
    with i18n.speaking(order.locale):
        return _lines(order)


def _lines(order: Order) -> tuple[tuple[str, int, int], ...]:
    """Return what the page lists, which always adds up to what is left to pay."""
    if order.balance_cents == order.total_cents:
        return tuple(_line(line) for line in order.lines if line.total_cents or not line.discount_cents)
    return ((_("Reste à payer de la commande %(reference)s", reference=order.reference), 1, order.balance_cents),)


def _line(line: OrderLine) -> tuple[str, int, int]:
    """Return words, number and price of one; a line at a discount is one thing, whose price holds all of it."""
    if not line.discount_cents:
        return line.local_label, line.quantity, line.unit_price_cents
    return (f"{line.quantity} × {line.local_label}" if line.quantity > 1 else line.local_label), 1, line.total_cents


def _close_outdated(wanted: PageToOpen, *, now: datetime) -> None:
    answers = ask(wanted.outdated, gateway.close_page, now=now)
    if answers.silence is not None:
        raise answers.silence
    if answers.settled or answers.refused:
        raise NotPayable(_("Un paiement est arrivé pour cette commande ; nous le vérifions, ne payez pas de nouveau."))
