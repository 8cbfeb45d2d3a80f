"""What can go wrong with invoices, in words for whoever asked."""

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Refusal


class NothingToInvoice(Refusal):
    """There is no amount, or it is invoiced already."""

    code = "nothing-to-invoice"
    title = _l("Rien à facturer")


class CreditTooHigh(Refusal):
    """More than is left of the invoice."""

    code = "credit-too-high"
    title = _l("Avoir trop élevé")
    status = 422
