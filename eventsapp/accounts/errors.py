"""What accounts refuse."""

from eventsapp.core.errors import Refusal


class EmailTaken(Refusal):
    """Somebody has that address already."""

    code = "email-taken"
    title = "Adresse déjà utilisée"
    status = 422
