"""What places refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class PlaceInUse(Refusal):
    """Days are held there."""

    code = "in-use"
    title = _l("Suppression impossible")
