"""The form by which a quote becomes an order."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from eventsapp.checkout.web.forms import METHOD_FIELDS
from eventsapp.core.errors import Refusal
from eventsapp.core.fields import text_field
from eventsapp.payments.models import PaymentMethod


class QuoteForm(FlaskForm):
    """What the body's accountants gave since the quote was made; the rest is in it."""

    service_code = text_field(_l("Code service"), most=100)
    commitment_number = text_field(_l("Numéro d’engagement"), most=50)

    def offer(self, method: PaymentMethod) -> None:
        """Offer the fields that the quote's method asks for."""
        self.offered = [name for name in METHOD_FIELDS if name in method.asked_fields]

    def show_refusal(self, refusal: Refusal) -> None:
        """Put a refusal beside the fields here that it names, and above the form else."""
        elsewhere = []
        for pointer, message in refusal.errors.items():
            name = pointer.rpartition("/")[2]
            if name in METHOD_FIELDS:
                self[name].errors = [*self[name].errors, message]
            else:
                elsewhere.append(message)
        if elsewhere or not refusal.errors:
            self.form_errors += list(dict.fromkeys(elsewhere)) or [refusal.message]
