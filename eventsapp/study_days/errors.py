"""What a day refuses."""

from eventsapp.core.errors import Refusal


class RegistrationClosed(Refusal):
    """The day does not take registrations: not yet, no more, or it is cancelled, postponed or past."""

    code = "registration-closed"
    title = "Inscriptions closes"


class SoldOut(Refusal):
    """Fewer seats are left than were asked for."""

    code = "sold-out"
    title = "Journée complète"


class IllegalTransition(Refusal):
    """The day cannot go from its status to the one asked for."""

    code = "illegal-transition"
    title = "Changement d’état impossible"


class NotReady(Refusal):
    """Something that a published day needs is missing."""

    code = "not-ready"
    title = "Journée incomplète"
    status = 422


class DayInUse(Refusal):
    """The day, or a part of it, has registrations or reports and cannot be removed."""

    code = "in-use"
    title = "Suppression impossible"
