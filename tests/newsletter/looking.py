"""Readers and letters as they come about, and what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.newsletter import service
from eventsapp.newsletter.models import Letter, LetterItem, LetterRecipient, Reader
from eventsapp.newsletter.values import Choice
from eventsapp.study_days.models import Theme
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW

#: A letter planned at ``NOW`` leaves from then on.
GONE = NOW + timedelta(minutes=2)
CONSENT = "Vous acceptez de recevoir notre lettre."


def ask(email: str = "lectrice@exemple.fr", *themes: Theme, now: datetime = NOW, locale: str = "fr") -> None:
    """Ask for the letter, as the form does."""
    choice = Choice(all_themes=not themes, themes=frozenset(theme.id for theme in themes))
    with unit_of_work.transaction():
        service.ask(email, choice, consent=CONSENT, locale=locale, now=now)


def reader_of(email: str = "lectrice@exemple.fr") -> Reader:
    return db.session.scalars(sa.select(Reader).where(Reader.email == email)).one()


def make_reader(
    email: str = "lectrice@exemple.fr", *themes: Theme, now: datetime = NOW - timedelta(days=1), locale: str = "fr"
) -> Reader:
    """Make somebody who confirmed."""
    ask(email, *themes, now=now, locale=locale)
    with unit_of_work.transaction():
        service.confirm(reader_of(email).confirm_secret, now=now)
    return reader_of(email)


def make_letter(*, now: datetime = NOW, actor: User | None = None) -> Letter:
    """Make the draft of the week, of what there is."""
    with unit_of_work.transaction():
        made = service.draft_week(now=now, actor=actor)
        assert made is not None
        key = made.id
    return db.session.get_one(Letter, key)


def plan(letter: Letter, *, now: datetime = NOW, leaves_at: datetime | None = None) -> None:
    """Confirm it, as it is counted."""
    key, actor = letter.id, make_user(RoleName.EDITOR)
    with unit_of_work.transaction():
        found = db.session.get_one(Letter, key)
        readers = service.counted(key, now=now).readers
        service.plan(key, expected=readers, version=found.version, leaves_at=leaves_at, actor=actor, now=now)


def send(now: datetime = GONE) -> int:
    return service.send_due(clock=lambda: now)


def sent(template: str = "letter") -> list[OutgoingMail]:
    """Return every mail of the room of that template, the first first."""
    return list(
        db.session.scalars(
            sa.select(OutgoingMail).where(OutgoingMail.template == f"newsletter/{template}").order_by(OutgoingMail.id)
        )
    )


def ledger(letter_id: int) -> list[tuple[str | None, str, str]]:
    """Return address, status and reason of each line."""
    rows = db.session.scalars(
        sa.select(LetterRecipient).where(LetterRecipient.letter_id == letter_id).order_by(LetterRecipient.id)
    )
    return [(row.address, row.status.value, row.reason) for row in rows]


def items(letter_id: int) -> Sequence[LetterItem]:
    return db.session.scalars(
        sa.select(LetterItem).where(LetterItem.letter_id == letter_id).order_by(LetterItem.position, LetterItem.id)
    ).all()
