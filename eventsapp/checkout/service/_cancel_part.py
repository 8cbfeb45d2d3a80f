"""Cancelling a part of an order: seats of some of its people, or a subscription, while the rest of it stays."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.errors import NotCancellable, NothingLeft
from eventsapp.checkout.service._ask import close_outdated
from eventsapp.checkout.service._cancel import (
    BY_BUYER,
    DayTerms,
    priced,
    require_agreed,
    require_to_come,
)
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._credit import credit_down
from eventsapp.checkout.service._hold import hold_taken
from eventsapp.checkout.service._refund import card_cents, write_card_refunds
from eventsapp.checkout.service._settle import deliver_settled
from eventsapp.core.errors import Invalid
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import NEXT, OrderStatus
from eventsapp.orders.values import Take
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import queries as registration_queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED, RegistrationStatus, before
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.statuses import before as contract_before

#: A seat from which one can still be cancelled: nobody has come to it, nor was awaited there in vain.
_GOING = SEATED & before(RegistrationStatus.CANCELLED)
_ENDING = contract_before(ContractStatus.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of an order is to go, what that takes back of its lines, and whether nothing stays of it."""

    seats: tuple[Registration, ...]
    contracts: tuple[Contract, ...]
    days: tuple[DayTerms, ...]
    takes: Mapping[int, Take]
    is_all: bool

    @property
    def fee_cents(self) -> int:
        return sum(take.kept_cents for take in self.takes.values())

    @property
    def credited_cents(self) -> int:
        return sum(take.credited_cents for take in self.takes.values())

    @property
    def price_cents(self) -> int:
        """What the part costs, of which a fee may be kept."""
        return self.fee_cents + self.credited_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class PartOffer:
    """What becomes of the money when the part is cancelled now, in cents."""

    part: Part
    fee_cents: int
    #: What the order costs afterwards, and what is still to be paid of that.
    owed_cents: int
    balance_cents: int
    #: What goes back, and what of it to a card.
    back_cents: int
    card_cents: int


@dataclass(frozen=True, slots=True)
class Cancellable:
    """What of an order may be cancelled by itself."""

    seats: tuple[Registration, ...]
    contracts: tuple[Contract, ...]

    @property
    def count(self) -> int:
        return len(self.seats) + len(self.contracts)


def cancellable_seats(order: Order, seats: Iterable[Registration], *, now: datetime) -> tuple[Registration, ...]:
    """Return which of the ``seats`` of ``order`` its buyer may give back: at days to come."""
    if OrderStatus.CANCELLED not in NEXT[order.status]:
        return ()
    return tuple(
        row for row in seats if row.withdrawn_at is None and row.status in _GOING and row.study_day.starts_at > now
    )


def cancellable(order: Order, *, now: datetime, by_buyer: bool = False) -> Cancellable:
    """Return what of ``order`` may be cancelled by itself now; its buyer gives back seats of days to come only."""
    if OrderStatus.CANCELLED not in NEXT[order.status]:
        return Cancellable((), ())
    standing = registration_queries.standing_of_order(order.id)
    if by_buyer:
        return Cancellable(cancellable_seats(order, standing, now=now), ())
    seats = [row for row in standing if row.status in _GOING]
    contracts = [row for row in subscription_queries.standing_of_order(order.id) if row.status in _ENDING]
    return Cancellable(tuple(seats), tuple(contracts))


def part_offer(
    order: Order,
    *,
    seat_ids: Collection[int],
    contract_ids: Collection[int] = (),
    now: datetime,
    by_buyer: bool = False,
    free: bool = False,
) -> PartOffer:
    """Return what cancelling these seats and subscriptions of ``order`` changes now; ``free`` of any fee.

    Raises ``Invalid`` when nothing is chosen, ``NothingLeft`` for what went meanwhile, and ``NotCancellable``.
    """
    if not seat_ids and not contract_ids:
        message = _("Choisissez au moins une place ou un abonnement.")
        raise Invalid(message, errors={"/seats": message})
    there = cancellable(order, now=now)
    seats = [row for row in there.seats if row.id in set(seat_ids)]
    contracts = [row for row in there.contracts if row.id in set(contract_ids)]
    if len(seats) < len(set(seat_ids)) or len(contracts) < len(set(contract_ids)):
        message = _("Une de ces places est déjà annulée, ou ne s’annule plus : choisissez de nouveau.")
        raise NothingLeft(message, errors={"/seats": message})
    if by_buyer:
        require_to_come(seats, now=now)
    part = part_of(order, seats=seats, contracts=contracts, now=now, free=free)
    if by_buyer and contracts:
        raise NotCancellable(_("Un abonnement ne s’annule pas ici : écrivez-nous."))
    if by_buyer and part.is_all and part.fee_cents and order.balance_cents > 0:
        raise NotCancellable(
            _("Des frais d’annulation sont dus et la commande n’est pas réglée : écrivez-nous pour l’annuler.")
        )
    owed = order.owed_cents - part.credited_cents
    if part.is_all:
        owed = order.kept_cents + part.fee_cents
    there_cents = order.paid_cents - order.refunded_cents
    back_cents = max(0, there_cents - owed)
    return PartOffer(
        part=part,
        fee_cents=part.fee_cents,
        owed_cents=owed,
        balance_cents=max(0, owed - there_cents),
        back_cents=back_cents,
        card_cents=min(back_cents, card_cents(order.id)),
    )


