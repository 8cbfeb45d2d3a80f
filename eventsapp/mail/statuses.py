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
