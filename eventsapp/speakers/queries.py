"""Reading speakers."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import slugs
from eventsapp.core.db import db
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
