"""The basket: kept by us under the fingerprint of a token that only the visitor has."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.checkout import queries, rules
from eventsapp.checkout.errors import NothingToOrder
from eventsapp.checkout.models import Basket
from eventsapp.checkout.values import Item, Seats, item_to_json
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, NotFound
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import rules as day_rules

#: A basket that nobody touched for so long is emptied: it holds names.
KEPT_FOR = timedelta(days=7)


def add_to_basket(token: str | None, item: Item, *, now: datetime) -> str:
    """Put ``item`` into the basket, and return its token; seats at a day replace those chosen before for it.

    Raises ``Invalid`` when it is full, ``NotFound`` and ``RegistrationClosed`` for seats that cannot be taken.
    """
    if isinstance(item, Seats):
        _require_open(item, now=now)
    basket = queries.basket(token) if token else None
    if basket is None or not token:
        token = secrets.token_urlsafe(24)
        basket = Basket(token_hash=queries.fingerprint(token), items=[], updated_at=now)
        db.session.add(basket)
    kept = [
        data
        for data in basket.items
        if not (isinstance(item, Seats) and data["type"] == "registration" and data["study_day"] == item.study_day)
    ]
    if len(kept) >= rules.MOST_ITEMS:
        raise Invalid("Le panier est plein : vingt lignes au plus.")
    basket.items = [*kept, item_to_json(item)]
    basket.updated_at = now
    return token


def remove_from_basket(token: str, position: int, *, now: datetime) -> None:
    """Take the item at ``position`` (from 0) out; raise ``NothingToOrder`` when there is none."""
    basket = queries.basket(token)
    if basket is None or not 0 <= position < len(basket.items):
        raise NothingToOrder("Cette ligne n’est plus dans le panier.")
    basket.items = [data for index, data in enumerate(basket.items) if index != position]
    basket.updated_at = now


def empty_basket(token: str) -> None:
    """Forget the basket: it became an order."""
    db.session.execute(sa.delete(Basket).where(Basket.token_hash == queries.fingerprint(token)))


def forget_old_baskets(*, now: datetime) -> int:
    """Forget the baskets that nobody touched; return how many."""
    return len(
        db.session.scalars(sa.delete(Basket).where(Basket.updated_at < now - KEPT_FOR).returning(Basket.id)).all()
    )


def _require_open(seats: Seats, *, now: datetime) -> None:
    day = study_days.shown_day(seats.study_day)
    if day is None:
        raise NotFound("Cette journée n’existe pas.")
    day_rules.require_open(day.availability(now))
