"""What places refuse."""

from eventsapp.core.errors import Refusal


class PlaceInUse(Refusal):
    """Days are held there."""

    code = "in-use"
    title = "Suppression impossible"
