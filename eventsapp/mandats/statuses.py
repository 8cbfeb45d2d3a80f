"""Where the dossier of a public body stands, and what may follow: one table."""

from enum import StrEnum


class MandatStatus(StrEnum):
    """What the dossier waits for, or what became of it."""

    #: The purchase order (« bon de commande ») has not come yet.
    AWAITED = "awaited"
    RECEIVED = "received"
    #: The day is over, the magazine delivered: « service fait ».
    SERVICE_DONE = "service_done"
    #: The invoice lies on Chorus Pro.
    DEPOSITED = "deposited"
    #: The body refused the invoice: something is to be corrected before it is deposited anew.
    REJECTED = "rejected"
    PAID = "paid"


_S = MandatStatus
#: What may follow what. Money that arrives pays a dossier wherever it stands.
NEXT: dict[MandatStatus, frozenset[MandatStatus]] = {
    _S.AWAITED: frozenset({_S.RECEIVED, _S.PAID}),
    # A wrong purchase order is asked for anew; subscriptions and admissions may be paid before the service is done.
    _S.RECEIVED: frozenset({_S.AWAITED, _S.SERVICE_DONE, _S.DEPOSITED, _S.PAID}),
    # Noted by mistake: back to where it stood.
    _S.SERVICE_DONE: frozenset({_S.RECEIVED, _S.DEPOSITED, _S.PAID}),
    _S.DEPOSITED: frozenset({_S.REJECTED, _S.PAID}),
    _S.REJECTED: frozenset({_S.DEPOSITED, _S.PAID}),
    _S.PAID: frozenset(),
}
#: While the invoice lies nowhere yet, or was refused, what it says may still be corrected.
OPEN = frozenset({_S.AWAITED, _S.RECEIVED, _S.SERVICE_DONE, _S.REJECTED})


class DepositState(StrEnum):
    """How far a deposit on the portal is that somebody asked for."""

    #: It is tried once it is due, and again after a silence.
    WAITING = "waiting"
    DONE = "done"
    #: The portal refused it, never answered, or the invoice was replaced meanwhile: somebody must look.
    FAILED = "failed"
