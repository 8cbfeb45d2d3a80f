"""The life of a mail."""

from enum import StrEnum


class MailStatus(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    #: Given up: refused for good, or too often.
    FAILED = "failed"
    #: No server is set: readable in the office, sent to nobody.
    KEPT = "kept"


#: From here a mail may be sent once more; the others are about to leave.
SENT_AGAIN = frozenset({MailStatus.SENT, MailStatus.FAILED, MailStatus.KEPT})


class SuppressionReason(StrEnum):
    """Why an address is left out of messages to many."""

    #: The person asked for it, and may take that back.
    UNSUBSCRIBED = "unsubscribed"
    #: A server said that nobody receives there.
    BOUNCED = "bounced"
