"""The words for reminders."""

from enum import StrEnum


class CountedFrom(StrEnum):
    """From which day the days of a step are counted."""

    #: The day until which it was to be paid, and the method's days of grace.
    DUE = "due"
    #: The day of the invoice.
    INVOICE = "invoice"


class Level(StrEnum):
    """How a reminder speaks; from ``FIRM`` on it recalls what the law adds to late payment."""

    POLITE = "polite"
    FIRM = "firm"
    LAST = "last"
