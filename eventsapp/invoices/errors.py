"""What can go wrong with invoices, in words for whoever asked."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class NothingToInvoice(Refusal):
    """There is no amount, or it is invoiced already."""

    code = "nothing-to-invoice"
    title = _l("Rien à facturer")


class NotInvoiceable(Refusal):
    """The order is not firm: not paid yet, cancelled, expired, or paid without a seat."""

    code = "not-invoiceable"
    title = _l("Facture impossible")


class NotCreditable(Refusal):
    """It is a credit note: what it took back is invoiced anew, not taken back once more."""

    code = "not-creditable"
    title = _l("Avoir impossible")


class CreditTooHigh(Refusal):
    """More than is left of the invoice."""

    code = "credit-too-high"
    title = _l("Avoir trop élevé")
    status = 422
