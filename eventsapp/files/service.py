"""Taking files in, and letting them go."""

import hashlib
from datetime import datetime

from eventsapp.core import references, unit_of_work
from eventsapp.core.db import db
from eventsapp.files import pictures, queries, rules, storage
from eventsapp.files.errors import FileRefused
from eventsapp.files.models import StoredFile
from eventsapp.files.pictures import Picture

#: A file that no row names after so long belongs to a transaction that was given up.
FORGOTTEN_AFTER = 24 * 3600
_BATCH = 500


def store(data: bytes, *, name: str, now: datetime, by_id: int | None = None) -> StoredFile:
    """Keep a document, or a picture drawn anew, under a random key; ``by_id`` is who brought it.

    Raises ``FileRefused``.
    """
    content = rules.content_of(data)
    if content.content_type.startswith("image/"):
        return _keep_picture(pictures.drawn_anew(data, ending=content.ending), name=name, by_id=by_id, now=now)
    return _keep(data, name=name, ending=content.ending, content_type=content.content_type, by_id=by_id, now=now)


def store_paper(data: bytes, *, name: str, now: datetime) -> StoredFile:
    """Keep a PDF that the application made itself, as it is: its attachments are ours."""
    return _keep(data, name=name, ending="pdf", content_type="application/pdf", by_id=None, now=now)


def store_portrait(data: bytes, *, name: str, now: datetime, by_id: int | None = None) -> StoredFile:
    """Keep the middle of a picture as a square portrait. Raises ``FileRefused``."""
    content = rules.content_of(data)
    if not content.content_type.startswith("image/"):
        raise FileRefused("Une photographie est attendue : PNG, JPEG ou WebP.")
    return _keep_picture(pictures.portrait(data, ending=content.ending), name=name, by_id=by_id, now=now)


def delete(file: StoredFile) -> None:
    """Let a file go; its bytes follow once that is committed."""
    key = file.key
    db.session.delete(file)
    db.session.flush()
    unit_of_work.after_commit(lambda: storage.delete(key))


def delete_forgotten() -> int:
    """Delete the bytes that no row names, of transactions given up long ago; return how many files."""
    deleted = 0
    keys = list(storage.keys_older_than(FORGOTTEN_AFTER))
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        for key in set(batch) - queries.known_keys(batch):
            storage.delete(key)
            deleted += 1
    return deleted


def _keep_picture(picture: Picture, *, name: str, by_id: int | None, now: datetime) -> StoredFile:
    file = _keep(
        picture.data, name=name, ending=picture.ending, content_type=picture.content_type, by_id=by_id, now=now
    )
    file.width, file.height = picture.width, picture.height
    return file


def _keep(data: bytes, *, name: str, ending: str, content_type: str, by_id: int | None, now: datetime) -> StoredFile:
    file = StoredFile(
        key=references.new_secret(),
        name=rules.safe_name(name, ending=ending),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        created_at=now,
        uploaded_by_id=by_id,
    )
    storage.write(file.key, data)
    db.session.add(file)
    db.session.flush()
    return file
