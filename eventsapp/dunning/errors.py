"""What reminders refuse."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class NothingToRemind(Refusal):
    """Nothing is late, the order is a trial, everything was sent, or reminders are paused."""

    code = "nothing-to-remind"
    title = _l("Pas de relance à envoyer")


class CustomerUnknown(Refusal):
    """Nothing tells which other orders are of the same customer."""

    code = "customer-unknown"
    title = _l("Client sans SIRET ni adresse électronique")


class AlreadySent(NothingToRemind):
    """The reminder that is asked for has gone, by another click or by the sweep."""

    code = "already-sent"
