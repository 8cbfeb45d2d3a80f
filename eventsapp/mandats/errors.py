"""What the dossier of a public body refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, Refusal


class IllegalStep(Refusal):
    """The dossier cannot go from where it stands to where it is sent."""

    code = "illegal-transition"
    title = _l("Étape impossible")


class DossierClosed(Refusal):
    """The invoice is deposited or paid: what it says is not changed any more."""

    code = "dossier-closed"
    title = _l("Dossier déjà déposé")


class NotReadyForDeposit(Invalid):
    """The portal would reject the invoice: something that this body requires is missing, or there is no invoice."""

    title = _l("Dossier incomplet")


class PortalSilentError(Exception):
    """The portal does not answer, or not with an answer: it is asked again later."""


class PortalRefusedError(Exception):
    """The portal answers that it does not take the invoice, and why: somebody must look."""
