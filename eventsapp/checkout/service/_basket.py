"""The basket: kept by us under the fingerprint of a token that only the visitor has."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from eventsapp.checkout import queries, rules
from eventsapp.checkout.errors import AlreadyInBasket, NothingToOrder
from eventsapp.checkout.models import Basket
from eventsapp.checkout.service._day_in_order import DayInOrder
from eventsapp.checkout.service._quote import Quote
from eventsapp.checkout.values import Item, Seats, Subscription, item_to_json
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, NotFound
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import rules as day_rules

#: A basket that nobody touched for so long is emptied: it holds names.
KEPT_FOR = timedelta(days=7)


def add_to_basket(token: str | None, item: Item, *, now: datetime) -> str:
    """Put ``item`` into the basket, and return its token; seats at a day replace those chosen before for it.

    Raises ``Invalid`` when it is full, ``NotFound`` and ``RegistrationClosed`` for seats that cannot be taken, and
    ``AlreadyInBasket`` for a second subscription to one plan, of the buyer or of the same person to be offered it.
    """
    if isinstance(item, Seats):
        _require_open(item, now=now)
    basket = queries.basket(token) if token else None
    if basket is None or not token:
        token = secrets.token_urlsafe(24)
        basket = Basket(token_hash=queries.fingerprint(token), items=[], updated_at=now)
        db.session.add(basket)
    kept = queries.kept(basket)
    if isinstance(item, Seats):
        kept = [data for data in kept if data.get("study_day") != item.study_day]
    elif any(_is_same(item, data) for data in kept):
        raise AlreadyInBasket("Cet abonnement est déjà dans votre panier.")
    if len(kept) >= rules.MOST_ITEMS:
        raise Invalid("Le panier est plein : vingt lignes au plus.")
    basket.items = [*kept, item_to_json(item)]
    basket.updated_at = now
    return token


def change_in_basket(token: str, position: int, item: Subscription, *, now: datetime) -> None:
    """Put ``item`` in the place of the subscription at ``position`` (from 0); raise ``NothingToOrder`` without one."""
    basket = queries.basket(token)
    kept = queries.kept(basket) if basket else []
    if basket is None or not 0 <= position < len(kept) or "plan" not in kept[position]:
        raise NothingToOrder("Cette ligne n’est plus dans le panier.")
    basket.items = [item_to_json(item) if index == position else data for index, data in enumerate(kept)]
    basket.updated_at = now


def remove_from_basket(token: str, position: int, *, now: datetime) -> None:
    """Take the item at ``position`` (from 0) out, to be put back if wanted; raise ``NothingToOrder`` without one."""
    basket = queries.basket(token)
    kept = queries.kept(basket) if basket else []
    if basket is None or not 0 <= position < len(kept):
        raise NothingToOrder("Cette ligne n’est plus dans le panier.")
    basket.items = [data | {"removed": True} if index == position else data for index, data in enumerate(kept)]
    basket.updated_at = now


def put_back(token: str, *, now: datetime) -> None:
    """Put what was taken out last back in its place; raise ``NothingToOrder`` when something else came since."""
    basket = queries.basket(token)
    if basket is None or not any(data.get("removed") for data in basket.items):
        raise NothingToOrder("Il n’y a rien à remettre dans le panier.")
    basket.items = [{name: value for name, value in data.items() if name != "removed"} for data in basket.items]
    basket.updated_at = now


def days_beyond_plans(in_basket: Quote) -> frozenset[int]:
    """Return the places of the days with more seats at a subscriber rate than the subscriptions beside them cover.

    Whether somebody subscribes already is not looked up: only an order, which says who asks, may learn that.
    """
    covered = sum(bought.covers for bought in in_basket.plans)
    return frozenset(wanted.index for wanted in in_basket.days if _subscriber_seats(wanted) > covered)


def empty_basket(token: str) -> None:
    """Forget the basket: it became an order."""
    db.session.execute(sa.delete(Basket).where(Basket.token_hash == queries.fingerprint(token)))


def forget_old_baskets(*, now: datetime) -> int:
    """Forget the baskets that nobody touched; return how many."""
    return len(
        db.session.scalars(sa.delete(Basket).where(Basket.updated_at < now - KEPT_FOR).returning(Basket.id)).all()
    )


def _is_same(item: Subscription, data: dict[str, Any]) -> bool:
    """Return whether a line of the basket is the same plan for the same person: whoever orders, or gets the gift."""
    if data.get("plan") != item.plan:
        return False
    gift = data.get("gift")
    if item.gift is None or gift is None:
        return item.gift is None and gift is None
    wanted = (item.gift.recipient_name, item.gift.recipient_email)
    return wanted == (gift["recipient_name"], gift["recipient_email"])


def _subscriber_seats(wanted: DayInOrder) -> int:
    codes = {rate.code for rate in wanted.day.rates if rate.for_subscribers}
    return sum(attendee.rate in codes for attendee in wanted.attendees)


def _require_open(seats: Seats, *, now: datetime) -> None:
    day = study_days.shown_day(seats.study_day)
    if day is None:
        raise NotFound("Cette journée n’existe pas.")
    day_rules.require_open(day.availability(now))
