"""Sending what is due, and what the office may do with a mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventsapp.core import queue, settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.settings import MailServer
from eventsapp.mail import outbox, smtp
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import MailStatus

#: Minutes before the next attempt, by the number of attempts made; after the last, the mail has failed.
WAITS = (1, 2, 5, 10, 10, 10, 20, 60, 180, 360, 720)
#: A mail claimed so long ago was claimed by a process that died.
CLAIM_LASTS = timedelta(minutes=15)
#: Mails taken at once over one line to the server.
BATCH = 20


def send_due(*, now: datetime) -> int:
    """Send every mail that is due; return how many the server took.

    A mail is claimed, sent and marked in three steps with a commit after each, so that a process killed between
    two of them loses none and doubles at most the one it held.
    """
    server = settings.current().mail_server
    if server is None:
        return 0
    sent = 0
    while claimed := _claim(now=now):
        sent += _send(claimed, server=server, now=now)
    return sent


def send_again(mail: OutgoingMail, *, now: datetime) -> None:
    """Put a failed or kept mail back into the queue."""
    mail.status = MailStatus.QUEUED
    mail.due_at = now
    mail.attempts = 0
    mail.last_error = ""
    queue.nudge(outbox.SWEEP)


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


def _send(ids: Sequence[int], *, server: MailServer, now: datetime) -> int:
    mails = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.id.in_(ids)).order_by(OutgoingMail.id)).all()
    db.session.expunge_all()
    db.session.rollback()
    current = settings.current()
    sent = 0
    try:
        with smtp.connection(server) as line:
            for mail in mails:
                try:
                    line.send(mail, sender=current.mail_from, sender_name=current.site_name)
                except smtp.MailRefused as refusal:
                    _mark_refused([mail], refusal, now=now)
                else:
                    _mark_sent(mail, now=now)
                    sent += 1
    except smtp.MailRefused as refusal:
        _mark_refused(mails, refusal, now=now)
    return sent


def _mark_sent(mail: OutgoingMail, *, now: datetime) -> None:
    with unit_of_work.transaction():
        db.session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id == mail.id)
            .values(status=MailStatus.SENT, sent_at=now, last_error="")
        )


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
