"""What a registration refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Invalid


class AlreadyRegistered(Invalid):
    """One of the people has a seat at the day already."""

    code = "invalid"
    title = _l("Déjà inscrit")
