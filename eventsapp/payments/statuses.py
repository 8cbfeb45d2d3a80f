"""The words for what happened at Stripe, and for when a method has its invoice."""

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


class InvoiceMoment(StrEnum):
    """When an order paid by a method is invoiced."""

    #: With the order: who pays by cheque, transfer or mandat needs the invoice first.
    ORDER = "order"
    #: When all the money is there.
    PAYMENT = "payment"
    #: When the day is over and the service was rendered (« service fait »).
    DELIVERY = "delivery"
