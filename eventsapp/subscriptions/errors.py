"""What subscriptions refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict, NotFound, Refusal


class AlreadyRenewed(Conflict):
    """Another order renewed the subscription already: one more would pay for nothing."""

    code = "already-renewed"
    title = _l("Abonnement déjà renouvelé")


class NotRenewable(Conflict):
    """The subscription is cancelled, has not begun, or waits for its money: there is no end to go on from."""

    code = "not-renewable"
    title = _l("Renouvellement impossible")


class GiftNotFound(NotFound):
    """No gift has this link."""


class GiftNotReady(Conflict):
    """What the gift costs is not paid yet."""

    code = "gift-not-ready"
    title = _l("Cadeau pas encore disponible")


class GiftTaken(Conflict):
    """The gift was accepted before: it holds once."""

    code = "gift-taken"
    title = _l("Cadeau déjà accepté")


class GiftWithdrawn(Refusal):
    """The order of the gift was cancelled or refunded."""

    code = "gift-withdrawn"
    title = _l("Cadeau retiré")
    status = 410


class NotSentAgain(Conflict):
    """The mail of a gift cannot be sent once more: it was accepted, is not announced yet, or went out often enough."""

    code = "not-sent-again"
    title = _l("Envoi impossible")


class SeatsTaken(Conflict):
    """Everybody for whom the contract of an institution has a seat is there."""

    code = "seats-taken"
    title = _l("Toutes les places sont prises")


class InvitationOver(Refusal):
    """The invitation was used, taken back, or is too old."""

    code = "invitation-over"
    title = _l("Invitation close")
    status = 410


class NotNow(Conflict):
    """The contract is over or has not begun, or somebody else was quicker: there is nothing to do it to."""

    code = "not-now"
    title = _l("Rien à faire")


class PublicDomain(Refusal):
    """Anybody may have an address of that domain: it says nothing of where somebody works."""

    code = "public-domain"
    title = _l("Domaine public")
    status = 422


class WrongCode(Refusal):
    """The code is another one, too old, or was guessed at too often."""

    code = "wrong-code"
    title = _l("Code inexact")
    status = 422


class NotOfTheOffice(Conflict):
    """Only a subscription that the office gave is ended by the office; the others by their order."""

    title = _l("Abonnement d’une commande")


class NotOnPaper(Conflict):
    """Nothing is sent by post for this subscription, or nothing more: it has no address to change."""

    code = "not-on-paper"
    title = _l("Rien n’est envoyé par la poste")


class CountChanged(Conflict):
    """Not as many would get a subscription as the page had said."""

    code = "count-changed"
    title = _l("Le compte a changé")


class IllegalTransition(Refusal):
    """The subscription cannot go from where it stands to where it is sent."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")
