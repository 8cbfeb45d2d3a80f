"""Writing a message to each of its readers, once, by the sweep."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.links import absolute
from eventsapp.mail import outbox
from eventsapp.mail import queries as mail_queries
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import RecipientStatus
from eventsapp.mailings import mails, queries
from eventsapp.mailings.models import Mailing, MailingRecipient
from eventsapp.mailings.service._refusals import refuse_token
from eventsapp.mailings.statuses import MailingStatus

#: Readers written to in one transaction.
BATCH = 50


def send_due(*, clock: Callable[[], datetime]) -> int:
    """Put the mails of every message whose minute is over into the outbox; return how many there are.

    A line of the ledger and its mail are one transaction: a worker that is killed leaves lines that wait, and two at
    once take different ones.
    """
    keys = queries.startable(now=clock())
    db.session.rollback()
    return outbox.write_all(
        keys,
        some=lambda key: _write_some(key, now=clock()),
        finish=lambda key: _finish(key, now=clock()),
        what="message",
    )


def _write_some(mailing_id: int, *, now: datetime) -> int:
    """Write to some of those who wait; return how many lines of the ledger that settled."""
    with unit_of_work.transaction():
        if not _begin(mailing_id, now=now):
            return 0
        mailing = db.session.get_one(Mailing, mailing_id)
        lines = queries.waiting_recipients(mailing_id, most=BATCH)
        # Who waits still has an address.
        addresses = [line.address or "" for line in lines]
        refused = {} if mailing.is_service else mail_queries.suppressed(addresses)
        for line, address in zip(lines, addresses, strict=True):
            if reason := refused.get(address):
                line.status, line.reason = RecipientStatus.LEFT_OUT, reason.value
            else:
                _write_one(mailing, line, now=now)
        return len(lines)


def _write_one(mailing: Mailing, line: MailingRecipient, *, now: datetime) -> None:
    outbox.write_line(line, lambda: _write(mailing, line, now=now), what=f"message {mailing.id}")


def _begin(mailing_id: int, *, now: datetime) -> bool:
    """Return whether the message is leaving; whoever takes it back at this moment comes before or after."""
    leaving = sa.or_(
        Mailing.status == MailingStatus.SENDING,
        sa.and_(Mailing.status == MailingStatus.PLANNED, Mailing.starts_at <= now),
    )
    if db.session.scalar(sa.select(Mailing.status).where(Mailing.id == mailing_id)) is MailingStatus.SENDING:
        return True
    begun = db.session.scalar(
        sa.update(Mailing)
        .where(Mailing.id == mailing_id, leaving)
        .values(status=MailingStatus.SENDING)
        .returning(Mailing.id)
    )
    return begun is not None


def _write(mailing: Mailing, line: MailingRecipient, *, now: datetime) -> OutgoingMail:
    refuse_url = "" if mailing.is_service else absolute("refusals.refuse", locale="fr", token=refuse_token(line.id))
    return mails.message(mailing, line, refuse_url=refuse_url, now=now)


def _finish(mailing_id: int, *, now: datetime) -> None:
    """Note that everybody was written to, unless another worker still holds some of them."""
    with unit_of_work.transaction():
        waits = sa.exists().where(
            MailingRecipient.mailing_id == mailing_id, MailingRecipient.status == RecipientStatus.WAITING
        )
        db.session.execute(
            sa.update(Mailing)
            .where(Mailing.id == mailing_id, Mailing.status == MailingStatus.SENDING, ~waits)
            .values(status=MailingStatus.DONE, finished_at=now)
        )
