"""Erasing to whom old messages went."""

from datetime import datetime
from typing import Any

from eventsapp.mail import service as outbox
from eventsapp.mailings.models import Mailing, MailingRecipient

#: What stands in a line for nobody.
_NOBODY: dict[str, Any] = {"address": None, "name": "", "facts": {}}


def forget_old(*, now: datetime) -> int:
    """Erase address, name and facts in the ledgers of messages once their mails are; return how many lines."""
    return outbox.forget_lines(MailingRecipient, sent=Mailing, of=MailingRecipient.mailing_id, erased=_NOBODY, now=now)
