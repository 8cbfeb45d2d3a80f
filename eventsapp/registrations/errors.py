"""What a registration refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, NotFound, Refusal


class AlreadyRegistered(Invalid):
    """One of the people has a seat at the day already."""

    code = "invalid"
    title = _l("Déjà une place")


class NotTheirAddress(Invalid):
    """The private link of somebody who answered for themselves would come to whoever ordered."""

    code = "invalid"
    title = _l("Adresse de quelqu’un d’autre")


class LinkGone(NotFound):
    """Nobody has this link to a seat any more: it was cut off, or the seat was passed on."""

    title = _l("Ce lien n’ouvre plus rien")


class IllegalTransition(Refusal):
    """A seat cannot go from where it stands to where it is sent."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")


class ChangesClosed(Refusal):
    """The person of a seat can no more be changed."""

    code = "illegal-transition"
    title = _l("Les noms ne changent plus")


class AlreadyNamed(Refusal):
    """Somebody else said a moment ago whom the seat is for."""

    code = "conflict"
    title = _l("Place déjà nommée")


class NotInvited(Refusal):
    """Nobody was asked to fill in the seat."""

    code = "illegal-transition"
    title = _l("Aucune invitation")


class RemindedTooSoon(Refusal):
    """The person was written to a moment ago."""

    code = "too-many"
    title = _l("Relance trop proche")
    status = 429


class NoTicket(Refusal):
    """There is nothing to send: the seat is not confirmed, or nobody has it."""

    code = "illegal-transition"
    title = _l("Pas de billet")


class NotCovered(Refusal):
    """Whoever had the seat brought a subscription, and nothing covers whoever would have it now."""

    code = "invalid"
    status = 422
    title = _l("Tarif réservé aux abonnés")
