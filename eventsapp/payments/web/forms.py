"""Forms for money typed by the office."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField
from wtforms.validators import DataRequired, InputRequired

from eventsapp.core.fields import amount_field, long_text_field, text_field


class PaymentForm(FlaskForm):
    """A cheque, a transfer or a mandat that came in."""

    method = RadioField(_l("Reçu par"), validators=[InputRequired(_l("Choisissez comment l’argent est arrivé."))])
    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant reçu."), least_cents=1)
    received_on = DateField(_l("Reçu le"), validators=[DataRequired(_l("Indiquez la date, par exemple 24/02/2027."))])
    reference = text_field(_l("Numéro du chèque ou du virement"), most=100)
    bank = text_field(_l("Banque"), most=100)
    payer = text_field(_l("Payeur, s’il n’est pas l’acheteur"), most=200)

    def not_after(self, today: date) -> bool:
        """Say that money cannot have come in the future."""
        if self.received_on.data and self.received_on.data > today:
            self.received_on.errors = [_("Cette date est à venir.")]
            return False
        return True


class RefundForm(FlaskForm):
    """Money that was sent back."""

    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant rendu."), least_cents=1)
    refunded_on = DateField(_l("Rendu le"), validators=[DataRequired(_l("Indiquez la date."))])
    reason = long_text_field(
        _l("Motif"), most=300, required=_l("Indiquez le motif : il est gardé dans l’historique."), render_kw={"rows": 2}
    )
