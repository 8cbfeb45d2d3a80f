"""The words for promotional codes."""

from enum import StrEnum


class PromoKind(StrEnum):
    """What a code takes off."""

    #: A part of each line that it is for; the value is in whole percent.
    PERCENT = "percent"
    #: A sum off the order, shared over the lines that it is for; the value is in cents.
    AMOUNT = "amount"
    #: All of the lines that it is for.
    FREE = "free"
