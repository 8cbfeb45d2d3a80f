"""What sending refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict


class NothingToSend(Conflict):
    """Everybody who gets the number has a label, or nobody gets it."""

    code = "nothing-to-send"
    title = _l("Rien à envoyer")
