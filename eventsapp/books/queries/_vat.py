"""The tax that is due of a period: what is due at its end, less what was due before it, order by order."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.books import rules
from eventsapp.books.rules import Billed, Part
from eventsapp.books.values import DueLine, Row
from eventsapp.core import i18n, settings
from eventsapp.core.db import db
from eventsapp.core.money import vat_shares
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order, OrderLine, OrderLineVat, Reduction
from eventsapp.payments.models import JournalEntry

#: Rows that are read at a time.
BATCH = 1_000
CUSTOMER = sa.case(
    (Order.billing_name != "", Order.billing_name), else_=sa.func.trim(Order.first_name + " " + Order.last_name)
)
_MONEY, _INVOICED, _ORDERED = "money", "invoiced", "ordered"
HAS_MONEY = sa.exists().where(JournalEntry.order_id == Order.id)


@dataclass(slots=True)
class _Standing:
    """What is known of an order on a day."""

    received_cents: int = 0
    invoices: int = 0
    invoiced: list[Part] = field(default_factory=list)
    #: Gross and rate of its own lines: what a payment before the invoice is for, while the order stands.
    ordered: list[tuple[int, int]] = field(default_factory=list)

    def due(self) -> dict[int, tuple[int, int]]:
        """Return rate → net and tax that are due in all."""
        parts = self.invoiced if self.invoices else _parts(self.ordered)
        due: dict[int, tuple[int, int]] = {}
        for share in rules.due_shares(Billed(parts=tuple(parts), received_cents=self.received_cents)):
            net, vat = due.get(share.rate, (0, 0))
            due[share.rate] = net + share.net_cents, vat + share.vat_cents
        return due


def vat_due_by_rate(first: date, last: date) -> list[tuple[int, Row]]:
    """Return the tax that became due in a period by rate, the highest first.

    By payment, refunds and bounces taken off, whatever was invoiced when; with the invoice under the option.
    """
    sums: dict[int, tuple[int, int]] = {}
    for line in vat_due_lines(first, last):
        net, vat = sums.get(line.rate, (0, 0))
        sums[line.rate] = net + line.net_cents, vat + line.vat_cents
    return [
        (rate, Row(label=i18n.vat_rate(rate), net_cents=net, vat_cents=vat, gross_cents=net + vat))
        for rate, (net, vat) in sorted(sums.items(), reverse=True)
    ]


def vat_due_lines(first: date, last: date) -> Iterator[DueLine]:
    """Yield what became due in a period, order by order and rate by rate; negative where it is taken back.

    What is due on a day follows from what was billed and paid by then, so periods add up to the cent.
    """
    before = first - timedelta(days=1)
    rows = db.session.execute(_facts(before, last).execution_options(yield_per=BATCH))
    for _order_id, facts in groupby(rows, key=lambda row: row.order_id):
        yield from _lines_of(list(facts))


def _lines_of(facts: list[Any]) -> Iterator[DueLine]:
    then, now = _Standing(), _Standing()
    for fact in facts:
        for standing, cents, vat_cents, times in (
            (then, int(fact.cents_before), int(fact.vat_before), int(fact.times_before)),
            (now, int(fact.cents), int(fact.vat), int(fact.times)),
        ):
            if fact.kind == _MONEY:
                standing.received_cents += cents
            elif fact.kind == _INVOICED:
                standing.invoices += times
                standing.invoiced.append(
                    Part(rate=fact.rate, gross_cents=cents, vat_cents=vat_cents, on_debits=bool(fact.on_debits))
                )
            else:
                standing.ordered.append((cents, fact.rate))
    was, is_now = then.due(), now.due()
    for rate in sorted({*was, *is_now}, reverse=True):
        net, vat = (late - early for late, early in zip(is_now.get(rate, (0, 0)), was.get(rate, (0, 0)), strict=True))
        if net or vat:
            yield DueLine(order=facts[0].reference, customer=facts[0].customer, rate=rate, net_cents=net, vat_cents=vat)


def _parts(ordered: list[tuple[int, int]]) -> list[Part]:
    return [
        Part(rate=share.rate, gross_cents=share.gross_cents, vat_cents=share.vat_cents) for share in vat_shares(ordered)
    ]


def _facts(before: date, last: date) -> sa.Select[*tuple[Any, ...]]:
    """What moved, was invoiced and is ordered, of the orders to which anything happened: one order after the other."""
    concerned = concerned_orders(before, last)
    facts = sa.union_all(
        _money(before, last, concerned), _invoiced(before, last, concerned), _ordered(before, last, concerned)
    ).subquery()
    return (
        sa.select(facts, Order.reference, CUSTOMER.label("customer"))
        .join(Order, Order.id == facts.c.order_id)
        .order_by(facts.c.order_id, facts.c.kind, facts.c.rate.desc(), facts.c.on_debits)
    )


def concerned_orders(before: date, last: date) -> sa.Select[int]:
    """The orders of which money moved, an invoice was issued, or that cost less or ceased to stand, in the period."""
    period = before + timedelta(days=1), last
    start, end = _end_of(before), _end_of(last)
    moved = sa.select(JournalEntry.order_id).where(
        JournalEntry.moved_on.between(*period), orders.counted(JournalEntry.is_test)
    )
    invoiced = sa.select(Invoice.order_id).where(Invoice.issued_on.between(*period), orders.counted(Invoice.is_test))
    changed = sa.select(Order.id).where(
        sa.or_(*(
            sa.and_(moment >= start, moment < end)
            for moment in (Order.cancelled_at, Order.expired_at, Order.confirmed_at)
        )),
        HAS_MONEY,
        orders.counted(),
    )  # fmt: skip
    lessened = (
        sa.select(OrderLine.order_id)
        .join(Reduction, Reduction.order_line_id == OrderLine.id)
        .join(OrderLine.order)
        .where(Reduction.at >= start, Reduction.at < end, HAS_MONEY, orders.counted())
    )
    union = sa.union(moved, invoiced, changed, lessened).subquery()
    return sa.select(union.c[0])


def _money(before: date, last: date, concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            JournalEntry.order_id.label("order_id"),
            sa.literal(_MONEY).label("kind"),
            sa.literal(0).label("rate"),
            sa.literal(0).label("on_debits"),
            _sum_until(before, JournalEntry.moved_on, JournalEntry.amount_cents).label("cents_before"),
            sa.literal(0).label("vat_before"),
            sa.literal(0).label("times_before"),
            _sum_until(last, JournalEntry.moved_on, JournalEntry.amount_cents).label("cents"),
            sa.literal(0).label("vat"),
            sa.literal(0).label("times"),
        )
        .where(JournalEntry.order_id.in_(concerned))
        .group_by(JournalEntry.order_id)
    )


def _invoiced(before: date, last: date, concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    credited = aliased(Invoice)
    sign = sa.case((Invoice.kind == DocumentKind.CREDIT_NOTE, -1), else_=1)
    option = on_debits(credited)
    gross, vat = sign * InvoiceLine.gross_cents, sign * (InvoiceLine.gross_cents - InvoiceLine.net_cents)
    return (
        sa.select(
            Invoice.order_id,
            sa.literal(_INVOICED),
            InvoiceLine.vat_rate,
            option,
            _sum_until(before, Invoice.issued_on, gross),
            _sum_until(before, Invoice.issued_on, vat),
            _sum_until(before, Invoice.issued_on, sa.literal(1)),
            _sum_until(last, Invoice.issued_on, gross),
            _sum_until(last, Invoice.issued_on, vat),
            _sum_until(last, Invoice.issued_on, sa.literal(1)),
        )
        .join(InvoiceLine.invoice)
        .outerjoin(credited, credited.id == Invoice.credits_id)
        .where(Invoice.order_id.in_(concerned), Invoice.issued_on <= last)
        .group_by(Invoice.order_id, InvoiceLine.vat_rate, option)
    )


def _ordered(before: date, last: date, concerned: sa.Select[int]) -> sa.Select[*tuple[Any, ...]]:
    """The lines of orders that money came in for and that no invoice says anything of yet, while they stand."""
    return (
        sa.select(
            OrderLine.order_id,
            sa.literal(_ORDERED),
            OrderLineVat.rate,
            sa.literal(0),
            sa.func.sum(sa.case((_stood(before), _owed_of_part(before)), else_=0)),
            sa.literal(0),
            sa.literal(0),
            sa.func.sum(sa.case((_stood(last), _owed_of_part(last)), else_=0)),
            sa.literal(0),
            sa.literal(0),
        )
        .join(OrderLine.vat_parts)
        .join(OrderLine.order)
        .where(OrderLine.order_id.in_(concerned), HAS_MONEY)
        .group_by(OrderLine.order_id, OrderLineVat.rate)
    )


def _owed_of_part(day: date) -> sa.ColumnElement[int]:
    """What a part of a line costs without what was taken back by the end of a day: ``vat.rules.scaled`` in SQL."""
    owed = OrderLine.total_cents - _credited(day)
    other = aliased(OrderLineVat)
    others = (
        sa.select(sa.func.coalesce(sa.func.sum(_rounded_down(other.total_cents, owed)), 0))
        .where(other.order_line_id == OrderLine.id, other.position > 1)
        .correlate(OrderLine)
        .scalar_subquery()
    )
    return sa.case((OrderLineVat.position == 1, owed - others), else_=_rounded_down(OrderLineVat.total_cents, owed))


def _rounded_down(part_cents: Any, owed: Any) -> sa.ColumnElement[int]:
    # Typed, so that it is a division of integers on both databases and not the floor of another.
    whole = sa.func.nullif(OrderLine.total_cents, 0, type_=sa.Integer)
    return sa.func.coalesce(part_cents * owed // whole, 0)


def _credited(day: date) -> sa.ScalarSelect[int]:
    """What was taken back of a line by the end of a day."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(Reduction.credited_cents), 0))
        .where(Reduction.order_line_id == OrderLine.id, Reduction.at < _end_of(day))
        .correlate(OrderLine)
        .scalar_subquery()
    )


def _stood(day: date) -> sa.ColumnElement[bool]:
    """Whether an order was to be carried out at the end of a day: neither cancelled nor left to expire."""
    end = _end_of(day)
    cancelled = sa.and_(Order.cancelled_at.is_not(None), Order.cancelled_at < end)
    taken_again = sa.and_(
        Order.confirmed_at.is_not(None), Order.confirmed_at >= Order.expired_at, Order.confirmed_at < end
    )
    expired = sa.and_(Order.expired_at.is_not(None), Order.expired_at < end, ~taken_again)
    return sa.and_(Order.placed_at < end, ~cancelled, ~expired)


def on_debits(credited: Any) -> sa.ColumnElement[int]:
    """Whether an invoice was under the option for the tax; a credit note is as the invoice that it takes back."""
    option = sa.func.coalesce(
        credited.content[("terms", "vat_on_debits")].as_boolean(),
        Invoice.content[("terms", "vat_on_debits")].as_boolean(),
    )
    return sa.case((option, 1), else_=0)


def _sum_until(day: date, column: Any, amount: Any) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((column <= day, amount), else_=0))


def _end_of(day: date) -> datetime:
    zone = settings.zone(settings.current().default_timezone)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
