"""What the outbox refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class CannotSendAgain(Refusal):
    """The mail is about to leave already, or there is no server to hand it to."""

    code = "cannot-send-again"
    title = _l("Renvoi impossible")
