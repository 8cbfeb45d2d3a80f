"""Making, changing, uniting and removing speakers."""

from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import plain_text, slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.files import service as files
from eventsapp.speakers import queries
from eventsapp.speakers.errors import SpeakerInUse
from eventsapp.speakers.models import Speaker
from eventsapp.speakers.values import SpeakerDraft


def called(*, name: str, slug: str = "") -> Speaker:
    """Return the speaker of that name, made on the first occasion; ``slug`` tells homonyms apart.

    A slug whose bearer has another name is forgotten: somebody else was typed over. Raises ``Invalid`` for a name
    that several bear.
    """
    chosen = queries.speaker(slug) if slug else None
    if chosen is not None and plain_text.fold(chosen.name) == plain_text.fold(name):
        return chosen
    known = queries.speakers_named(name)
    if len(known) > 1:
        raise Invalid(_("Plusieurs intervenants s’appellent %(name)s : choisissez dans la liste proposée.", name=name))
    return known[0] if known else _made(name)


def save_speaker(speaker: Speaker | None, *, values: SpeakerDraft, actor: User, now: datetime) -> Speaker:
    """Make a speaker, or change one; the address stays what it was first."""
    before = {name: getattr(speaker, name) for name in asdict(values)} if speaker else {}
    if speaker is None:
        wanted = slugs.slugify(f"{values.first_name} {values.last_name}")
        speaker = Speaker(slug=slugs.free_slug(Speaker, wanted), photo=None)
        db.session.add(speaker)
    for name, value in asdict(values).items():
        setattr(speaker, name, value)
    db.session.flush()
    if changes := audit.difference(before, asdict(values)):
        audit.record("speakers.edit", actor=actor, subject=subject(speaker), now=now, changes=changes)
    return speaker


def set_photo(speaker: Speaker, *, data: bytes | None, name: str = "", actor: User, now: datetime) -> None:
    """Give ``speaker``, photograph loaded, another photograph, or none. Raises ``FileRefused``."""
    former = speaker.photo
    speaker.photo = None if data is None else files.store_portrait(data, name=name, by_id=actor.id, now=now)
    db.session.flush()
    if former is not None:
        files.delete(former)
    changes = {"photo": [former.name if former else None, speaker.photo.name if speaker.photo else None]}
    audit.record("speakers.edit", actor=actor, subject=subject(speaker), now=now, changes=changes)


def absorb(kept: Speaker, *, other: Speaker, actor: User, now: datetime) -> None:
    """Make ``other``, to which nothing points any more, one with ``kept``: its address leads there.

    What ``kept`` lacks is taken from ``other``; photographs are loaded.
    """
    kept.website = kept.website or other.website
    kept.email = kept.email or other.email
    if not kept.biography and (other.consent_on is not None or kept.consent_on is None):
        kept.biography = other.biography
    if kept.photo is None and other.photo is not None:
        kept.photo, other.photo = other.photo, None
        kept.consent_on = kept.consent_on or other.consent_on
    former = other.photo
    slugs.hand_over(queries.SLUG_KIND, from_id=other.id, to_id=kept.id)
    slugs.remember(queries.SLUG_KIND, other.slug, object_id=kept.id)
    audit.record(
        "speakers.merge", actor=actor, subject=subject(kept), now=now, changes={"merged": [other.name, kept.name]}
    )
    db.session.flush()
    db.session.delete(other)
    db.session.flush()
    if former is not None:
        files.delete(former)


def delete_speaker(speaker: Speaker, *, actor: User, now: datetime) -> None:
    """Remove a speaker, photograph loaded, who spoke nowhere; raise ``SpeakerInUse`` otherwise."""
    named, photo = subject(speaker), speaker.photo
    try:
        with db.session.begin_nested():
            db.session.delete(speaker)
    except IntegrityError as error:
        raise SpeakerInUse("Cette personne figure au programme d’une journée ; sa fiche reste.") from error
    if photo is not None:
        files.delete(photo)
    audit.record("speakers.delete", actor=actor, subject=named, now=now)


def subject(speaker: Speaker) -> tuple[str, int, str]:
    """Return how the history names ``speaker``."""
    return ("speaker", speaker.id, speaker.name)


def _made(name: str) -> Speaker:
    """Make a speaker of a typed name: the first word is the first name."""
    first_name, _, last_name = name.partition(" ")
    if not last_name:
        first_name, last_name = "", name
    speaker = Speaker(
        slug=slugs.free_slug(Speaker, slugs.slugify(name)), first_name=first_name, last_name=last_name.strip()
    )
    db.session.add(speaker)
    db.session.flush()
    return speaker
