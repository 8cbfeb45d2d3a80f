"""What the checkout refuses."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Conflict, Invalid, Refusal


class NothingToOrder(Invalid):
    """The order is empty."""

    code = "invalid"
    title = _l("Commande vide")


class NotCancellable(Refusal):
    """The buyer cannot cancel this order by himself; the message says why, and whom to ask."""

    code = "not-cancellable"
    title = _l("Annulation impossible en ligne")


class NothingLeft(Refusal):
    """The seats were given back, or the subscription closed, meanwhile."""

    code = "nothing-left"
    title = _l("Déjà fait")


class OfferChanged(Refusal):
    """What the cancellation costs changed since the page was shown: the buyer looks at it again."""

    code = "offer-changed"
    title = _l("Conditions changées")


class AlreadyInBasket(Conflict):
    """The same subscription is in the basket: one more is a slip."""

    title = _l("Déjà dans votre panier")


class NotASubscriber(Invalid):
    """A seat asks for the subscriber rate and no subscription covers it."""

    code = "invalid"
    title = _l("Tarif réservé aux abonnés")


class QuoteExpired(Conflict):
    """The quote was valid until a day that is over."""

    code = "quote-expired"
    title = _l("Devis expiré")


class BillingClosed(Refusal):
    """The order is invoiced: only the office changes whom it is billed to, by a credit note and a new invoice."""

    code = "billing-closed"
    title = _l("Commande déjà facturée")


class BillingChanged(Conflict):
    """What the correction does changed since the page was shown: it is looked at again."""

    title = _l("À relire")


class NotWithdrawable(Refusal):
    """There is nothing, or no more, to withdraw from or to give notice of."""

    code = "not-withdrawable"
    title = _l("Rien à quoi renoncer")
