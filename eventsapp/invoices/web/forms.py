"""Forms of the office about invoices."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from eventsapp.core.fields import amount_field, long_text_field, text_field
from eventsapp.invoices.values import TermsDraft


class CreditForm(FlaskForm):
    """How much of an invoice is taken back, and why."""

    amount = amount_field(_l("Montant TTC en euros"), required=_l("Indiquez le montant à reprendre."), least_cents=1)
    reason = text_field(_l("Motif"), most=300, required=_l("Indiquez le motif : il est imprimé sur l’avoir."))


class TermsForm(FlaskForm):
    """What is printed on every invoice from now on."""

    legal_form = text_field(
        _l("Forme juridique et capital"), most=200, description=_l("Par exemple : SARL au capital de 10 000 €.")
    )
    register = text_field(_l("Registre du commerce"), most=200, description=_l("Par exemple : RCS Angers 000 000 000."))
    late_penalty = long_text_field(
        _l("Pénalités de retard, clients privés"),
        most=600,
        required=_l("Indiquez les pénalités : la loi veut cette mention (C. com. art. L441-10)."),
    )
    late_penalty_public = long_text_field(
        _l("Intérêts moratoires, organismes publics"),
        most=600,
        required=_l("Indiquez les intérêts moratoires : la loi veut cette mention (CCP art. R2192-31)."),
    )
    recovery_fee = long_text_field(
        _l("Indemnité de recouvrement"),
        most=300,
        required=_l("Indiquez l’indemnité de 40 € : la loi veut cette mention."),
    )
    early_payment = long_text_field(
        _l("Escompte"), most=300, required=_l("Indiquez l’escompte, ou qu’il n’y en a pas : la loi veut cette mention.")
    )
    mentions = long_text_field(
        _l("Autres mentions"), most=1000, description=_l("Déclaration d’activité, numéro de commission paritaire…")
    )
    vat_on_debits = BooleanField(_l("Option pour le paiement de la taxe d’après les débits"))
    quote_days = IntegerField(
        _l("Validité des devis, en jours"),
        validators=[
            InputRequired(_l("Indiquez pour combien de jours un devis est valable.")),
            NumberRange(1, 365, _l("De 1 à 365 jours.")),
        ],
    )

    def draft(self) -> TermsDraft:
        """Return what was typed."""
        return TermsDraft(**{name: getattr(self, name).data for name in TermsDraft.__dataclass_fields__})
