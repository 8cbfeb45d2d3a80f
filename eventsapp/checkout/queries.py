"""Reading baskets, terms of cancellation, how far a day called off is, and what is known for a renewal."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventsapp.checkout.models import Basket, CancellationTerms, DayCancellation, DayCancellationItem
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.checkout.values import Item, item_from_json
from eventsapp.core.db import db
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments import queries as payments
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import RefundState
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import SEATED
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus
from eventsapp.subscriptions.values import Delivery

#: Orders of a day called off that are shown for somebody to look at.
_MOST_SHOWN = 200


def to_invoice(*, today: date, among: int | None = None, most: int = 100) -> Sequence[int]:
    """Return the keys of the firm orders whose invoice is due, the oldest first: no day of theirs is still to be held.

    Days of which nobody has a seat any more count for nothing. Whose method wants a SIRET waits for it and the
    address, which were not given yet at the door. ``among``: only that one, if it is.
    """
    named = (Order.siret, Order.billing_address, Order.billing_postcode, Order.billing_city)
    wants_siret = (
        sa.select(PaymentMethod.id)
        .where(
            PaymentMethod.code == Order.payment_method,
            sa.cast(PaymentMethod.required_fields, sa.String).contains('"siret"', autoescape=True),
        )
        .correlate(Order)
    )
    ahead = sa.or_(StudyDay.held_until >= today, StudyDay.status != StudyDayStatus.PUBLISHED)
    to_come = (
        sa.select(Registration.id)
        .join(Registration.order_line)
        .join(Registration.study_day)
        .where(OrderLine.order_id == Order.id, Registration.status.in_(SEATED), ahead)
        .correlate(Order)
    )
    return db.session.scalars(
        sa.select(Order.id)
        .where(
            Order.awaits_invoice,
            Order.status == OrderStatus.CONFIRMED,
            ~Order.paid_without_seat,
            ~to_come.exists(),
            sa.or_(
                sa.and_(*(column != "" for column in named)),
                ~wants_siret.exists(),
            ),
            sa.true() if among is None else Order.id == among,
        )
        .order_by(Order.id)
        .limit(most)
    ).all()


def on_promise(order_ids: Collection[int]) -> Sequence[int]:
    """Return which of these orders have a subscription that runs, and were not closed for want of their money yet."""
    running = (
        sa.select(Contract.id)
        .join(OrderLine, OrderLine.id == Contract.order_line_id)
        .where(OrderLine.order_id == Order.id, Contract.status == ContractStatus.ACTIVE)
        .correlate(Order)
    )
    return db.session.scalars(
        sa.select(Order.id).where(Order.id.in_(order_ids), Order.suspended_at.is_(None), running.exists())
    ).all()


def may_reopen(order: Order, *, today: date) -> bool:
    """Return whether the office may open again, without its money, a subscription of the order that a promise began."""
    return (
        order.status is OrderStatus.CONFIRMED
        and order.balance_cents > 0
        and payments.terms_of(order).starts_subscription
        and any(
            row.is_suspended and row.ends_on is not None and row.ends_on >= today
            for row in subscriptions.contracts_of_order(order.id)
        )
    )


def basket(token: str) -> Basket | None:
    """Return the basket that the visitor's token opens, or ``None``."""
    return db.session.scalar(sa.select(Basket).where(Basket.token_hash == fingerprint(token)))


def basket_items(token: str | None) -> tuple[Item, ...]:
    """Return what is in the basket; nothing without one."""
    found = basket(token) if token else None
    return tuple(item_from_json(data) for data in kept(found)) if found else ()


def removed_item(token: str | None) -> Item | None:
    """Return what was taken out of the basket last and can still be put back, or ``None``."""
    found = basket(token) if token else None
    return next((item_from_json(data) for data in found.items if data.get("removed")), None) if found else None


def basket_size(token: str | None) -> int:
    """Return how many lines the basket has."""
    found = basket(token) if token else None
    return len(kept(found)) if found else 0


def kept(found: Basket) -> list[dict[str, Any]]:
    """Return what the basket holds, without what was taken out last."""
    return [data for data in found.items if not data.get("removed")]


def fingerprint(token: str) -> str:
    """Return what we keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def cancellation_terms(study_day_id: int | None) -> CancellationTerms | None:
    """Return the row of that day, or of all that have none; ``None`` when it is not written."""
    return db.session.scalar(
        sa.select(CancellationTerms).where(
            CancellationTerms.study_day_id.is_(None)
            if study_day_id is None
            else CancellationTerms.study_day_id == study_day_id
        )
    )


def cancellation_steps(study_day_ids: Collection[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return the terms of each of these days, its own or those of all: days before it and percent, farthest first.

    Without any row nothing is given back: an empty tuple.
    """
    rows = db.session.execute(
        sa.select(CancellationTerms.study_day_id, CancellationTerms.steps).where(
            sa.or_(CancellationTerms.study_day_id.is_(None), CancellationTerms.study_day_id.in_(study_day_ids))
        )
    )
    found = {day_id: tuple((int(days), int(percent)) for days, percent in steps) for day_id, steps in rows}
    return {day_id: found.get(day_id, found.get(None, ())) for day_id in study_day_ids}


def terms_to_keep(study_day_ids: Collection[int]) -> dict[str, Any]:
    """Return the terms of these days today, as an order keeps them: nothing where it buys no day."""
    present = cancellation_steps(study_day_ids) if study_day_ids else {}
    return {str(day_id): [list(step) for step in steps] for day_id, steps in present.items()}


