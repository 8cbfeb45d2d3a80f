"""What a token looks like, and what is kept of it."""

import hashlib
import secrets

#: Marks a token of this application, so that one left in a file is recognised.
PREFIX = "evapp_"
#: Random bytes of a token.
RANDOM_BYTES = 32
#: The longest name of a token, in characters.
NAME_LENGTH = 100


def new_token() -> str:
    """Return 256 random bits to be shown once."""
    return PREFIX + secrets.token_urlsafe(RANDOM_BYTES)


def fingerprint(token: str) -> str:
    """Return what is kept of a token.

    One round of SHA-256 is enough: unlike a password, a token cannot be guessed from a list of words.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
