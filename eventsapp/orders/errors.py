"""What an order refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class KeyReused(Refusal):
    """The idempotency key belongs to an order made from another request."""

    code = "idempotency-key-reused"
    title = _l("Clé déjà utilisée pour une autre commande")
    status = 422


class IllegalTransition(Refusal):
    """The order cannot go from its status to the one asked for."""

    code = "illegal-transition"
    title = _l("Changement d’état impossible")
