"""Erasing to whom old letters went."""

from datetime import datetime
from typing import Any

from eventsapp.mail import service as outbox
from eventsapp.newsletter.models import Letter, LetterRecipient

#: What stands in a line for nobody.
_NOBODY: dict[str, Any] = {"address": None, "reader_id": None}


def forget_old(*, now: datetime) -> int:
    """Erase address and reader in the ledgers of letters once their mails are; return how many lines."""
    return outbox.forget_lines(LetterRecipient, sent=Letter, of=LetterRecipient.letter_id, erased=_NOBODY, now=now)
