"""What speakers refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class SpeakerInUse(Refusal):
    """The person spoke at a day."""

    code = "in-use"
    title = _l("Suppression impossible")
