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
    #: A mail came back after its server had taken it, and the office noted it.
    RETURNED = "returned"
    #: The person complained, and the office noted it.
    COMPLAINED = "complained"
    #: The person left the newsletter; other messages still reach them.
    NEWSLETTER = "newsletter"


#: What only concerns the newsletter keeps no other message away.
FROM_EVERYTHING = frozenset(SuppressionReason) - {SuppressionReason.NEWSLETTER}


class RecipientStatus(StrEnum):
    """What became of what goes to many for one address; how its mail fares, the outbox knows."""

    WAITING = "waiting"
    WRITTEN = "written"
    #: The address is left out of messages to many.
    LEFT_OUT = "left_out"
    #: The mail could not be written; the log says why.
    FAILED = "failed"
