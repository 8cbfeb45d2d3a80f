"""What reminders refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class NothingToRemind(Refusal):
    """Nothing is late, the order is a trial, everything was sent, or reminders are paused."""

    code = "nothing-to-remind"
    title = _l("Pas de relance à envoyer")
