"""Writing orders; what they buy is a higher room's business."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from eventsapp.audit import service as audit
from eventsapp.core import references
from eventsapp.core.db import db
from eventsapp.core.money import vat_shares
from eventsapp.orders import rules
from eventsapp.orders.models import Order, OrderLine, OrderLineVat, Reduction
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing, Buyer, LineDraft, Take
from eventsapp.terms.models import AcceptedTerms

#: The fields of ``Billing`` and the columns of an order that keep them.
BILLING_COLUMNS = {
    "organisation": "billing_name",
    "siret": "siret",
    "address": "billing_address",
    "postcode": "billing_postcode",
    "city": "billing_city",
    "email": "billing_email",
    "service_code": "service_code",
    "commitment_number": "commitment_number",
    "vat_number": "vat_number",
}


def open_order(
    *,
    buyer: Buyer,
    billing: Billing,
    lines: Sequence[LineDraft],
    payment_method: str,
    confirmed: bool,
    expires_at: datetime | None,
    due_on: date | None,
    tolerated_until: date | None,
    payment_terms: Mapping[str, Any],
    cancellation_terms: Mapping[str, Any],
    awaits_invoice: bool = False,
    now: datetime,
    terms: AcceptedTerms | None = None,
    organisation_id: int | None = None,
    idempotency_key: str | None = None,
    request_fingerprint: str | None = None,
    locale: str = "fr",
    is_test: bool = False,
) -> Order | None:
    """Write a new order with its lines, or return ``None`` when its idempotency key was taken meanwhile.

    ``confirmed`` says whether the method's promise is enough; ``payment_terms`` is what else the method says,
    ``cancellation_terms`` what cancelling its days costs.
    Nothing to pay is confirmed at once.
    """
    total_cents = sum(line.total_cents for line in lines)
    parts = [line.vat_parts for line in lines]
    shares = vat_shares((part.total_cents, part.rate) for split in parts for part in split)
    settled = confirmed or total_cents == 0
    order = Order(
        reference=references.new_reference(now, is_test=is_test),
        secret=references.new_secret(),
        idempotency_key=idempotency_key,
        request_fingerprint=request_fingerprint,
        locale=locale,
        placed_at=now,
        email=buyer.email,
        first_name=buyer.first_name,
        last_name=buyer.last_name,
        phone=buyer.phone,
        organisation_id=organisation_id,
        billing_name=billing.organisation,
        billing_address=billing.address,
        billing_postcode=billing.postcode,
        billing_city=billing.city,
        billing_email=billing.email,
        siret=billing.siret,
        service_code=billing.service_code,
        commitment_number=billing.commitment_number,
        vat_number=billing.vat_number,
        customer_number=rules.customer_number(billing, email=buyer.email),
        payment_method=payment_method,
        status=OrderStatus.CONFIRMED if settled else OrderStatus.PENDING,
        payment_status=PaymentStatus.DUE if total_cents else PaymentStatus.NONE,
        total_cents=total_cents,
        vat_cents=sum(share.vat_cents for share in shares),
        expires_at=None if settled else expires_at,
        due_on=due_on if total_cents else None,
        tolerated_until=tolerated_until if total_cents else None,
        payment_terms=dict(payment_terms),
        cancellation_terms=dict(cancellation_terms),
        awaits_invoice=awaits_invoice and total_cents > 0,
        confirmed_at=now if settled else None,
        terms_accepted_at=now,
        terms_version=terms.number if terms else None,
        accepted_terms_id=terms.id if terms else None,
        is_test=is_test,
        lines=[
            OrderLine(
                position=position,
                label=line.label,
                label_en=line.label_en,
                detail=line.detail,
                quantity=line.quantity,
                unit_price_cents=line.unit_price_cents,
                discount_cents=line.discount_cents,
                total_cents=line.total_cents,
                vat_parts=[OrderLineVat(position=place, **asdict(part)) for place, part in enumerate(split, start=1)],
            )
            for position, (line, split) in enumerate(zip(lines, parts, strict=True), start=1)
        ],
    )
    try:
        with db.session.begin_nested():
            db.session.add(order)
    except IntegrityError:
        if idempotency_key is None:
            raise
        return None
    return order


def lock(order_id: int) -> Order:
    """Return the order as it stands now, lines loaded with their tax, kept from others until the transaction ends.

    On PostgreSQL by a lock on its row, beside which others may still write rows that refer to it; on SQLite there is
    one writer at a time anyway. Of several orders the lowest key is locked first.
    """
    return db.session.scalars(
        sa.select(Order)
        .where(Order.id == order_id)
        .options(selectinload(Order.lines).joinedload(OrderLine.vat_parts))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def billing_of(order: Order) -> Billing:
    """Return whom the order is billed to, as it stands."""
    return Billing(**{name: getattr(order, column) for name, column in BILLING_COLUMNS.items()})


def change_billing(
    order: Order, billing: Billing, *, organisation_id: int | None, is_booked: bool = True
) -> dict[str, Any]:
    """Bill a locked order to somebody else from now on; return what changed, before and after, by column.

    What ``is_booked``, as an invoice or money of it is in the books, stays on the account on which it is.
    """
    if not is_booked:
        order.customer_number = rules.customer_number(billing, email=order.email)
    after = {column: getattr(billing, name) for name, column in BILLING_COLUMNS.items()}
    changes = audit.difference({column: getattr(order, column) for column in after}, after)
    order.organisation_id = organisation_id
    for column, value in after.items():
        setattr(order, column, value)
    return changes


def move(order: Order, to: OrderStatus, *, now: datetime) -> None:
    """Change the state of the seats; raise ``IllegalTransition``.

    Of what is cancelled nothing is owed but the fees that are kept; the lines are loaded. What expires may come back.
    """
    rules.require_transition(order.status, to)
    order.status = to
    order.expires_at = None
    if to is OrderStatus.CONFIRMED:
        order.confirmed_at = now
    elif to is OrderStatus.CANCELLED:
        order.cancelled_at = now
        rest = {line.id: Take(quantity=line.quantity_left, credited_cents=line.open_cents) for line in order.lines}
        take_back(order, rest, reason="", now=now)
    elif to is OrderStatus.EXPIRED:
        order.expired_at = now


def take_back(
    order: Order, takes: Mapping[int, Take], *, reason: str, now: datetime, form_key: str | None = None
) -> int:
    """Take back, by the key of the line, what of a locked order is owed no more; return how many cents it is.

    What is credited of a fee is not kept any more. Derives the state of the money.
    """
    credited = 0
    for line in order.lines:
        take = takes.get(line.id)
        if take is None or take == Take():
            continue
        line.cancelled_quantity += take.quantity
        line.credited_cents += take.credited_cents
        before = line.kept_cents
        line.kept_cents = rules.kept_after(
            total_cents=line.total_cents,
            credited_cents=line.credited_cents,
            kept_cents=line.kept_cents + take.kept_cents,
        )
        credited += take.credited_cents
        db.session.add(
            Reduction(
                order_line_id=line.id,
                at=now,
                quantity=take.quantity,
                credited_cents=take.credited_cents,
                kept_cents=line.kept_cents - before,
                reason=reason,
                form_key=form_key,
            )
        )
    order.credited_cents = sum(line.credited_cents for line in order.lines)
    order.kept_cents = sum(line.kept_cents for line in order.lines)
    _derive(order)
    return credited


def await_until(order: Order, due_on: date) -> None:
    """Await the money until another day, as an invoice says it; the days of grace move along."""
    grace = order.tolerated_until - order.due_on if order.tolerated_until and order.due_on else timedelta()
    order.due_on, order.tolerated_until = due_on, due_on + grace
    # What was said of the former day holds no more.
    order.suspends_on = None


def announce_suspension(order: Order, on: date) -> None:
    """Keep from which day on what a locked order has by its promise alone is closed, as its buyer is told."""
    order.suspends_on = on


def forget_suspensions(*, order_id: int | None = None, customer: str = "") -> None:
    """Take back which day was told, of one order or of all of a customer (a SIRET, without one an address)."""
    of_customer = sa.or_(Order.siret == customer, sa.and_(Order.siret == "", Order.email == customer))
    mine = of_customer if order_id is None else Order.id == order_id
    db.session.execute(sa.update(Order).where(mine, Order.suspends_on.is_not(None)).values(suspends_on=None))


def mark_suspended(order: Order, *, now: datetime) -> None:
    """Keep that a locked order was closed for want of its money: that is done once, then the office decides."""
    order.suspended_at = now


def await_invoice(order: Order, *, waits: bool) -> None:
    """Have a locked order invoiced once its last day is over, or no more, because it is."""
    order.awaits_invoice = waits


def keep_payment_terms(order: Order, terms: dict[str, Any]) -> None:
    """Keep what the office agreed for a locked order in place of what its method said."""
    order.payment_terms = terms


def keep_withdrawal(order: Order, words: str, *, now: datetime) -> None:
    """Keep when the buyer of a locked order withdrew, and in which words."""
    order.withdrawn_at, order.withdrawal = now, words


def mark_without_seat(order: Order, *, lacking: bool) -> None:
    """Keep that the money of a locked order came and no seat is left for it, or that there is one after all."""
    order.paid_without_seat = lacking


def count_money(order: Order, *, paid_cents: int = 0, refunded_cents: int = 0) -> None:
    """Add what came in or went back, and derive the state of the money.

    What is paid whole while the order is expired has no seat until it is taken again; of what went nothing is due back.
    """
    order.paid_cents += paid_cents
    order.refunded_cents += refunded_cents
    _derive(order)
    left = order.paid_cents - order.refunded_cents
    if left <= 0:
        order.paid_without_seat = False
    elif order.status is OrderStatus.EXPIRED and left >= order.owed_cents:
        order.paid_without_seat = True


def _derive(order: Order) -> None:
    order.payment_status = rules.payment_status(
        total_cents=order.total_cents,
        paid_cents=order.paid_cents,
        refunded_cents=order.refunded_cents,
        credited_cents=order.credited_cents,
    )
    if order.balance_cents <= 0:
        # Should money of it go again, its buyer is warned anew.
        order.suspends_on = order.suspended_at = None


def subject(order: Order) -> tuple[str, int, str]:
    """Return how the history and the outbox name ``order``."""
    return ("order", order.id, order.reference)
