"""Reading what is known of stored files."""

from collections.abc import Collection

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.files.models import StoredFile


def by_key(key: str) -> StoredFile | None:
    """Return the file with that key, or ``None``."""
    return db.session.scalar(sa.select(StoredFile).where(StoredFile.key == key))


def known_keys(keys: Collection[str]) -> set[str]:
    """Return which of ``keys`` belong to a file."""
    return set(db.session.scalars(sa.select(StoredFile.key).where(StoredFile.key.in_(keys))))
