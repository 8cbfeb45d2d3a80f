"""What each action on many takes, and what it is called."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from eventsapp.accounts.access import Permission
from eventsapp.batches.statuses import BatchAction

NEEDED: Mapping[BatchAction, Permission] = {
    BatchAction.MESSAGE: Permission.MAILINGS_SEND,
    BatchAction.TICKETS: Permission.REGISTRATIONS_EDIT,
    BatchAction.PRESENT: Permission.PRESENCES_EDIT,
    BatchAction.ABSENT: Permission.PRESENCES_EDIT,
    BatchAction.CANCEL: Permission.ORDERS_CANCEL,
}
TITLES: Mapping[BatchAction, str] = {
    BatchAction.MESSAGE: _l("Écrire un message"),
    BatchAction.TICKETS: _l("Renvoyer les billets"),
    BatchAction.PRESENT: _l("Noter les présences"),
    BatchAction.ABSENT: _l("Noter les absences"),
    BatchAction.CANCEL: _l("Annuler les inscriptions"),
}
