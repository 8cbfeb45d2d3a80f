"""Reading speakers."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from eventsapp.core import plain_text, slugs
from eventsapp.core.db import db
from eventsapp.files.queries import is_named_in
from eventsapp.speakers.models import Speaker

#: The kind under which former addresses of speakers are kept.
SLUG_KIND = "speaker"


def speaker(slug: str) -> Speaker | None:
    """Return the speaker with that slug, photograph loaded, or ``None``."""
    return db.session.scalar(sa.select(Speaker).where(Speaker.slug == slug).options(joinedload(Speaker.photo)))


def former_speaker(slug: str) -> str | None:
    """Return the present slug of the speaker who once had that one, or ``None``."""
    speaker_id = slugs.owner_of(SLUG_KIND, slug)
    return None if speaker_id is None else db.session.scalar(sa.select(Speaker.slug).where(Speaker.id == speaker_id))


def speaker_by_id(speaker_id: int) -> Speaker | None:
    """Return that speaker, photograph loaded, or ``None``."""
    return db.session.scalar(sa.select(Speaker).where(Speaker.id == speaker_id).options(joinedload(Speaker.photo)))


def speakers_named(name: str) -> Sequence[Speaker]:
    """Return the speakers with that first and last name, accents and capitals apart, the first entered first."""
    whole = plain_text.folded(Speaker.first_name + " " + Speaker.last_name)
    return db.session.scalars(
        sa.select(Speaker).where(sa.func.trim(whole) == plain_text.fold(name)).order_by(Speaker.id)
    ).all()


def speaker_names() -> Sequence[tuple[str, str, str]]:
    """Return slug, first and last name of all speakers by name, to choose from."""
    return [
        (row.slug, row.first_name, row.last_name)
        for row in db.session.execute(
            sa.select(Speaker.slug, Speaker.first_name, Speaker.last_name).order_by(
                Speaker.last_name, Speaker.first_name, Speaker.id
            )
        )
    ]


def file_is_shown(file_id: InstrumentedAttribute[int]) -> sa.ColumnElement[bool]:
    """Be the file of that key a speaker's photograph that visitors may see."""
    return sa.exists().where(Speaker.photo_id == file_id, Speaker.consent_on.is_not(None))


def file_is_named() -> sa.ColumnElement[bool]:
    """Be the file of the enclosing query named in a biography that visitors may see."""
    return sa.exists().where(Speaker.consent_on.is_not(None), is_named_in(Speaker.biography))
