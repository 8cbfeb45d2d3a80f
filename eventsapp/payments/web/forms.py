"""Forms for money typed by the office."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField
from wtforms.validators import DataRequired, InputRequired

from eventsapp.core.fields import SubmissionField, amount_field, long_text_field, text_field


class MoneyForm(FlaskForm):
    """What moves money carries a key: however often it is sent, it counts once."""

    key = SubmissionField()
    surely_new = BooleanField(_l("Ce n’est pas le même : l’enregistrer aussi"))
    #: Whether to ask if it is the same.
    looks_known = False


class PaymentForm(MoneyForm):
    """A cheque, a transfer or a mandat that came in."""

    method = RadioField(_l("Reçu par"), validators=[InputRequired(_l("Choisissez comment l’argent est arrivé."))])
    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant reçu."), least_cents=1)
    received_on = DateField(_l("Reçu le"), validators=[DataRequired(_l("Indiquez la date, par exemple 24/02/2027."))])
    reference = text_field(_l("Numéro ou référence"), most=100)
    bank = text_field(_l("Banque"), most=100)
    payer = text_field(_l("Payeur, s’il n’est pas l’acheteur"), most=200)
    surely_too_much = BooleanField(_l("Le montant est bien celui reçu : enregistrer le trop-perçu"))

    #: Whether to ask if the amount is right.
    looks_too_much = False


class BackForm(MoneyForm):
    """Money that goes back, of an order that may still stand."""

    surely_due = BooleanField(_l("C’est voulu : la somme est de nouveau à régler"))

    #: Whether to ask if the order may owe it again.
    falls_due = False


class CardRefundForm(BackForm):
    """Money that Stripe is asked to give back to the card."""

    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant à rendre."), least_cents=1)
    reason = long_text_field(
        _l("Motif"), most=300, required=_l("Indiquez le motif : il est gardé dans l’historique."), render_kw={"rows": 2}
    )


class RefundForm(BackForm):
    """Money that was sent back."""

    method = RadioField(_l("Rendu par"), validators=[InputRequired(_l("Choisissez comment l’argent est rendu."))])
    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant rendu."), least_cents=1)
    refunded_on = DateField(_l("Rendu le"), validators=[DataRequired(_l("Indiquez la date."))])
    reason = long_text_field(
        _l("Motif"), most=300, required=_l("Indiquez le motif : il est gardé dans l’historique."), render_kw={"rows": 2}
    )


class AlertForm(FlaskForm):
    """What was done about an alert."""

    note = long_text_field(
        _l("Ce que vous avez fait"),
        most=500,
        required=_l("Indiquez ce que vous avez fait : c’est gardé dans l’historique."),
        description=_l("Par exemple : « remboursé chez Stripe », « vu avec l’acheteur, qui paie de nouveau »."),
        render_kw={"rows": 3},
    )


class EventForm(FlaskForm):
    """Why a message of Stripe that is set aside may be put away."""

    note = long_text_field(
        _l("Ce que vous avez trouvé"),
        most=500,
        required=_l("Indiquez ce que vous avez trouvé : c’est gardé dans l’historique."),
        description=_l("Par exemple : « paiement d’un autre site », « compté à la main, voir la commande »."),
        render_kw={"rows": 3},
    )
