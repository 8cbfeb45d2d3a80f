"""Writing a letter to each of its readers, once, by the sweep."""

from collections.abc import Callable, Mapping
from datetime import datetime

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.i18n import speaking
from eventsapp.mail import outbox
from eventsapp.mail.statuses import RecipientStatus
from eventsapp.newsletter import mails, queries
from eventsapp.newsletter.models import Letter, LetterRecipient, Reader
from eventsapp.newsletter.statuses import LeftOut, LetterStatus, ReaderStatus
from eventsapp.newsletter.values import Contents, Told

#: Readers written to in one transaction.
BATCH = 50


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Put the mails of every letter whose hour has come into the outbox; return how many lines that settled.

    A line of the ledger and its mail are one transaction: a worker that is killed leaves lines that wait, and two at
    once take different ones.
    """
    keys = queries.startable(now=clock())
    db.session.rollback()
    return outbox.write_all(
        keys,
        some=lambda key: _write_some(key, now=clock()),
        finish=lambda key: _finish(key, now=clock()),
        what="letter",
    )


def _write_some(letter_id: int, *, now: datetime) -> int:
    """Write to some of those who wait; return how many lines of the ledger that settled."""
    with unit_of_work.transaction():
        if not _begin(letter_id, now=now):
            return 0
        letter = db.session.get_one(Letter, letter_id)
        lines = queries.waiting_recipients(letter_id, most=BATCH)
        if not lines:
            return 0
        keys = [line.reader_id for line in lines if line.reader_id is not None]
        readers, refused = queries.readers(keys), queries.left_out(keys)
        told = _told_by_language(letter_id, {reader.locale for reader in readers.values()}, now=now)
        for line in lines:
            reader = readers.get(line.reader_id or 0)
            if reader is None or reader.status is not ReaderStatus.CONFIRMED:
                line.status, line.reason = RecipientStatus.LEFT_OUT, LeftOut.LEFT.value
            elif reason := refused.get(reader.id):
                line.status, line.reason = RecipientStatus.LEFT_OUT, reason.value
            else:
                _write_one(letter, line, reader, Contents.of(told[reader.locale], reader.choice), now=now)
        return len(lines)


def _write_one(letter: Letter, line: LetterRecipient, reader: Reader, contents: Contents, *, now: datetime) -> None:
    if not contents.groups:
        line.status, line.reason = RecipientStatus.LEFT_OUT, LeftOut.THEMES.value
        return
    outbox.write_line(line, lambda: mails.letter(letter, contents, reader, now=now), what=f"letter {letter.id}")


def _begin(letter_id: int, *, now: datetime) -> bool:
    """Return whether the letter is leaving; the first who says so writes down who reads it.

    Whoever takes it back at this moment comes before or after.
    """
    if db.session.scalar(sa.select(Letter.status).where(Letter.id == letter_id)) is LetterStatus.SENDING:
        return True
    begun = db.session.scalar(
        sa.update(Letter)
        .where(Letter.id == letter_id, Letter.status == LetterStatus.PLANNED, Letter.starts_at <= now)
        .values(status=LetterStatus.SENDING)
        .returning(Letter.id)
    )
    if begun is None:
        # Another worker began it while we waited for the row.
        status = sa.select(Letter.status).where(Letter.id == letter_id)
        return db.session.scalar(status) is LetterStatus.SENDING
    everybody = sa.select(
        sa.literal(letter_id), Reader.id, Reader.email, sa.literal(RecipientStatus.WAITING.value), sa.literal("")
    ).where(Reader.status == ReaderStatus.CONFIRMED)
    columns = ["letter_id", "reader_id", "address", "status", "reason"]
    db.session.execute(sa.insert(LetterRecipient).from_select(columns, everybody.order_by(Reader.id)))
    total = sa.select(sa.func.count()).where(LetterRecipient.letter_id == letter_id).scalar_subquery()
    db.session.execute(sa.update(Letter).where(Letter.id == letter_id).values(total=total))
    return True


def _told_by_language(letter_id: int, locales: set[str], *, now: datetime) -> Mapping[str, list[Told]]:
    items = queries.items_of(letter_id)
    found = {}
    for locale in locales:
        with speaking(locale):
            found[locale] = queries.told(items, now=now, locale=locale)
    return found


def _finish(letter_id: int, *, now: datetime) -> None:
    """Note that everybody was written to, unless another worker still holds some of them."""
    with unit_of_work.transaction():
        waits = sa.exists().where(
            LetterRecipient.letter_id == letter_id, LetterRecipient.status == RecipientStatus.WAITING
        )
        db.session.execute(
            sa.update(Letter)
            .where(Letter.id == letter_id, Letter.status == LetterStatus.SENDING, ~waits)
            .values(status=LetterStatus.DONE, finished_at=now)
        )
