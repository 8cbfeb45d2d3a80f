"""What a registration refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid, Refusal


class AlreadyRegistered(Invalid):
    """One of the people has a seat at the day already."""

    code = "invalid"
    title = _l("Déjà inscrit")


class IllegalTransition(Refusal):
    """A seat cannot go from where it stands to where it is sent."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")
