"""Cancelling an order: by the office, or by its buyer under the terms of its days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.checkout import mails, queries, rules
from eventsapp.checkout.errors import NotCancellable, OfferChanged
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._credit import credit_down
from eventsapp.checkout.service._refund import card_cents, write_card_refunds
from eventsapp.core import clock
from eventsapp.orders import rules as order_rules
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import NEXT, OrderStatus
from eventsapp.orders.values import Take
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions.models import Contract

#: What the history and the credit note say of it.
BY_BUYER = "Annulée par l’acheteur"


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
    takes: Mapping[int, Take]
    fee_cents: int
    #: What goes back, and what of it to a card.
    back_cents: int
    card_cents: int


def cancel_order(order_id: int, *, reason: str, actor: User, now: datetime) -> Order:
    """Give the seats back, end the subscriptions, credit what was invoiced; money that came in stays to be refunded.

    A fee that is kept of what was cancelled before stays kept. Raises ``IllegalTransition``.
    """
    order = orders.lock(order_id)
    close(order, reason=reason, now=now, actor=actor)
    credit_down(order, reason=reason, now=now, actor=actor)
    mails.order_cancelled(order, reason=reason, back_cents=order.returnable_cents, now=now)
    return order


def cancellation_offer(order: Order, *, now: datetime) -> CancellationOffer:
    """Return what cancelling ``order`` costs its buyer now; raise ``NotCancellable``."""
    if OrderStatus.CANCELLED not in NEXT[order.status]:
        raise NotCancellable("Cette commande est déjà close.")
    seats = registration_queries.standing_of_order(order.id)
    if not seats or subscription_queries.standing_of_order(order.id):
        raise NotCancellable("Cette commande comprend autre chose que des journées : écrivez-nous pour l’annuler.")
    require_to_come(seats, now=now)
    terms, takes = priced(order, seats, now=now)
    fee_cents = sum(term.fee_cents for term in terms)
    if fee_cents and order.balance_cents > 0:
        raise NotCancellable(
            "Des frais d’annulation sont dus et la commande n’est pas réglée : écrivez-nous pour l’annuler."
        )
    back_cents = max(0, order.paid_cents - order.refunded_cents - order.kept_cents - fee_cents)
    return CancellationOffer(
        days=terms,
        takes=takes,
        fee_cents=fee_cents,
        back_cents=back_cents,
        card_cents=min(back_cents, card_cents(order.id)),
    )


def cancel_by_buyer(order_id: int, *, fee_cents: int, now: datetime) -> Order:
    """Cancel an order as its buyer asks, who was shown that it costs ``fee_cents``.

    Seats go back, what is not kept is credited, card money is asked back, other money is left to the office.
    Raises ``NotCancellable`` and ``OfferChanged``.
    """
    order = orders.lock(order_id)
    # Before it is said what goes: whoever is let in meanwhile stays.
    registrations.hold_of_order(order.id)
    offer = cancellation_offer(order, now=now)
    require_agreed(offer.fee_cents, fee_cents)
    orders.take_back(order, offer.takes, reason=BY_BUYER, now=now)
    close(order, reason=BY_BUYER, now=now, by=order.buyer_name)
    credit_down(order, reason=BY_BUYER, now=now, kept={key: take.kept_cents for key, take in offer.takes.items()})
    to_card = write_card_refunds(order, amount_cents=offer.back_cents, reason=BY_BUYER, now=now, by=order.buyer_name)
    mails.order_cancelled(
        order,
        reason="",
        back_cents=offer.back_cents,
        card_cents=to_card,
        fee_cents=offer.fee_cents,
        now=now,
    )
    return order


def require_to_come(seats: Sequence[Registration], *, now: datetime) -> None:
    """Raise ``NotCancellable`` for seats at a day that has begun."""
    if any(seat.study_day.starts_at <= now for seat in seats):
        raise NotCancellable("Une journée de cette commande est commencée ou passée : elle ne s’annule plus.")


def require_agreed(fee_cents: int, agreed_cents: int) -> None:
    """Raise ``OfferChanged`` when it does not cost what whoever cancels was shown."""
    if fee_cents != agreed_cents:
        raise OfferChanged("Les frais d’annulation ont changé depuis que cette page est ouverte : relisez-les.")


def priced(
    order: Order,
    seats: Sequence[Registration],
    *,
    now: datetime,
    contracts: Sequence[Contract] = (),
    free: bool = False,
) -> tuple[tuple[DayTerms, ...], dict[int, Take]]:
    """Return what cancelling these seats and subscriptions of an order costs by day, and what is taken back by line.

    ``free`` of any fee, as is what is only held. Of a line's price each seat takes an equal part, and the last one
    what is left. Raises ``NotCancellable`` where the whole price would be kept.
    """
    days = {seat.study_day_id: seat.study_day for seat in seats}
    steps = queries.steps_of_order(order, days)
    percents = {day.id: _percent(day, steps=steps[day.id], now=now) for day in days.values()}
    free = free or order.status is not OrderStatus.CONFIRMED
    day_of_line = {seat.order_line_id: seat.study_day_id for seat in seats}
    units = Counter([*(seat.order_line_id for seat in seats), *(row.order_line_id for row in contracts)])
    takes: dict[int, Take] = {}
    for line in order.lines:
        if units[line.id]:
            price = order_rules.taken(line.open_cents, units=units[line.id], of=line.quantity_left)
            fee = 0
            if not free and line.id in day_of_line:
                fee = rules.fee_cents(price, percent=percents[day_of_line[line.id]][1])
            takes[line.id] = Take(quantity=units[line.id], credited_cents=price - fee, kept_cents=fee)
    terms = tuple(
        DayTerms(
            day=day,
            steps=percents[day.id][0],
            percent=percents[day.id][1],
            price_cents=sum(
                take.credited_cents + take.kept_cents for key, take in takes.items() if day_of_line.get(key) == day.id
            ),
            fee_cents=sum(take.kept_cents for key, take in takes.items() if day_of_line.get(key) == day.id),
        )
        for day in days.values()
    )
    if any(term.percent == 100 and term.fee_cents for term in terms):
        raise NotCancellable(
            "Il est trop tard pour annuler : la place est due en entier. Pour vous faire remplacer, écrivez-nous."
        )
    return terms, takes


def _percent(
    day: StudyDay, *, steps: tuple[tuple[int, int], ...], now: datetime
) -> tuple[tuple[tuple[int, int], ...], int]:
    """Return the terms of a day, and what percent of a price they keep now."""
    if day.status is not StudyDayStatus.PUBLISHED:
        # We moved it: whoever cannot come then owes nothing.
        steps = ((0, 0),)
    return steps, rules.fee_percent(steps, days_left=(day.date - clock.local_date(now)).days)
