"""The words for an order of a day that was called off."""

from enum import StrEnum


class ItemOutcome(StrEnum):
    """What became of an order of a day that was called off."""

    WAITING = "waiting"
    #: Cancelled, credited, refunds asked for, people told.
    CANCELLED = "cancelled"
    #: It was closed already: its people are told.
    CLOSED = "closed"
    #: It bought other things as well: its people are told, and the office decides about the money.
    BY_HAND = "by_hand"
