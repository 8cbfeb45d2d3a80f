"""The form by which an order's billing is corrected."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField

from eventsapp.core.fields import SubmissionField, email_field, text_field
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing

#: As long as the number of an invoice may be.
_NUMBER_LENGTH = 35


class BillingForm(FlaskForm):
    """Whom an order is billed to; what is wrong with it for its method, the service says."""

    #: However often it is sent, there is one invoice.
    key = SubmissionField()
    #: The number of the invoice that is taken back, as the page showed it.
    seen = HiddenField()
    organisation = text_field(_l("Organisme à facturer"), most=200)
    siret = text_field(
        _l("SIRET de l’organisme"), most=30, description=_l("14 chiffres."), render_kw={"inputmode": "numeric"}
    )
    address = text_field(_l("Adresse"), most=300)
    postcode = text_field(_l("Code postal"), most=10)
    city = text_field(_l("Ville"), most=100)
    email = email_field(_l("Courriel pour la facture"))
    vat_number = text_field(_l("N° de TVA intracommunautaire"), most=20)
    service_code = text_field(_l("Code service"), most=100)
    commitment_number = text_field(_l("Numéro d’engagement"), most=50)

    @classmethod
    def of(cls, order: Order) -> "BillingForm":
        """Return the form filled in with what the order says, or with what was sent."""
        kept = orders.billing_of(order)
        form = cls(**{name: getattr(kept, name) for name in Billing.__dataclass_fields__})
        form.seen.data = (form.seen.data or "")[:_NUMBER_LENGTH]
        return form

    def billing(self) -> Billing:
        """Return what was typed."""
        return Billing(**{name: self[name].data or "" for name in Billing.__dataclass_fields__})
