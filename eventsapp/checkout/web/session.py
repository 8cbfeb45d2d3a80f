"""The visitor's basket token, and the order left at Stripe's page, in the session cookie."""

from datetime import datetime

from flask import session

from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order

_KEY = "basket"
#: The reference alone: the cookie is signed, and what opens the order's page stays out of it.
_UNPAID = "unpaid_order"


def token() -> str | None:
    """Return the token of the visitor's basket, if there is one."""
    kept: str | None = session.get(_KEY)
    return kept


def keep(new_token: str) -> None:
    """Remember the basket in the visitor's browser."""
    session[_KEY] = new_token


def forget() -> None:
    """Forget the basket in the visitor's browser."""
    session.pop(_KEY, None)


def removed_item() -> Item | None:
    """Return what was taken out of the visitor's basket last and can be put back."""
    return queries.removed_item(token())


def items() -> tuple[Item, ...]:
    """Return what is in the visitor's basket."""
    return queries.basket_items(token())


def note_unpaid(order: Order) -> None:
    """Remember in the visitor's browser an order that leaves it for Stripe's page."""
    session[_UNPAID] = order.reference


def unpaid_order(*, now: datetime) -> Order | None:
    """Return the order that the visitor left without paying, as long as it waits for that."""
    reference = session.get(_UNPAID)
    if not reference:
        return None
    order = orders.by_reference(reference)
    if (
        order is None
        or not checkout.is_paid_online(order)
        or (order.expires_at is not None and order.expires_at <= now)
    ):
        session.pop(_UNPAID)
        return None
    return order