def steps_of_order(order: Order, study_day_ids: Collection[int]) -> dict[int, tuple[tuple[int, int], ...]]:
    """Return the terms of each of these days as ``order`` keeps them, those of today for a day it did not know."""
    kept_terms = order.cancellation_terms
    unknown = [day_id for day_id in study_day_ids if str(day_id) not in kept_terms]
    present = cancellation_steps(unknown) if unknown else {}
    return present | {
        day_id: tuple((int(days), int(percent)) for days, percent in kept_terms[str(day_id)])
        for day_id in study_day_ids
        if day_id not in present
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of whoever renews a subscription, from the order that bought it."""

    buyer: Buyer
    billing: Billing
    delivery: Delivery
    payment_method: str


def known_for_renewal(contract: Contract) -> Known:
    """Return what a renewal of ``contract`` (loaded in full) is prefilled with.

    Of the order only where its buyer is the reader or both are of one organisation: a gift's reader learns nothing of
    the giver, nor a reader of the friend who paid.
    """
    delivery = Delivery(
        name=contract.delivery_name,
        address=contract.delivery_address,
        postcode=contract.delivery_postcode,
        city=contract.delivery_city,
    )
    order = contract.order_line.order if contract.order_line else None
    if order is None or contract.kind is ContractKind.GIFT or not _is_readers(order, contract):
        buyer = Buyer(email=contract.email, first_name="", last_name="")
        return Known(buyer=buyer, billing=Billing(), delivery=delivery, payment_method="")
    return Known(
        buyer=Buyer(email=order.email, first_name=order.first_name, last_name=order.last_name, phone=order.phone),
        billing=Billing(
            organisation=order.billing_name,
            siret=order.siret,
            address=order.billing_address,
            postcode=order.billing_postcode,
            city=order.billing_city,
            email=order.billing_email,
            # The commitment number was of one purchase only.
            service_code=order.service_code,
        ),
        delivery=delivery,
        payment_method=order.payment_method,
    )


def superseded_orders(*, most: int = 200) -> Sequence[int]:
    """Return the keys of the unpaid orders that would renew what another order renewed, the oldest first."""
    other = aliased(Contract)
    return db.session.scalars(
        sa.select(Order.id)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Contract, Contract.order_line_id == OrderLine.id)
        .where(
            Order.status == OrderStatus.CONFIRMED,
            Order.paid_cents == 0,
            Contract.status == ContractStatus.PENDING,
            Contract.starts_on.is_(None),
            sa.exists().where(
                other.renews_id == Contract.renews_id,
                other.id != Contract.id,
                other.starts_on.is_not(None),
                other.status != ContractStatus.CANCELLED,
            ),
        )
        .order_by(Order.id)
        .limit(most)
    ).all()


def _is_readers(order: Order, contract: Contract) -> bool:
    shared = contract.organisation_id is not None and contract.organisation_id == order.organisation_id
    return shared or order.email == contract.email


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the orders of a day that was called off are."""

    cancellation: DayCancellation
    counts: Mapping[ItemOutcome, int]
    refunds: Mapping[RefundState, int]
    #: The orders whose card would not be refunded.
    refused: Collection[int]
    #: What somebody must look at: orders of people who had come, those that went wrong, and money not on cards.
    to_look_at: Sequence[DayCancellationItem]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts.get(ItemOutcome.WAITING, 0)

    @property
    def done(self) -> int:
        return self.total - self.waiting


def progress_of(day: StudyDay) -> Progress | None:
    """Return how far a day that was called off is, or ``None`` when none of its orders has to be dealt with."""
    cancellation = db.session.scalar(sa.select(DayCancellation).where(DayCancellation.study_day_id == day.id))
    if cancellation is None:
        return None
    of_it = DayCancellationItem.cancellation_id == cancellation.id
    counts = db.session.execute(
        sa.select(DayCancellationItem.outcome, sa.func.count(DayCancellationItem.id))
        .where(of_it)
        .group_by(DayCancellationItem.outcome)
    )
    order_ids = sa.select(DayCancellationItem.order_id).where(of_it)
    money_left = sa.and_(
        DayCancellationItem.outcome.in_([ItemOutcome.CANCELLED, ItemOutcome.PART]),
        orders.BALANCE < 0,
    )
    to_look_at = db.session.scalars(
        sa.select(DayCancellationItem)
        .join(DayCancellationItem.order)
        .where(
            of_it,
            sa.or_(DayCancellationItem.outcome == ItemOutcome.BY_HAND, DayCancellationItem.problem != "", money_left),
        )
        .options(joinedload(DayCancellationItem.order))
        .order_by(DayCancellationItem.id)
        .limit(_MOST_SHOWN)
    ).all()
    return Progress(
        cancellation=cancellation,
        counts=dict(counts.all()),
        refunds=payments.refund_states(order_ids, since=cancellation.started_at),
        refused=payments.orders_with_failed_refunds(order_ids, since=cancellation.started_at),
        to_look_at=to_look_at,
    )


def waiting_items(*, most: int = 1000) -> Sequence[int]:
    """Return the keys of the orders of days called off that are still to be dealt with, the oldest first."""
    return db.session.scalars(
        sa.select(DayCancellationItem.id)
        .where(DayCancellationItem.outcome == ItemOutcome.WAITING)
        .order_by(DayCancellationItem.id)
        .limit(most)
    ).all()
