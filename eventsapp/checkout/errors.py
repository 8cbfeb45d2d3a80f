"""What the checkout refuses."""

from eventsapp.core.errors import Invalid


class NothingToOrder(Invalid):
    """The order is empty."""

    code = "invalid"
    title = "Commande vide"


class NotASubscriber(Invalid):
    """A seat asks for the subscriber rate and no subscription covers it."""

    code = "invalid"
    title = "Tarif réservé aux abonnés"
