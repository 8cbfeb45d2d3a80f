"""Erasing to whom old messages, reminders and news of reports went."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core import settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import service as outbox
from eventsapp.mailings import rules
from eventsapp.mailings.models import Mailing, MailingRecipient, ReminderSent, ReportTold

#: What stands in a line for nobody.
_NOBODY: dict[str, Any] = {"address": None, "name": "", "facts": {}}


def forget_old(*, now: datetime) -> int:
    """Erase address, name and facts in the ledgers of messages once their mails are; return how many lines.

    Those of reminders and of reports keep what nobody is written to twice for, without an address.
    """
    of_messages = outbox.forget_lines(
        MailingRecipient, sent=Mailing, of=MailingRecipient.mailing_id, erased=_NOBODY, now=now
    )
    return of_messages + outbox.forget_addresses(ReminderSent, now=now) + _forget_reports(now=now)


def _forget_reports(*, now: datetime) -> int:
    """Leave of whoever was told of a report only what tells whether an address is the same."""
    before = outbox.kept_since(now=now)
    if before is None:
        return 0
    key = settings.current().secret_key
    count, batch = 0, outbox.FORGOTTEN_AT_ONCE
    while batch == outbox.FORGOTTEN_AT_ONCE:
        with unit_of_work.transaction():
            lines = db.session.scalars(
                sa.select(ReportTold)
                .where(ReportTold.told_at < before, sa.not_(ReportTold.to_address.startswith(rules.FINGERPRINT)))
                .order_by(ReportTold.id)
                .limit(outbox.FORGOTTEN_AT_ONCE)
            ).all()
            batch = len(lines)
            for line in lines:
                line.to_address = rules.fingerprint(line.to_address, key=key)
        count += batch
    return count
