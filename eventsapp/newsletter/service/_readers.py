"""Asking for the newsletter, confirming it by the mail's own reader, choosing themes, leaving, being forgotten."""

import contextlib
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.core import references
from eventsapp.core.db import db
from eventsapp.mail import queries as mail_queries
from eventsapp.mail import service as outbox
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.newsletter import mails, queries, rules
from eventsapp.newsletter.errors import LinkOver
from eventsapp.newsletter.models import Consent, LetterRecipient, Reader, reader_themes
from eventsapp.newsletter.statuses import ConsentEvent, ReaderStatus
from eventsapp.newsletter.values import Choice
from eventsapp.study_days.models import Theme


def ask(email: str, choice: Choice, *, consent: str, locale: str, now: datetime) -> None:
    """Send the link that confirms the address to whose it is; nothing tells the one who asks whether it is known.

    ``consent`` is what they agreed to, in the words they were shown. Who receives the letter already is told so by
    mail, and nothing of theirs changes; who complained about mails gets none. An address that was written to a moment
    ago, or often, is not written to again: the link it has holds, for what was chosen last.
    """
    address = email.strip().lower()
    if mail_queries.is_suppressed(address, SuppressionReason.COMPLAINED):
        return
    reader = queries.locked_reader_of(address) or _new(address, locale=locale, now=now)
    written = mail_queries.written_to(address, mails.ANSWERS, since=now - rules.WRITTEN_WITHIN)
    if not rules.may_be_written_to(written, now=now):
        if reader.status is ReaderStatus.PENDING:
            _keep(reader, choice)
            _note(reader, ConsentEvent.ASKED, text=consent, now=now)
        return
    if reader.status is ReaderStatus.CONFIRMED:
        mails.known(reader, now=now)
        return
    reader.confirm_secret, reader.asked_at, reader.locale = references.new_secret(), now, locale
    _keep(reader, choice)
    _note(reader, ConsentEvent.ASKED, text=consent, now=now)
    mails.confirm(reader, now=now)


def confirm(confirm_secret: str, *, now: datetime) -> Reader:
    """Let the letter reach whoever presses the button of the link; twice is once. Raises ``LinkOver``."""
    found = queries.reader_to_confirm(confirm_secret)
    reader = queries.locked_reader(found.id) if found else None
    if reader is None or reader.confirm_secret != confirm_secret:
        raise LinkOver("Ce lien n’est pas, ou plus, valable : demandez la lettre de nouveau.")
    if reader.status is ReaderStatus.CONFIRMED:
        if reader.still_asked_at is not None:
            _note(reader, ConsentEvent.STAYED, now=now)
        return reader
    if not rules.can_confirm(asked_at=reader.asked_at, now=now):
        raise LinkOver("Ce lien n’est pas, ou plus, valable : demandez la lettre de nouveau.")
    _receives(reader, now=now)
    return reader


def choose(reader_id: int, choice: Choice, *, text: str, now: datetime) -> None:
    """Keep which themes a reader wants; ``text`` says so in words."""
    reader = queries.locked_reader(reader_id)
    _keep(reader, choice)
    _note(reader, ConsentEvent.THEMES, text=text, now=now)


def leave(reader_id: int, *, now: datetime) -> None:
    """Send no more letters to a reader; leaving twice changes nothing."""
    reader = queries.locked_reader(reader_id)
    if reader.status is not ReaderStatus.CONFIRMED:
        return
    reader.status, reader.left_at = ReaderStatus.LEFT, now
    # The link of the old mail confirms nothing any more.
    reader.confirm_secret = references.new_secret()
    _note(reader, ConsentEvent.LEFT, now=now)
    outbox.suppress(reader.email, SuppressionReason.NEWSLETTER, now=now)


def come_back(reader_id: int, *, now: datetime) -> None:
    """Send letters again to who left by mistake, and says so by the same link."""
    reader = queries.locked_reader(reader_id)
    if reader.status is ReaderStatus.LEFT:
        _receives(reader, now=now)


