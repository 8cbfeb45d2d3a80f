"""Mails about signing in."""

from datetime import datetime
from typing import Any

from eventsapp.accounts.models import User
from eventsapp.core import links
from eventsapp.mail import outbox


def sign_in_code(user: User, *, code: str, minutes: int, locale: str, now: datetime) -> None:
    """Send the code to type; the link opens the page where it is typed and signs nobody in."""
    _queue(
        "sign_in_code",
        user,
        locale=locale,
        now=now,
        code=f"{code[:4]} {code[4:]}",
        minutes=minutes,
        url=links.absolute("accounts.enter_code", locale=locale),
    )


def choose_password(user: User, *, token: str, locale: str, now: datetime) -> None:
    """Send the link to choose a new password."""
    _queue("choose_password", user, locale=locale, now=now, url=password_link(token, locale=locale))


def invitation(user: User, *, url: str, by: str, days: int, locale: str, now: datetime) -> None:
    """Tell somebody that they belong to the team, with the link to choose a password within ``days``."""
    _queue("invitation", user, locale=locale, now=now, by=by, days=days, url=url)


def password_changed(user: User, *, locale: str, now: datetime) -> None:
    """Tell somebody that the password is a new one, in case it was not them."""
    _queue(
        "password_changed",
        user,
        locale=locale,
        now=now,
        url=links.absolute("accounts.forgot_password", locale=locale),
    )


def password_link(token: str, *, locale: str) -> str:
    """Return the address where a password is chosen."""
    return links.absolute("accounts.choose_password", locale=locale, token=token)


def sign_in_link(*, locale: str) -> str:
    """Return the address where people sign in."""
    return links.absolute("accounts.sign_in", locale=locale)


def _queue(name: str, user: User, *, locale: str, now: datetime, **context: Any) -> None:
    outbox.queue_mail(
        f"accounts/{name}",
        to=user.email,
        to_name=f"{user.first_name} {user.last_name}".strip(),
        now=now,
        locale=locale,
        about=("user", user.id),
        user=user,
        **context,
    )
