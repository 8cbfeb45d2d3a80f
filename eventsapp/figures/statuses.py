"""The words for what is counted."""

from enum import StrEnum


class ReadBy(StrEnum):
    """As what somebody read an article: a kind of reader, never a reader."""

    #: It is everybody's.
    FREE = "free"
    SUBSCRIBER = "subscriber"
    #: Took part in the day that it reports on.
    ATTENDEE = "attendee"
    #: By the link of a subscriber who gave it.
    GIFT = "gift"
