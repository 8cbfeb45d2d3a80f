"""Reading baskets."""

import hashlib

import sqlalchemy as sa

from eventsapp.checkout.models import Basket
from eventsapp.checkout.values import Item, item_from_json
from eventsapp.core.db import db


def basket(token: str) -> Basket | None:
    """Return the basket that the visitor's token opens, or ``None``."""
    return db.session.scalar(sa.select(Basket).where(Basket.token_hash == fingerprint(token)))


def basket_items(token: str | None) -> tuple[Item, ...]:
    """Return what is in the basket; nothing without one."""
    kept = basket(token) if token else None
    return tuple(item_from_json(data) for data in kept.items) if kept else ()


def basket_size(token: str | None) -> int:
    """Return how many lines the basket has."""
    kept = basket(token) if token else None
    return len(kept.items) if kept else 0


def fingerprint(token: str) -> str:
    """Return what we keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
