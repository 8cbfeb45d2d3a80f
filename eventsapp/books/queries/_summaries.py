"""Sums of a period: tax invoiced by rate, revenue by product and by method, money by method."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only

from eventsapp.books.values import Row
from eventsapp.core import french, i18n
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments.models import JournalEntry
from eventsapp.payments.statuses import Movement
from eventsapp.places.models import City
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract, Plan

_SIGN = sa.case((Invoice.kind == DocumentKind.CREDIT_NOTE, -1), else_=1)
_NET = sa.func.sum(_SIGN * InvoiceLine.net_cents)
_GROSS = sa.func.sum(_SIGN * InvoiceLine.gross_cents)


def vat_by_rate(first: date, last: date) -> list[tuple[int, Row]]:
    """Return the tax invoiced in a period by rate, the highest first; credit notes are taken off.

    What bears none says why: by the codes of its reasons.
    """
    by = InvoiceLine.vat_rate, InvoiceLine.exemption_code
    rows = db.session.execute(_invoiced(first, last, *by).group_by(*by).order_by(by[0].desc(), by[1]))
    found = []
    for rate, own in groupby(rows, key=lambda row: row.vat_rate):
        of_rate = list(own)
        codes = ", ".join(row.exemption_code for row in of_rate if row.exemption_code)
        label = i18n.vat_rate(rate) + (f" ({codes})" if codes else "")
        found.append((rate, _row(label, sum(row[2] for row in of_rate), sum(row[3] for row in of_rate))))
    return found


def revenue_by_product(first: date, last: date) -> list[Row]:
    """Return what was invoiced in a period by study day and by plan, the most first; credit notes are taken off.

    Two days of one title are two products; what is neither a day nor a plan goes by the words of its line.
    """
    product = _products().subquery()
    words = sa.case(
        (sa.and_(product.c.study_day_id.is_(None), product.c.plan_id.is_(None)), InvoiceLine.label), else_=""
    )
    rows = db.session.execute(
        _invoiced(first, last, product.c.study_day_id, product.c.plan_id, words)
        .outerjoin(product, product.c.order_line_id == InvoiceLine.order_line_id)
        .group_by(product.c.study_day_id, product.c.plan_id, words)
    ).all()
    days, plans = _day_names({row[0] for row in rows}), _plan_names({row[1] for row in rows})
    found = [
        _row(days.get(day_id) or plans.get(plan_id) or words, net, gross) for day_id, plan_id, words, net, gross in rows
    ]
    return sorted(found, key=lambda row: (-row.net_cents, row.label))


def revenue_by_method(first: date, last: date, *, methods: Mapping[str, str]) -> list[Row]:
    """Return what was invoiced in a period by the method that its order chose; credit notes are taken off."""
    rows = db.session.execute(
        _invoiced(first, last, Order.payment_method).group_by(Order.payment_method).order_by(Order.payment_method)
    )
    return [_row(methods.get(code, code), net, gross) for code, net, gross in rows]


def money_by_method(first: date, last: date, *, methods: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Return what came in and what went back in a period by method: name and both sums in cents, positive."""
    came = sa.func.sum(sa.case((JournalEntry.amount_cents > 0, JournalEntry.amount_cents), else_=0))
    went = sa.func.sum(sa.case((JournalEntry.amount_cents < 0, -JournalEntry.amount_cents), else_=0))
    rows = db.session.execute(
        sa.select(JournalEntry.method, came, went)
        .where(
            JournalEntry.moved_on.between(first, last),
            JournalEntry.kind != Movement.TRANSFER,
            orders.counted(JournalEntry.is_test),
        )
        .group_by(JournalEntry.method)
        .order_by(JournalEntry.method)
    )
    return [(methods.get(code, code), int(came_cents), int(went_cents)) for code, came_cents, went_cents in rows]


def _invoiced(first: date, last: date, *by: Any) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(*by, _NET, _GROSS)
        .select_from(InvoiceLine)
        .join(InvoiceLine.invoice)
        .join(Invoice.order)
        .where(Invoice.issued_on.between(first, last), orders.counted())
    )


def _row(label: str, net: int, gross: int) -> Row:
    return Row(label=label, net_cents=int(net), vat_cents=int(gross) - int(net), gross_cents=int(gross))


def _products() -> sa.SelectBase:
    """What each line of an order is about: one row a line."""
    nothing = sa.cast(sa.null(), sa.Integer)
    days = sa.select(
        Registration.order_line_id,
        sa.func.min(Registration.study_day_id).label("study_day_id"),
        nothing.label("plan_id"),
    ).group_by(Registration.order_line_id)
    plans = (
        sa.select(Contract.order_line_id, nothing, sa.func.min(Contract.plan_id))
        .where(Contract.order_line_id.is_not(None))
        .group_by(Contract.order_line_id)
    )
    return days.union_all(plans)


def _day_names(ids: set[int | None]) -> dict[int | None, str]:
    rows = db.session.scalars(
        sa.select(StudyDay)
        .where(StudyDay.id.in_(_known(ids)))
        .options(
            load_only(StudyDay.title, StudyDay.starts_at, StudyDay.timezone),
            joinedload(StudyDay.city).load_only(City.name),
        )
    )
    return {day.id: f"{day.title}, {day.city.name}, {french.date_long(day.date)}" for day in rows}


def _plan_names(ids: set[int | None]) -> dict[int | None, str]:
    rows = db.session.execute(sa.select(Plan.id, Plan.name).where(Plan.id.in_(_known(ids))))
    return dict(rows.all())


def _known(ids: set[int | None]) -> list[int]:
    return [key for key in ids if key is not None]
