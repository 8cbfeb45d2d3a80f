"""Cancelling an order: by the office, or by its buyer under the terms of its days."""

from dataclasses import dataclass
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails, queries, rules
from eventsapp.checkout.errors import NotCancellable, OfferChanged
from eventsapp.checkout.service._refund import card_cents, write_card_refunds
from eventsapp.core import clock
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import service as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import NEXT, OrderStatus
from eventsapp.promotions import service as promotions
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions

#: What the history and the credit note say of it.
_BY_BUYER = "Annulée par l’acheteur"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTerms:
    """What cancelling costs for one day of an order."""

    day: StudyDay
    #: Days before the event and percent kept, the farthest first; empty where nothing is kept whenever it is.
    steps: tuple[tuple[int, int], ...]
    percent: int
    price_cents: int
    fee_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationOffer:
    """What becomes of the money when the buyer cancels now, in cents."""

    days: tuple[DayTerms, ...]
    fee_cents: int
    #: What goes back, and what of it to a card.
    back_cents: int
    card_cents: int


def cancel_order(order_id: int, *, reason: str, actor: User, now: datetime) -> Order:
    """Give the seats back, end the subscriptions, credit what was invoiced; money that came in stays to be refunded.

    Raises ``IllegalTransition``.
    """
    order = orders.lock(order_id)
    close(order, reason=reason, now=now, actor=actor)
    invoices.credit_rest(order, reason=reason, now=now, actor=actor)
    mails.order_cancelled(order, reason=reason, back_cents=order.returnable_cents, now=now)
    return order


def cancellation_offer(order: Order, *, now: datetime) -> CancellationOffer:
    """Return what cancelling ``order`` costs its buyer now; raise ``NotCancellable``."""
    if OrderStatus.CANCELLED not in NEXT[order.status]:
        raise NotCancellable("Cette commande est déjà close.")
    seats = registration_queries.of_order(order.id)
    if not seats or subscription_queries.contracts_of_order(order.id):
        raise NotCancellable("Cette commande comprend autre chose que des journées : écrivez-nous pour l’annuler.")
    if any(seat.study_day.starts_at <= now for seat in seats):
        raise NotCancellable("Une journée de cette commande est commencée ou passée : elle ne s’annule plus.")
    days = {seat.study_day_id: seat.study_day for seat in seats}
    steps = queries.cancellation_steps(days)
    prices = {line.id: line.total_cents // line.quantity for line in order.lines}
    terms = tuple(
        _terms(
            day,
            steps=steps[day.id],
            price_cents=sum(prices[seat.order_line_id] for seat in seats if seat.study_day_id == day.id),
            now=now,
        )
        for day in days.values()
    )
    fee_cents = sum(term.fee_cents for term in terms) if order.status is OrderStatus.CONFIRMED else 0
    if any(term.percent == 100 for term in terms) and fee_cents:
        raise NotCancellable(
            "Il est trop tard pour annuler : la place est due en entier. Pour vous faire remplacer, écrivez-nous."
        )
    if fee_cents and order.balance_cents > 0:
        raise NotCancellable(
            "Des frais d’annulation sont dus et la commande n’est pas réglée : écrivez-nous pour l’annuler."
        )
    back_cents = max(0, order.paid_cents - order.refunded_cents - fee_cents)
    return CancellationOffer(
        days=terms, fee_cents=fee_cents, back_cents=back_cents, card_cents=min(back_cents, card_cents(order.id))
    )


def cancel_by_buyer(order_id: int, *, fee_cents: int, now: datetime) -> Order:
    """Cancel an order as its buyer asks, who was shown that it costs ``fee_cents``.

    Seats go back, what is not kept is credited, card money is asked back, other money is left to the office.
    Raises ``NotCancellable`` and ``OfferChanged``.
    """
    order = orders.lock(order_id)
    offer = cancellation_offer(order, now=now)
    if offer.fee_cents != fee_cents:
        raise OfferChanged("Les frais d’annulation ont changé depuis que cette page est ouverte : relisez-les.")
    close(order, reason=_BY_BUYER, now=now, by=order.buyer_name)
    order.kept_cents = offer.fee_cents
    _credit(order, all_but_cents=offer.fee_cents, now=now)
    to_card = write_card_refunds(order, amount_cents=offer.back_cents, reason=_BY_BUYER, now=now, by=order.buyer_name)
    mails.order_cancelled(
        order,
        reason="",
        back_cents=offer.back_cents,
        card_cents=to_card,
        fee_cents=offer.fee_cents,
        now=now,
    )
    return order


def close(order: Order, *, reason: str, now: datetime, actor: User | None = None, by: str = audit.NOBODY) -> None:
    """Cancel a locked order, its seats and its subscriptions; raise ``IllegalTransition``."""
    orders.move(order, OrderStatus.CANCELLED, now=now)
    registrations.release(order.id, now=now)
    promotions.give_back(order.id, now=now)
    subscriptions.cancel_of_order(order.id)
    audit.record(
        "orders.cancel", subject=orders.subject(order), now=now, actor=actor, by=by, changes={"reason": reason}
    )


def _terms(day: StudyDay, *, steps: tuple[tuple[int, int], ...], price_cents: int, now: datetime) -> DayTerms:
    if day.status is not StudyDayStatus.PUBLISHED:
        # We moved it: whoever cannot come then owes nothing.
        steps = ((0, 0),)
    percent = rules.fee_percent(steps, days_left=(day.date - clock.local_date(now)).days)
    return DayTerms(
        day=day,
        steps=steps,
        percent=percent,
        price_cents=price_cents,
        fee_cents=rules.fee_cents(price_cents, percent=percent),
    )


def _credit(order: Order, *, all_but_cents: int, now: datetime) -> None:
    """Credit the invoices of a locked order but for what is kept."""
    if not all_but_cents:
        invoices.credit_rest(order, reason=_BY_BUYER, now=now)
        return
    kept = all_but_cents
    for invoice in invoice_queries.of_order(order.id):
        if invoice.kind is not DocumentKind.INVOICE:
            continue
        left = invoice.total_cents - invoice_queries.credited_cents(invoice.id)
        stays = min(left, kept)
        kept -= stays
        if left > stays:
            invoices.credit(order, invoice.id, amount_cents=left - stays, reason=_BY_BUYER, now=now)