def ask_to_stay(*, now: datetime, most: int = 500) -> int:
    """Ask readers who did nothing for years whether they still want the letter, once each; return how many.

    Whoever does anything about it stays: presses the button, chooses themes. ``forget`` erases the others.
    """
    due = db.session.scalars(
        sa.select(Reader)
        .where(
            Reader.status == ReaderStatus.CONFIRMED,
            Reader.acted_at <= now - rules.ASKED_AFTER,
            Reader.still_asked_at.is_(None),
        )
        .order_by(Reader.acted_at, Reader.id)
        .limit(most)
        .with_for_update()
    ).all()
    for reader in due:
        reader.confirm_secret, reader.still_asked_at = references.new_secret(), now
        mails.still_wanted(reader, now=now)
    return len(due)


def forget(*, now: datetime) -> int:
    """Erase those who never confirmed, who left long ago, or did not say that they still want it; return how many.

    Whom the question never reached, as their mail failed, is not silent: the time to answer runs from when it left.
    Of the mails that they had it is kept that they left, and when. The ledgers of their letters keep what became of
    each line, and no address.
    """
    unconfirmed = sa.and_(Reader.status == ReaderStatus.PENDING, Reader.asked_at <= now - rules.CONFIRM_WITHIN)
    gone = sa.and_(Reader.status == ReaderStatus.LEFT, Reader.left_at <= now - rules.KEPT_AFTER_LEAVING)
    long_ago = now - rules.ANSWER_WITHIN
    silent = sa.and_(
        Reader.status == ReaderStatus.CONFIRMED,
        Reader.still_asked_at <= long_ago,
        mail_queries.left(
            mails.STILL_WANTED,
            about=("newsletter_reader", Reader.id),
            since=Reader.still_asked_at,
            until=long_ago,
        ),
    )
    rows = db.session.execute(
        sa.select(Reader.id, Reader.email, Reader.status).where(sa.or_(unconfirmed, gone, silent)).with_for_update()
    ).all()
    for row in rows:
        if row.status is ReaderStatus.LEFT:
            outbox.lift(row.email, SuppressionReason.NEWSLETTER)
    outbox.erase([row.email for row in rows], templates=("newsletter/",))
    keys = [row.id for row in rows]
    db.session.execute(sa.update(LetterRecipient).where(LetterRecipient.reader_id.in_(keys)).values(address=None))
    db.session.execute(sa.delete(Reader).where(Reader.id.in_(keys)))
    return len(rows)


def _new(address: str, *, locale: str, now: datetime) -> Reader:
    """Return a new reader, or the one whom somebody made at this moment."""
    made = Reader(email=address, locale=locale, asked_at=now, acted_at=now, status=ReaderStatus.PENDING)
    with contextlib.suppress(IntegrityError), db.session.begin_nested():
        db.session.add(made)
        db.session.flush()
        return made
    return db.session.scalars(sa.select(Reader).where(Reader.email == address).with_for_update()).one()


def _receives(reader: Reader, *, now: datetime) -> None:
    reader.status, reader.confirmed_at, reader.left_at = ReaderStatus.CONFIRMED, now, None
    _note(reader, ConsentEvent.CONFIRMED, now=now)
    outbox.lift(reader.email, SuppressionReason.NEWSLETTER)


def _keep(reader: Reader, choice: Choice) -> None:
    """Keep the themes in place of those before; of ones that are gone nothing."""
    reader.all_themes = choice.all_themes
    db.session.execute(sa.delete(reader_themes).where(reader_themes.c.reader_id == reader.id))
    if not choice.all_themes and choice.themes:
        chosen = sa.select(sa.literal(reader.id), Theme.id).where(Theme.id.in_(choice.themes))
        db.session.execute(sa.insert(reader_themes).from_select(["reader_id", "theme_id"], chosen))


def _note(reader: Reader, event: ConsentEvent, *, text: str = "", now: datetime) -> None:
    reader.acted_at, reader.still_asked_at = now, None
    db.session.add(Consent(reader_id=reader.id, at=now, event=event, text=text))
