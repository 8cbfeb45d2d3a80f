"""The words for an order of a day that was called off."""

from enum import StrEnum


class ItemOutcome(StrEnum):
    """What became of an order of a day that was called off."""

    WAITING = "waiting"
    #: Cancelled, credited, refunds asked for, people told.
    CANCELLED = "cancelled"
    #: It bought other things as well: what was for the day is taken back as above, the rest stays.
    PART = "part"
    #: It was closed already, or its seats were: its people are told.
    CLOSED = "closed"
    #: Somebody had come to the day already: its people are told, and the office decides about the money.
    BY_HAND = "by_hand"
