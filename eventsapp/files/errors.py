"""What files are refused for."""

from eventsapp.core.errors import Refusal


class FileRefused(Refusal):
    """The upload is not what it claims to be, too large, or of a kind that is not taken."""

    code = "file-refused"
    title = "Fichier refusé"
    status = 422
