"""Reading baskets."""

import hashlib
from typing import Any

import sqlalchemy as sa

from eventsapp.checkout.models import Basket
from eventsapp.checkout.values import Item, item_from_json
from eventsapp.core.db import db


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
