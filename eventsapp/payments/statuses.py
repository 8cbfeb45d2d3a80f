"""The words for what happened at Stripe."""

from enum import StrEnum


class CardSessionStatus(StrEnum):
    """A page opened at Stripe for one order."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"
    #: Stripe answered with an error of its own; the next attempt takes another key.
    FAILED = "failed"


class EventOutcome(StrEnum):
    """What became of something that Stripe told us."""

    SETTLED = "settled"
    #: Nothing to do: known already, or of a kind that we do not use.
    IGNORED = "ignored"
    #: Does not fit the order (amount, currency, mode, reference): nothing was counted, somebody must look.
    REFUSED = "refused"
