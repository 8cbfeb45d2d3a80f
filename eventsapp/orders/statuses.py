"""An order's two states: its seats, and its money."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """What became of what was ordered."""

    #: Held, not paid yet; expires.
    PENDING = "pending"
    #: Paid by card, or promised by cheque, transfer or mandat: the seats are theirs.
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED, OrderStatus.EXPIRED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset(),
    # Money may come late; the seats are taken again while some are left.
    OrderStatus.EXPIRED: frozenset({OrderStatus.CONFIRMED}),
}


#: In which of them an order is firm, so that it may be invoiced: a held seat goes back, and its invoice would stay.
FIRM = frozenset({OrderStatus.CONFIRMED})


class PaymentStatus(StrEnum):
    """What became of the money; derived from payments and refunds by ``rules.payment_status``."""

    NONE = "none"
    DUE = "due"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERPAID = "overpaid"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"
