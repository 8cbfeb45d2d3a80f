"""What a day refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class RegistrationClosed(Refusal):
    """The day does not take registrations: not yet, no more, or it is cancelled, postponed or past."""

    code = "registration-closed"
    title = _l("Inscriptions closes")


class SoldOut(Refusal):
    """Fewer seats are left than were asked for."""

    code = "sold-out"
    title = _l("Journée complète")


class IllegalTransition(Refusal):
    """The day cannot go from its status to the one asked for."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")


class NotReady(Refusal):
    """Something that a published day needs is missing."""

    code = "not-ready"
    title = _l("Journée incomplète")
    status = 422


class DayInUse(Refusal):
    """The day, or a part of it, has registrations or reports and cannot be removed."""

    code = "in-use"
    title = _l("Suppression impossible")
