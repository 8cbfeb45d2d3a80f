"""The visitor's basket token, in the session cookie."""

from flask import session

from eventsapp.checkout import queries
from eventsapp.checkout.values import Item

_KEY = "basket"


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
