"""Taking files in, and letting them go."""

import hashlib
from datetime import datetime

from flask_babel import gettext as _

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


def put_aside(data: bytes, *, name: str, most: int = rules.MOST_BYTES) -> str:
    """Keep what a form brought that may not be valid yet; return what the form sends again, ``key/name``.

    No row names it: unless ``take_up`` makes a file of it, it is deleted with what is forgotten. Raises
    ``FileRefused``.
    """
    if len(data) > most:
        raise FileRefused(_("Ce fichier dépasse %(most)s Mo.", most=most // 1024 // 1024))
    content = rules.content_of(data)
    if content.content_type.startswith("image/"):
        data = pictures.drawn_anew(data, ending=content.ending).data
    key = references.new_secret()
    storage.write(key, data)
    return f"{key}/{rules.safe_name(name, ending=content.ending)}"


def is_aside(aside: str) -> bool:
    """Return whether what was put aside is still there."""
    key, _name = rules.parted(aside)
    return storage.path_of(key).is_file()


def take_up(aside: str, *, now: datetime) -> StoredFile:
    """Make a file of what was put aside, looking at its content again; it may be taken up twice.

    Raises ``FileRefused`` when it is gone.
    """
    key, name = rules.parted(aside)
    try:
        data = storage.path_of(key).read_bytes()
    except FileNotFoundError:
        raise FileRefused(_("« %(name)s » n’est plus gardé : choisissez-le de nouveau.", name=name)) from None
    return store(data, name=name, now=now)


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
