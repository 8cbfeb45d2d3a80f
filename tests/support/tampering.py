"""What somebody sends who changes the page before sending it, and what must be true of an order all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from sqlalchemy.orm import selectinload

from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.service._bought import Bought
from eventsapp.core.db import Model, db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.models import Payment, Refund
from eventsapp.registrations.models import Registration
from eventsapp.subscriptions.models import Contract

#: Some dozens of tries: each is a whole order.
TRIES = settings(
    max_examples=25,
    derandomize=True,
    # A failing try is told as it stands: making it smaller would place hundreds of orders more.
    phases=[Phase.generate],
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
#: In place of a quantity or a position: below, between and beyond what there is, digits of other scripts, no number.
NUMBERS = st.sampled_from([
    "-1", "0", "1.5", "1e9", "1000000000", "１", "１２", "²", "٣", "9" * 30, "9" * 5000, "+1", "0x1", "NaN", "", " ",
])  # fmt: skip
#: In place of a price, a rate of tax, a state.
VALUES = st.one_of(NUMBERS, st.sampled_from(["1", "true", "paid", "confirmed", "admin", "administrator", "null"]))
_TABLES: tuple[type[Model], ...] = (Order, OrderLine, Registration, Payment, Refund, Contract, User)
_WORDS = (
    "price", "amount", "total", "vat", "quantity", "discount", "role", "roles", "admin", "paid", "free", "items",
    "lines", "order", "rate_price_cents", "__class__", "_method",
)  # fmt: skip


def columns(*, but: set[str]) -> list[str]:
    """Return the names of all that is written with an order, and what others call it, ``but`` those of real fields."""
    found = {column.key for table in _TABLES for column in sa.inspect(table).columns}
    return sorted((found | set(_WORDS)) - but)


def require_server_values(order: Order, *, prices: set[tuple[int, int]]) -> None:
    """Require that a mandat's order costs what is on sale; ``prices``: price and rate of tax of each thing sold."""
    lines = db.session.scalars(
        sa.select(OrderLine).filter_by(order_id=order.id).options(selectinload(OrderLine.vat_parts))
    ).all()
    assert {(line.unit_price_cents, rate) for line in lines for rate in line.vat_rates} <= prices
    assert all(1 <= line.quantity <= 20 for line in lines)
    assert {line.discount_cents for line in lines} == {0}
    assert order.total_cents == sum(line.quantity * line.unit_price_cents for line in lines) > 0
    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.DUE)
    assert (order.paid_cents, order.refunded_cents, order.kept_cents) == (0, 0, 0)
    assert (order.is_test, order.paid_without_seat) == (False, False)
    seats = db.session.scalars(
        sa.select(Registration).join(Registration.order_line).where(OrderLine.order_id == order.id)
    ).all()
    assert not any(seat.is_test for seat in seats)
    assert count(Payment) == count(Refund) == 0
    assert db.session.scalars(sa.select(User).join(User.roles)).all() == []


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def last_order() -> Order:
    return db.session.scalars(sa.select(Order).order_by(Order.id.desc()).limit(1)).one()


@contextmanager
def careless(sent: dict[str, Any]) -> Iterator[None]:
    """For control runs: take over whatever was sent under the name of a column, as a form's ``populate_obj`` does."""
    real = checkout.place_order

    def place(*given: Any, **more: Any) -> tuple[Order, Bought | None]:
        order, bought = real(*given, **more)
        for name, value in sent.items():
            if name in {"paid_cents", "refunded_cents", "kept_cents"}:
                setattr(order, name, int(value))
        return order, bought

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkout, "place_order", place)
        yield
