"""What the door refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, NotFound, Refusal


class AlreadyAdmitted(Refusal):
    """The ticket let somebody in before."""

    code = "already-admitted"
    title = _l("Billet déjà passé")


class TicketRetired(Refusal):
    """The ticket was replaced by another one."""

    code = "ticket-retired"
    title = _l("Billet remplacé")
    status = 410


class SeatCancelled(Refusal):
    """The seat was cancelled."""

    code = "seat-cancelled"
    title = _l("Place annulée")


class SeatHeld(Refusal):
    """The seat is only held: its payment has not come."""

    code = "seat-held"
    title = _l("Place non réglée")


class NotForThisDay(NotFound):
    """No seat of the day has this ticket."""

    code = "not-for-this-day"
    title = _l("Pas pour cette journée")


class KeyOfAnotherTicket(Invalid):
    """One key was given to two scans."""

    code = "key-reused"
    title = _l("Clé déjà employée")


class NotAdmitted(Refusal):
    """There is nothing to take back: nobody was let in, or the signed sheet says that somebody came."""

    code = "not-admitted"
    title = _l("Rien à annuler")


class NotAwaited(Refusal):
    """Somebody to be noted as absent came meanwhile, or has no seat any more."""

    code = "illegal-transition"
    title = _l("N’est plus attendue")


class NotAbsent(Refusal):
    """There is no absence to take back."""

    code = "not-absent"
    title = _l("Pas notée absente")


class DayNotOver(Refusal):
    """Nobody is absent before the day is over."""

    code = "day-not-over"
    title = _l("Journée en cours")


class DayOver(Refusal):
    """Nobody is let in at a door any more: the day was held before."""

    code = "day-over"
    title = _l("Journée passée")


class SheetUnreadable(Invalid):
    """The file is no list of presences."""

    code = "sheet-unreadable"
    title = _l("Fichier illisible")


class AlreadyRevoked(Refusal):
    """The certificate does not count any more."""

    code = "already-revoked"
    title = _l("Attestation déjà révoquée")


class NothingToMake(Refusal):
    """There is nobody to make the papers for."""

    code = "nothing-to-make"
    title = _l("Rien à imprimer")


class NotPrintable(Refusal):
    """A name has letters that no font of ours has: on paper they would be boxes."""

    code = "name-not-printable"
    title = _l("Nom impossible à imprimer")


class CertificatesTooEarly(Refusal):
    """The day is still held: what is to be certified of it is not known yet."""

    code = "certificates-too-early"
    title = _l("Journée en cours")


class NotIssuable(Refusal):
    """Nobody came on the seat, or it has a certificate."""

    code = "certificate-not-issuable"
    title = _l("Pas d’attestation")