def part_of(
    order: Order, *, seats: Iterable[Registration], contracts: Iterable[Contract] = (), now: datetime, free: bool
) -> Part:
    """Return what of ``order`` these seats and subscriptions are; raise ``NotCancellable`` when all would be kept."""
    seats, contracts = tuple(seats), tuple(contracts)
    terms, takes = priced(order, seats, contracts=contracts, now=now, free=free)
    going = {row.id for row in seats}
    ending = {row.id for row in contracts}
    stays = any(
        row.id not in going and row.status in SEATED for row in registration_queries.standing_of_order(order.id)
    ) or any(
        row.id not in ending and row.status is not ContractStatus.CANCELLED
        for row in subscription_queries.standing_of_order(order.id)
    )
    return Part(seats=seats, contracts=contracts, days=terms, takes=takes, is_all=not stays)


def cancel_part(
    order_id: int,
    *,
    seat_ids: Collection[int],
    contract_ids: Collection[int] = (),
    fee_cents: int,
    reason: str = "",
    actor: User | None = None,
    free: bool = False,
    now: datetime,
    form_key: str | None = None,
) -> Order:
    """Cancel these seats and subscriptions of an order, as its buyer asks, or the office (``actor``) for a ``reason``.

    Whoever asks was shown that it costs ``fee_cents``. Seats go back, what is not kept is credited, card money is asked
    back, other money is left to the office; the last part cancels the order. The same form sent twice does it once.
    Raises what ``part_offer`` raises, and ``OfferChanged``.
    """
    order = orders.lock(order_id)
    if form_key is not None and order_queries.is_taken_back(order.id, form_key):
        return order
    # Before it is said what goes: whoever is let in meanwhile stays.
    registrations.hold_of_order(order.id)
    offer = part_offer(order, seat_ids=seat_ids, contract_ids=contract_ids, now=now, by_buyer=actor is None, free=free)
    require_agreed(offer.fee_cents, fee_cents)
    back_cents, to_card = carry_out(
        order, offer.part, reason=reason or BY_BUYER, actor=actor, by=order.buyer_name, now=now, form_key=form_key
    )
    if offer.part.is_all:
        mails.order_cancelled(
            order, reason=reason, back_cents=back_cents, card_cents=to_card, fee_cents=offer.fee_cents, now=now
        )
    else:
        mails.part_cancelled(
            order,
            offer.part.seats,
            offer.part.contracts,
            reason=reason,
            back_cents=back_cents,
            card_cents=to_card,
            fee_cents=offer.fee_cents,
            now=now,
        )
    registration_mails.seats_cancelled(offer.part.seats, order, now=now)
    return order


def carry_out(
    order: Order,
    part: Part,
    *,
    reason: str,
    now: datetime,
    actor: User | None = None,
    by: str = audit.NOBODY,
    form_key: str | None = None,
) -> tuple[int, int]:
    """Cancel a part of a locked order, credit it and ask its card money back; return what goes back, and to cards.

    The seats were held before it was said what the part is. Nobody is told of it here.
    """
    missing = order.balance_cents
    hold_taken([order.id])
    registrations.withdraw(part.seats, now=now)
    for contract in part.contracts:
        subscriptions.withdraw(contract, now=now)
    orders.take_back(order, part.takes, reason=reason, now=now, form_key=form_key)
    if part.is_all:
        close(order, reason=reason, now=now, actor=actor, by=by)
    else:
        audit.record(
            "orders.cancel_part",
            subject=orders.subject(order),
            now=now,
            actor=actor,
            by=by,
            changes={
                "reason": reason,
                "what": ", ".join(_names(part.seats, part.contracts)),
                "amount_cents": part.credited_cents,
            },
        )
        if missing > 0 >= order.balance_cents:
            # What is paid already is enough for what stays. Before the number of the credit note: see the locks.
            deliver_settled([order], now=now)
    credit_down(
        order,
        reason=reason,
        now=now,
        actor=actor,
        units={key: take.quantity for key, take in part.takes.items()},
        details=_details(part),
        kept={key: take.kept_cents for key, take in part.takes.items()},
    )
    close_outdated(order, now=now)
    back_cents = order.overpaid_cents
    to_card = write_card_refunds(order, amount_cents=back_cents, reason=reason, actor=actor, by=by, now=now)
    return back_cents, to_card


def _names(seats: Sequence[Registration], contracts: Sequence[Contract]) -> list[str]:
    return [row.name for row in seats] + [row.plan.name for row in contracts]


def _details(part: Part) -> dict[int, str]:
    """Return line → whose seats are credited, for the credit note."""
    people: dict[int, list[str]] = {}
    for seat in part.seats:
        people.setdefault(seat.order_line_id, []).append(seat.name)
    return {key: ", ".join(names) for key, names in people.items()}
