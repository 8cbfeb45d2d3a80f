"""Sending what is due, and what the office may do with a mail."""

import contextlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from eventsapp.core import queue, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer
from eventsapp.mail import outbox, queries, smtp
from eventsapp.mail.errors import CannotSendAgain
from eventsapp.mail.models import OutgoingMail, Suppression
from eventsapp.mail.statuses import SENT_AGAIN, MailStatus, RecipientStatus, SuppressionReason
from eventsapp.mail.values import ON_THEIR_WAY

log = logging.getLogger(__name__)

#: Minutes before the next attempt, by the number of attempts made: of an outage of two hours nobody waits long after
#: its end. After the last, the mail has failed.
WAITS = (1, 2, 5, 10, 10, 10, 20, 20, 20, 20, 60, 180, 360, 720)
#: A mail claimed so long ago was claimed by a process that died.
CLAIM_LASTS = timedelta(minutes=15)
#: Mails taken at once over one line to the server; a server that takes its whole patience for every answer is still
#: through with them while the claim lasts.
BATCH = 8
#: Old mails, or lines of a ledger, emptied in one transaction.
FORGOTTEN_AT_ONCE = 500


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Send every mail that is due; return how many the server took.

    A mail is claimed, sent and marked in three steps with a commit after each, so that a process killed between
    two of them loses none and doubles at most the one it held. The clock is asked at each step: a sweep of many
    mails lasts longer than a claim.
    """
    server = settings.current().mail_server
    if server is None:
        return 0
    sent = 0
    while claimed := _claim(now=clock()):
        sent += _send(claimed, server=server, clock=clock)
    return sent


def send_again(mail: OutgoingMail, *, now: datetime) -> None:
    """Put a mail that left, failed or was kept back into the queue.

    Raises ``CannotSendAgain`` for one that is about to leave, and where there is no server to hand it to.
    """
    if settings.current().mail_server is None:
        raise CannotSendAgain(
            "L’envoi n’est pas configuré : ce courriel est gardé ici et ne part pas. Renseignez MAIL_URL."
        )
    if not mail.to_address:
        raise CannotSendAgain("L’adresse de ce courriel est effacée : il ne peut plus partir.")
    queued = db.session.scalar(
        sa.update(OutgoingMail)
        .where(OutgoingMail.id == mail.id, OutgoingMail.status.in_(SENT_AGAIN))
        .values(status=MailStatus.QUEUED, due_at=now, attempts=0, last_error="")
        .returning(OutgoingMail.id)
    )
    if queued is None:
        raise CannotSendAgain("Ce courriel est déjà en partance.")
    queue.nudge(outbox.SWEEP)


def erase(
    addresses: Collection[str], *, templates: Sequence[str], about: tuple[str, Collection[int]] | None = None
) -> int:
    """Erase to whom mails went and what they said, of the templates that begin so; return how many. What waits stays.

    ``about`` leaves out what concerns other things than those of a kind with these keys. The line stays: that a mail of
    the kind left, and when.
    """
    if not addresses:
        return 0
    kind, keys = about or ("", ())
    return _empty(
        OutgoingMail.to_address.in_(addresses),
        OutgoingMail.status.not_in(ON_THEIR_WAY),
        sa.or_(*(OutgoingMail.template.startswith(prefix, autoescape=True) for prefix in templates)),
        *((OutgoingMail.subject_kind == kind, OutgoingMail.subject_id.in_(keys)) if about else ()),
    )


def forget_old(*, now: datetime) -> int:
    """Erase to whom mails went and what they said once ``MAIL_KEEP_DAYS`` are over; return how many it were.

    What waits stays, and the line of each: that a mail of the kind left, and when. A batch a transaction, each from
    where the one before ended: what is erased already is passed once.
    """
    before = kept_since(now=now)
    if before is None:
        return 0
    erased = 0
    beyond: sa.ColumnElement[bool] = sa.true()
    while True:
        with unit_of_work.transaction():
            rows = db.session.execute(
                sa.select(OutgoingMail.id, OutgoingMail.created_at)
                .where(queries.is_old(before), sa.not_(queries.is_erased()), beyond)
                .order_by(OutgoingMail.created_at, OutgoingMail.id)
                .limit(FORGOTTEN_AT_ONCE)
            ).all()
            erased += _empty(OutgoingMail.id.in_([row.id for row in rows])) if rows else 0
        if len(rows) < FORGOTTEN_AT_ONCE:
            return erased
        last = rows[-1]
        beyond = sa.and_(
            OutgoingMail.created_at >= last.created_at,
            sa.or_(OutgoingMail.created_at > last.created_at, OutgoingMail.id > last.id),
        )


def forget_lines(
    ledger: type[Any], *, sent: type[Any], of: InstrumentedAttribute[int], erased: Mapping[str, Any], now: datetime
) -> int:
    """Erase who stands in the ledger of what goes to many, as soon as the mails are erased; return how many lines.

    ``of`` is the key in ``ledger`` of what was ``sent``, whose beginning counts for lines without a mail; ``erased``
    are the values that stand for nobody, ``None`` for the address among them. Lines that wait, or whose mail does,
    stay as they are, and of each what became of it. A batch a transaction.
    """
    before = kept_since(now=now)
    if before is None:
        return 0
    # Not "is not null": SQLite would not look that up in the index of keys and addresses.
    has_address = ledger.address >= ""
    keys = db.session.scalars(
        sa.select(sent.id).where(sent.starts_at < before, sa.exists().where(of == sent.id, has_address))
    ).all()
    db.session.rollback()
    count = 0
    for key in keys:
        settled = sa.or_(ledger.mail_id.is_(None), ledger.mail.has(queries.is_old(before)))
        which = sa.and_(of == key, has_address, ledger.status != RecipientStatus.WAITING, settled)
        batch = FORGOTTEN_AT_ONCE
        while batch == FORGOTTEN_AT_ONCE:
            with unit_of_work.transaction():
                some = db.session.scalars(
                    sa.select(ledger.id).where(which).order_by(ledger.address).limit(FORGOTTEN_AT_ONCE)
                ).all()
                batch = len(some)
                db.session.execute(
                    sa.update(ledger)
                    .where(ledger.id.in_(some))
                    .values(**erased)
                    .execution_options(synchronize_session=False)
                )
            count += batch
    return count


def forget_addresses(ledger: type[Any], *, now: datetime) -> int:
    """Erase to whom the reminders of a ledger went once their time is over, as of mails; return how many lines.

    The lines stay, and what they are for: nobody is reminded twice. A batch a transaction.
    """
    before = kept_since(now=now)
    if before is None:
        return 0
    count, batch = 0, FORGOTTEN_AT_ONCE
    while batch == FORGOTTEN_AT_ONCE:
        with unit_of_work.transaction():
            some = db.session.scalars(
                sa.select(ledger.id)
                .where(ledger.sent_at < before, ledger.to_address != "")
                .order_by(ledger.id)
                .limit(FORGOTTEN_AT_ONCE)
            ).all()
            batch = len(some)
            db.session.execute(
                sa.update(ledger)
                .where(ledger.id.in_(some))
                .values(to_address="")
                .execution_options(synchronize_session=False)
            )
        count += batch
    return count


def kept_since(*, now: datetime) -> datetime | None:
    """Return since when what mails said and to whom they went is kept; ``None`` where that is for good."""
    days = settings.current().mail_keep_days
    return now - timedelta(days=days) if days else None


def _empty(*which: sa.ColumnElement[bool]) -> int:
    emptied = db.session.execute(
        sa.update(OutgoingMail)
        .where(*which)
        .values(to_address="", to_name="", reply_to="", subject="", text="", html="", unsubscribe_url="", last_error="")
        .execution_options(synchronize_session=False)
    )
    return int(emptied.rowcount)  # type: ignore[attr-defined]


def _claim(*, now: datetime) -> Sequence[int]:
    """Take a batch for this process alone, and return its keys."""
    with unit_of_work.transaction():
        due = sa.or_(
            sa.and_(OutgoingMail.status == MailStatus.QUEUED, OutgoingMail.due_at <= now),
            sa.and_(OutgoingMail.status == MailStatus.SENDING, OutgoingMail.claimed_at < now - CLAIM_LASTS),
        )
        ids = db.session.scalars(
            sa.select(OutgoingMail.id)
            .where(due)
            .order_by(OutgoingMail.due_at, OutgoingMail.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        db.session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id.in_(ids))
            .values(status=MailStatus.SENDING, claimed_at=now, attempts=OutgoingMail.attempts + 1)
        )
    return ids


def _send(ids: Sequence[int], *, server: MailServer, clock: Callable[[], datetime]) -> int:
    mails = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.id.in_(ids)).order_by(OutgoingMail.id)).all()
    db.session.expunge_all()
    db.session.rollback()
    sent = 0
    try:
        with smtp.connection(server) as line:
            for mail in mails:
                try:
                    _hand_over(mail, line)
                except smtp.MailRefused as refusal:
                    _mark_refused([mail], refusal, now=clock())
                else:
                    _mark_sent(mail, now=clock())
                    sent += 1
    except smtp.MailRefused as refusal:
        _mark_refused(mails, refusal, now=clock())
    return sent


def _hand_over(mail: OutgoingMail, line: smtp.Connection) -> None:
    """Give the mail to the server; raise ``MailRefused``, for our own mistakes too: others wait behind it."""
    current = settings.current()
    try:
        line.send(mail, sender=current.mail_from, sender_name=current.site_name)
    except smtp.MailRefused:
        raise
    except Exception as error:
        log.exception("mail %s cannot be sent", mail.id)
        raise smtp.MailRefused(f"{type(error).__name__}: {error}", final=False) from error


def _mark_sent(mail: OutgoingMail, *, now: datetime) -> None:
    with unit_of_work.transaction():
        db.session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id == mail.id)
            .values(status=MailStatus.SENT, sent_at=now, last_error="")
        )
        # Somebody reads there after all.
        lift(mail.to_address, SuppressionReason.BOUNCED)


def _mark_refused(mails: Sequence[OutgoingMail], refusal: smtp.MailRefused, *, now: datetime) -> None:
    with unit_of_work.transaction():
        for mail in mails:
            given_up = refusal.final or mail.attempts > len(WAITS)
            db.session.execute(
                sa.update(OutgoingMail)
                .where(OutgoingMail.id == mail.id)
                .values(
                    status=MailStatus.FAILED if given_up else MailStatus.QUEUED,
                    due_at=now if given_up else now + timedelta(minutes=WAITS[mail.attempts - 1]),
                    last_error=str(refusal)[:2000],
                )
            )
            if refusal.dead:
                suppress(mail.to_address, SuppressionReason.BOUNCED, detail=str(refusal), now=now)


def suppress(address: str, reason: SuppressionReason, *, detail: str = "", now: datetime) -> None:
    """Leave an address out of messages to many from now on; doing it twice changes nothing.

    But for when somebody asked for it themselves: the last time counts, as they may have asked for a letter in between.
    """
    row = Suppression(address=address.strip().lower(), reason=reason, at=now, detail=" ".join(detail.split())[:500])
    with contextlib.suppress(IntegrityError), db.session.begin_nested():
        db.session.add(row)
        return
    if reason is SuppressionReason.UNSUBSCRIBED:
        db.session.execute(
            sa.update(Suppression)
            .where(Suppression.address == address.strip().lower(), Suppression.reason == reason, Suppression.at < now)
            .values(at=now)
        )


def lift(address: str, reason: SuppressionReason) -> bool:
    """Write to the address again; return whether it had been left out for that reason."""
    lifted = db.session.scalar(
        sa.delete(Suppression)
        .where(Suppression.address == address.strip().lower(), Suppression.reason == reason)
        .returning(Suppression.id)
    )
    return lifted is not None
