"""The words for subscriptions."""

from enum import StrEnum


class ContractStatus(StrEnum):
    """Where a subscription stands; that it has run out is also a matter of date."""

    PENDING = "pending"
    ACTIVE = "active"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


NEXT: dict[ContractStatus, frozenset[ContractStatus]] = {
    ContractStatus.PENDING: frozenset({ContractStatus.ACTIVE, ContractStatus.CANCELLED}),
    # Pending again: its money was taken back.
    ContractStatus.ACTIVE: frozenset({ContractStatus.PENDING, ContractStatus.EXPIRED, ContractStatus.CANCELLED}),
    ContractStatus.EXPIRED: frozenset(),
    ContractStatus.CANCELLED: frozenset({ContractStatus.PENDING, ContractStatus.ACTIVE}),
}


def before(after: ContractStatus) -> frozenset[ContractStatus]:
    """Return in which of them a subscription may come to stand in ``after``."""
    return frozenset(status for status, following in NEXT.items() if after in following)


class Audience(StrEnum):
    """Who a plan is for."""

    INDIVIDUAL = "individual"
    INSTITUTION = "institution"


class Edition(StrEnum):
    """How the magazine reaches the reader."""

    PRINT = "print"
    DIGITAL = "digital"
    BOTH = "both"


class ContractKind(StrEnum):
    """Why somebody has a subscription."""

    PAID = "paid"
    #: Given by the magazine: to speakers, to the press.
    COMPLIMENTARY = "complimentary"
