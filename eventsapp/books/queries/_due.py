"""When the tax that waits became due, order by order, as it was recorded."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.books import rules
from eventsapp.books.queries._vat import BATCH, CUSTOMER, HAS_MONEY, concerned_orders, on_debits
from eventsapp.books.rules import BecameDue, Dealt, Issued, Moment, Moved, Ordered, Part
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders.models import Order, OrderLine, OrderLineVat, Reduction
from eventsapp.payments.models import JournalEntry


def became_due(first: date, last: date) -> list[BecameDue]:
    """Return what became due in a period, days included, in the order in which it was recorded.

    Of each order all that ever happened is read, one order in memory; what became due is kept whole, as its order is
    that of the recording.
    """
    found = [due for dealt in _dealt(first, last) for due in rules.became_due(dealt) if first <= due.when.on <= last]
    found.sort(key=lambda due: due.when.at)
    return found


def _dealt(first: date, last: date) -> Iterator[Dealt]:
    """Yield the orders of which anything may have become due in a period."""
    concerned = concerned_orders(first - timedelta(days=1), last)
    facts = heapq.merge(
        _rows(_orders(concerned)), _rows(_money(concerned)), _rows(_issued(concerned)), _rows(_lines(concerned)),
        _rows(_taken_back(concerned)), key=attrgetter("order_id"),
    )  # fmt: skip
    for _order_id, rows in groupby(facts, key=attrgetter("order_id")):
        by_kind: dict[str, list[Any]] = {}
        for row in rows:
            by_kind.setdefault(row.fact, []).append(row)
        yield _of(by_kind)


def _of(rows: dict[str, list[Any]]) -> Dealt:
    (order,) = rows["order"]
    taken: dict[int, list[Moved]] = {}
    for row in rows.get("taken", []):
        taken.setdefault(row.line_id, []).append(Moved(when=_moment(row.at), cents=row.cents))
    return Dealt(
        order=order.reference,
        customer=order.customer,
        placed=_moment(order.placed_at),
        cancelled=_maybe(order.cancelled_at),
        expired=_maybe(order.expired_at),
        confirmed=_maybe(order.confirmed_at),
        money=tuple(Moved(when=Moment(at=row.at, on=row.on_day), cents=row.cents) for row in rows.get("money", [])),
        issued=tuple(_issued_part(row) for row in rows.get("issued", [])),
        lines=tuple(
            _line(list(parts), taken) for _line_id, parts in groupby(rows.get("line", []), key=attrgetter("line_id"))
        ),
    )


def _issued_part(row: Any) -> Issued:
    sign = -1 if row.kind is DocumentKind.CREDIT_NOTE else 1
    part = Part(
        rate=row.rate,
        gross_cents=sign * row.gross,
        vat_cents=sign * (row.gross - row.net),
        on_debits=bool(row.on_debits),
    )
    return Issued(when=Moment(at=row.at, on=row.on_day), number=row.number, part=part)


def _line(parts: Sequence[Any], taken: dict[int, list[Moved]]) -> Ordered:
    return Ordered(
        total_cents=parts[0].line_cents,
        parts=tuple((row.rate, row.cents) for row in parts),
        taken_back=tuple(taken.get(parts[0].line_id, ())),
    )


def _moment(at: datetime) -> Moment:
    return Moment(at=at, on=clock.local_date(at))


def _maybe(at: datetime | None) -> Moment | None:
    return None if at is None else _moment(at)


def _rows(statement: sa.Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return db.session.execute(statement.execution_options(yield_per=BATCH))


def _orders(concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Order.id.label("order_id"),
            sa.literal("order").label("fact"),
            Order.reference,
            CUSTOMER.label("customer"),
            Order.placed_at,
            Order.cancelled_at,
            Order.expired_at,
            Order.confirmed_at,
        )
        .where(Order.id.in_(concerned))
        .order_by(Order.id)
    )


def _money(concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            JournalEntry.order_id,
            sa.literal("money").label("fact"),
            JournalEntry.at,
            JournalEntry.moved_on.label("on_day"),
            JournalEntry.amount_cents.label("cents"),
        )
        .where(JournalEntry.order_id.in_(concerned))
        .order_by(JournalEntry.order_id, JournalEntry.rank)
    )


def _issued(concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    credited = aliased(Invoice)
    return (
        sa.select(
            Invoice.order_id,
            sa.literal("issued").label("fact"),
            Invoice.issued_at.label("at"),
            Invoice.issued_on.label("on_day"),
            Invoice.kind,
            Invoice.number,
            InvoiceLine.vat_rate.label("rate"),
            InvoiceLine.gross_cents.label("gross"),
            InvoiceLine.net_cents.label("net"),
            on_debits(credited).label("on_debits"),
        )
        .join(InvoiceLine.invoice)
        .outerjoin(credited, credited.id == Invoice.credits_id)
        .where(Invoice.order_id.in_(concerned))
        .order_by(Invoice.order_id, Invoice.id, InvoiceLine.position)
    )


def _lines(concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            OrderLine.order_id,
            sa.literal("line").label("fact"),
            OrderLine.id.label("line_id"),
            OrderLine.total_cents.label("line_cents"),
            OrderLineVat.rate,
            OrderLineVat.total_cents.label("cents"),
        )
        .join(OrderLine.vat_parts)
        .join(OrderLine.order)
        .where(OrderLine.order_id.in_(concerned), HAS_MONEY)
        .order_by(OrderLine.order_id, OrderLine.id, OrderLineVat.position)
    )


def _taken_back(concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            OrderLine.order_id,
            sa.literal("taken").label("fact"),
            OrderLine.id.label("line_id"),
            Reduction.at,
            Reduction.credited_cents.label("cents"),
        )
        .join(Reduction, Reduction.order_line_id == OrderLine.id)
        .join(OrderLine.order)
        .where(OrderLine.order_id.in_(concerned), HAS_MONEY)
        .order_by(OrderLine.order_id, Reduction.id)
    )
