"""What an order refuses."""

from eventsapp.core.errors import Refusal


class KeyReused(Refusal):
    """The idempotency key belongs to an order made from another request."""

    code = "idempotency-key-reused"
    title = "Clé déjà utilisée pour une autre commande"
    status = 422


class IllegalTransition(Refusal):
    """The order cannot go from its status to the one asked for."""

    code = "illegal-transition"
    title = "Changement d’état impossible"
