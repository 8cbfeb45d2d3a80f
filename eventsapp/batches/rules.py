"""Decisions about actions on many: of whom it cannot be done, and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from eventsapp.batches.statuses import BatchAction
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus

#: So long the worker waits, and the action may be taken back.
UNDO = timedelta(seconds=60)
#: The most registrations of one action; more are refused before anything is done.
MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What counts of a seat, of its day and of its order."""

    status: RegistrationStatus
    is_named: bool
    has_begun: bool
    is_over: bool
    order_closed: bool
    #: What came in for the order and did not go back.
    money_cents: int


def reason_against(action: BatchAction, seat: Facts) -> str:
    """Return why it is not done to this seat, in words; empty where it is."""
    return _REASONS[action](seat)


def _present(seat: Facts) -> str:
    if seat.status is RegistrationStatus.ATTENDED:
        return str(_("déjà présente"))
    if seat.status not in CONFIRMED:
        return _not_confirmed(seat)
    return "" if seat.has_begun else str(_("la journée n’a pas commencé"))


def _absent(seat: Facts) -> str:
    if seat.status is RegistrationStatus.ABSENT:
        return str(_("déjà absente"))
    if seat.status is RegistrationStatus.ATTENDED:
        return str(_("notée présente : corrigez la feuille signée, ou l’entrée"))
    if seat.status not in CONFIRMED:
        return _not_confirmed(seat)
    return "" if seat.is_over else str(_("la journée n’est pas terminée"))


def _tickets(seat: Facts) -> str:
    if seat.status not in CONFIRMED:
        return _not_confirmed(seat)
    if not seat.is_named:
        return str(_("personne n’est encore nommé à cette place"))
    return str(_("la journée est passée")) if seat.is_over else ""


def _cancel(seat: Facts) -> str:
    if seat.status is RegistrationStatus.CANCELLED:
        return str(_("déjà annulée"))
    if seat.status in {RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT}:
        return str(_("la personne est venue, ou était attendue"))
    if seat.order_closed:
        return str(_("la commande est close"))
    if seat.money_cents > 0:
        return str(_("de l’argent est reçu : annulez depuis la commande"))
    return ""


def _message(_seat: Facts) -> str:
    return ""


def _not_confirmed(seat: Facts) -> str:
    return (
        str(_("place annulée"))
        if seat.status is RegistrationStatus.CANCELLED
        else str(_("place retenue, pas confirmée"))
    )


_REASONS: dict[BatchAction, Callable[[Facts], str]] = {
    BatchAction.MESSAGE: _message,
    BatchAction.TICKETS: _tickets,
    BatchAction.PRESENT: _present,
    BatchAction.ABSENT: _absent,
    BatchAction.CANCEL: _cancel,
}
