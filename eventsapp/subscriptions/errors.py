"""What a subscription refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class IllegalTransition(Refusal):
    """The subscription cannot go from where it stands to where it is sent."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")
