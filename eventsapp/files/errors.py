"""What files are refused for."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class FileRefused(Refusal):
    """The upload is not what it claims to be, too large, or of a kind that is not taken."""

    code = "file-refused"
    title = _l("Fichier refusé")
    status = 422
