"""The words for money that moves, for what happened at Stripe, and for when a method has its invoice."""

from enum import StrEnum


class CardSessionStatus(StrEnum):
    """A page opened at Stripe for one order."""

    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"
    #: Stripe answered with an error of its own; the next attempt takes another key.
    FAILED = "failed"


class EventState(StrEnum):
    """How far something that Stripe told us was dealt with."""

    #: Kept; dealt with once it is due.
    WAITING = "waiting"
    #: Dealt with: ``EventOutcome`` says what came of it.
    DONE = "done"
    #: Tried in vain, too often or for good: somebody must look.
    SET_ASIDE = "set_aside"
    #: Somebody looked, and there is nothing to do.
    FILED = "filed"


class EventOutcome(StrEnum):
    """What came of something that Stripe told us."""

    SETTLED = "settled"
    #: Nothing to do: known already, or of a kind that we do not use.
    IGNORED = "ignored"
    #: Does not fit the order (amount, currency, mode, reference): nothing was counted, somebody must look.
    REFUSED = "refused"


class RefundState(StrEnum):
    """Where money that goes back stands."""

    #: Written down and counted; Stripe has not confirmed it.
    ASKED = "asked"
    DONE = "done"
    #: Stripe or the bank said no: it counts no more.
    FAILED = "failed"


class AlertKind(StrEnum):
    """Why somebody must look at money at Stripe."""

    #: A payment that does not fit its order.
    PAYMENT = "payment"
    #: Money went back by Stripe's own pages: a credit note is due.
    REFUND = "refund"
    #: A refund that we asked for did not happen.
    REFUND_FAILED = "refund_failed"
    #: Stripe does not say what became of a refund, however often it is asked.
    REFUND_STUCK = "refund_stuck"
    #: The card's holder contests a payment: Stripe awaits an answer.
    DISPUTE = "dispute"
    #: A contested payment is lost: a credit note is due.
    DISPUTE_LOST = "dispute_lost"


class InvoiceMoment(StrEnum):
    """When an order paid by a method is invoiced."""

    #: With the order: who pays by cheque, transfer or mandat needs the invoice first.
    ORDER = "order"
    #: When all the money is there.
    PAYMENT = "payment"
    #: When the day is over and the service was rendered (« service fait »).
    DELIVERY = "delivery"


#: Between which of them a method may let its buyers choose.
CHOOSABLE = (InvoiceMoment.ORDER, InvoiceMoment.DELIVERY)


class PaymentKind(StrEnum):
    """Why a payment's row is there; what is not received is of a negative amount, or was in another order before."""

    RECEIVED = "received"
    #: Takes back one that did not hold, a cheque that bounced, or that never came and was typed by mistake.
    REVERSAL = "reversal"
    #: One of the two rows of money moved from an order to another.
    MOVED = "moved"


class Movement(StrEnum):
    """What a line of the payment journal tells."""

    PAYMENT = "payment"
    REFUND = "refund"
    REVERSAL = "reversal"
    TRANSFER = "transfer"


class BankLineStatus(StrEnum):
    """What became of a line of the bank's statement."""

    OPEN = "open"
    MATCHED = "matched"
    #: Somebody looked: it is no payment of an order.
    IGNORED = "ignored"
