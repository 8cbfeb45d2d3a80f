"""What speakers refuse."""

from eventsapp.core.errors import Refusal


class SpeakerInUse(Refusal):
    """The person spoke at a day."""

    code = "in-use"
    title = "Suppression impossible"
