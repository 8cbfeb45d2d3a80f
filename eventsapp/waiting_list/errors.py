"""What the waiting list refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict, Refusal


class SeatsLeft(Refusal):
    """There are seats for them: nobody waits who can be seated."""

    code = "seats-left"
    title = _l("Il reste des places")


class TooLateToWait(Refusal):
    """Registrations close too soon for a seat to be offered to anybody any more."""

    code = "registration-closed"
    title = _l("Liste d’attente close")


class OfferOver(Refusal):
    """The offer ran out, was declined or was taken up already."""

    code = "offer-over"
    title = _l("Proposition close")


class NotWaiting(Conflict):
    """The group has left the list, or has an answer, since the page was shown."""

    title = _l("Déjà sorti de la liste")


class NoRoom(Refusal):
    """Fewer seats are free than the group asks for."""

    code = "sold-out"
    title = _l("Pas assez de places libres")
