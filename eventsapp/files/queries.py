"""Reading what is known of stored files."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from eventsapp.core.db import db
from eventsapp.files.models import StoredFile


def by_key(key: str) -> StoredFile | None:
    """Return the file with that key, or ``None``."""
    return db.session.scalar(sa.select(StoredFile).where(StoredFile.key == key))


def is_named_in(*texts: sa.ColumnElement[str] | InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Be the file of the enclosing query named by its address in one of ``texts``, which are in Markdown."""
    # The underscores of a key stand for any sign there: in 32 of them no other key is met.
    address = sa.literal("/fichiers/") + StoredFile.key + "/"
    return sa.or_(*(text.contains(address) for text in texts))


def known_keys(keys: Collection[str]) -> set[str]:
    """Return which of ``keys`` belong to a file."""
    return set(db.session.scalars(sa.select(StoredFile.key).where(StoredFile.key.in_(keys))))
