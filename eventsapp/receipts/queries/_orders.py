"""The orders that a search or a line of the statement may mean."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.core.plain_text import fold, folded
from eventsapp.invoices.models import Invoice
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.models import Payment
from eventsapp.receipts import rules
from eventsapp.receipts.values import Candidate

#: Orders shown for a search, and orders that await money among which a line is matched.
MOST_FOUND = 25
MOST_CANDIDATES = 3_000
#: Money may come for an order that is over its time; for a cancelled one only what went back twice.
_OPEN = sa.and_(orders.BALANCE > 0, Order.status != OrderStatus.CANCELLED)
_AWAITED = sa.or_(_OPEN, orders.LOST)


def matching_orders(text: str) -> Sequence[Order]:
    """Return the orders that the words of a search mean, those that await money first.

    An amount, a name or a SIRET finds orders that await money only; a reference, the number of an invoice or of a
    cheque finds what it names, paid or not. A trial is only found by what names it.
    """
    found = [keys for term in rules.terms(text) for keys in _meant_by(term)]
    if not found:
        return []
    return db.session.scalars(
        sa.select(Order)
        # Each meaning finds its orders by an index; asked all at once, every order would be read for them.
        .where(Order.id.in_(sa.union_all(*found)))
        .order_by(sa.case((_AWAITED, 0), else_=1), Order.due_on.is_(None), Order.due_on, Order.id)
        .limit(MOST_FOUND)
    ).all()


def is_recorded(form_key: str, order_ids: Collection[int]) -> bool:
    """Return whether that form was recorded for each of these orders."""
    keys = {rules.key_of_part(form_key, order_id) for order_id in order_ids}
    known = db.session.scalar(sa.select(sa.func.count(Payment.id)).where(Payment.form_key.in_(keys)))
    return known == len(keys)


def orders_by_id(order_ids: Collection[int]) -> dict[int, Order]:
    """Return those orders by key."""
    return {order.id: order for order in db.session.scalars(sa.select(Order).where(Order.id.in_(order_ids)))}


def candidates() -> list[Candidate]:
    """Return the orders that await money, with the numbers of their invoices; the bank's is never a trial's."""
    rows = db.session.execute(
        sa.select(Order.id, Order.reference, Order.billing_name, Order.last_name, orders.BALANCE)
        .where(_AWAITED, orders.counted())
        .order_by(Order.id.desc())
        .limit(MOST_CANDIDATES)
    ).all()
    numbers: dict[int, list[str]] = {}
    for order_id, number in db.session.execute(
        sa.select(Invoice.order_id, Invoice.number).join(Invoice.order).where(_AWAITED, orders.counted())
    ):
        numbers.setdefault(order_id, []).append(number)
    return [
        Candidate(
            order_id=order_id,
            reference=reference,
            names=(billing_name, last_name),
            numbers=tuple(numbers.get(order_id, ())),
            balance_cents=balance,
        )
        for order_id, reference, billing_name, last_name, balance in rows
    ]


def methods_of_transfers(order_ids: Collection[int]) -> dict[int, str]:
    """Return what money on the bank's statement is counted as, by order: its own method unless by card or cheque.

    Then it is the method that asks for least, of those whose money comes by the bank, if there is one.
    """
    methods = {method.code: method for method in payments.all_methods()}
    on_paper = {payment_rules.CHEQUE_MEANS, payment_rules.CARD_MEANS}
    fallback = min(
        (method for method in methods.values() if method.means_code not in on_paper),
        key=lambda method: len(method.required_fields),
        default=None,
    )
    return {
        order_id: fallback.code
        if fallback is not None and methods[order.payment_method].means_code in on_paper
        else order.payment_method
        for order_id, order in orders_by_id(order_ids).items()
    }


def _meant_by(term: str) -> list[sa.Select[int]]:
    """Return what finds the keys of the orders that a term may mean."""
    words = fold(term) or ""
    meant: list[sa.Select[int]] = [
        sa.select(Order.id).where(Order.reference == term.upper()),
        sa.select(Invoice.order_id).where(Invoice.number == term.upper()),
        sa.select(Payment.order_id).where(Payment.reference == term),
    ]
    cents = rules.typed_cents(term)
    if cents is not None:
        meant.extend(_awaiting(orders.BALANCE.in_([cents])))
    digits = "".join(term.split())
    if digits.isdecimal() and len(digits) == 14:
        meant.extend(_awaiting(Order.siret == digits))
    if cents is None and len(words) >= 3:
        names = (Order.billing_name, Order.last_name, Order.email, Order.reference)
        meant.extend(_awaiting(sa.or_(*(folded(name).contains(words, autoescape=True) for name in names))))
    return meant


def _awaiting(condition: sa.ColumnElement[bool]) -> list[sa.Select[int]]:
    """Return the keys of the orders that await money and meet ``condition``: few of them, by indexes of their own."""
    return [sa.select(Order.id).where(awaited, orders.counted(), condition) for awaited in (_OPEN, orders.LOST)]
