"""Decisions about passwords, codes and sessions, on plain values."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _

from eventsapp.accounts.errors import WeakPassword

#: How long somebody stays signed in who asked to be remembered, and who did not.
REMEMBERED = timedelta(days=14)
NOT_REMEMBERED = timedelta(hours=12)

PASSWORD_LENGTH = range(12, 129)
#: A password of fewer different characters is a pattern.
DIFFERENT_CHARACTERS = 6
CODE_DIGITS = 8
#: An address name shorter than this says nothing.
_TELLING_LENGTH = 4
#: What a password that repeats the address must have besides.
_OWN_LENGTH = 10


def require_good_password(password: str, *, email: str) -> None:
    """Raise ``WeakPassword`` for one that is short, a pattern, or made of the person's own address."""
    if len(password) not in PASSWORD_LENGTH:
        raise WeakPassword(
            _("Choisissez au moins %(least)s caractères : une phrase se retient bien.", least=PASSWORD_LENGTH.start)
        )
    if len(set(password.lower())) < DIFFERENT_CHARACTERS:
        raise WeakPassword("Ce mot de passe répète les mêmes caractères ; variez-les.")
    name = email.partition("@")[0].lower()
    if len(name) >= _TELLING_LENGTH and name in password.lower() and len(password) - len(name) < _OWN_LENGTH:
        raise WeakPassword("Ce mot de passe reprend votre adresse ; choisissez-en un autre.")


def new_code() -> str:
    """Return a code to type within minutes: eight digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"


def typed_code(text: str) -> str:
    """Return the digits of what somebody typed: « 1234 5678 » is ``12345678``."""
    return "".join(character for character in text if character in "0123456789")
