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
    """Why somebody has a subscription: apart from where it stands."""

    PAID = "paid"
    #: Bought by somebody else for the reader.
    GIFT = "gift"
    #: Given by the magazine: to speakers, to the press.
    COMPLIMENTARY = "complimentary"
    #: Given by the magazine for a while, to try it.
    TRIAL = "trial"


#: What the office gives itself.
GIVEN = frozenset({ContractKind.COMPLIMENTARY, ContractKind.TRIAL})


class GiftState(StrEnum):
    """Where a gift stands; derived from its dates, its contract and its order by ``rules.gift_state``."""

    #: What it costs is not paid.
    AWAITING_MONEY = "awaiting_money"
    #: Paid; its mail leaves on the day that the giver chose.
    SCHEDULED = "scheduled"
    #: The reader has been told, or gets the card from the giver.
    OFFERED = "offered"
    ACCEPTED = "accepted"
    #: Its order was cancelled or refunded before it was accepted.
    WITHDRAWN = "withdrawn"


class MemberState(StrEnum):
    """Where somebody stands whom an institution lets read; derived from their dates by ``rules.member_state``."""

    INVITED = "invited"
    JOINED = "joined"
    #: Taken off, or the invitation was taken back.
    REMOVED = "removed"


class ReminderKind(StrEnum):
    """A reminder that a subscription ends, by its distance from the last day."""

    BEFORE_60 = "before_60"
    BEFORE_30 = "before_30"
    BEFORE_7 = "before_7"
    AFTER_7 = "after_7"
    AFTER_30 = "after_30"


class UndeliveredReason(StrEnum):
    """Why a copy came back, in the words that La Poste prints on it."""

    #: « Destinataire inconnu à l’adresse ».
    UNKNOWN = "unknown"
    #: « Défaut d’accès ou d’adressage ».
    ADDRESS = "address"
    #: « Pli avisé et non réclamé ».
    UNCLAIMED = "unclaimed"
    #: « Pli refusé par le destinataire ».
    REFUSED = "refused"


class AgreementState(StrEnum):
    """Where it stands that a reader lets their card renew a subscription."""

    #: Agreed with the order; its card is not known before that is paid.
    ASKED = "asked"
    ACTIVE = "active"
    #: Stopped; until the subscription ends it can be taken back.
    STOPPED = "stopped"
    #: Nothing is charged any more: ``AgreementEnd`` says why.
    OVER = "over"


NEXT_AGREEMENT: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.ASKED: frozenset({AgreementState.ACTIVE, AgreementState.STOPPED, AgreementState.OVER}),
    AgreementState.ACTIVE: frozenset({AgreementState.STOPPED, AgreementState.OVER}),
    AgreementState.STOPPED: frozenset({AgreementState.ACTIVE, AgreementState.OVER}),
    AgreementState.OVER: frozenset(),
}


class AgreementEnd(StrEnum):
    """Why a card renews a subscription no more."""

    #: It was renewed by hand, or such an order waits for its money.
    RENEWED = "renewed"
    #: It was cancelled or refunded, or is suspended.
    NOT_RUNNING = "not_running"
    #: Notice was given of it.
    RESIGNED = "resigned"
    #: Its plan is not on offer any more.
    NOT_SOLD = "not_sold"
    #: Its plan costs more than was announced.
    DEARER = "dearer"
    #: It is an institution's by now: nothing of theirs renews by itself.
    INSTITUTION = "institution"
    #: It could not be announced, or charged, in time.
    LATE = "late"
    #: The card was refused to the last try, or its bank asks for its holder.
    DECLINED = "declined"
    #: Stopped, and the subscription ended.
    STOPPED = "stopped"


class ChargeState(StrEnum):
    """What became of one try to charge a card."""

    #: Written down; Stripe has not said.
    ASKED = "asked"
    PAID = "paid"
    DECLINED = "declined"
