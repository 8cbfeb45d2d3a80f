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
        _l("Pénalités de retard, entreprises"),
        most=600,
        required=_l("Indiquez les pénalités : la loi veut cette mention (C. com. art. L441-10)."),
    )
    late_penalty_public = long_text_field(
        _l("Intérêts moratoires, organismes publics"),
        most=600,
        required=_l("Indiquez les intérêts moratoires : la loi veut cette mention (CCP art. R2192-31)."),
    )
    late_penalty_person = long_text_field(
        _l("Retard, particuliers"),
        most=600,
        required=_l("Dites ce qu’un retard coûte à un particulier : la facture électronique veut cette mention."),
    )
    recovery_fee = long_text_field(
        _l("Indemnité de recouvrement, entreprises"),
        most=300,
        required=_l("Indiquez l’indemnité de 40 € : la loi veut cette mention."),
    )
    recovery_fee_public = long_text_field(
        _l("Indemnité de recouvrement, organismes publics"),
        most=300,
        required=_l("Indiquez l’indemnité de 40 € : la loi veut cette mention (CCP art. D2192-35)."),
    )
    recovery_fee_person = long_text_field(
        _l("Indemnité de recouvrement, particuliers"),
        most=300,
        required=_l("Dites que rien n’est dû : la facture électronique veut cette mention."),
        description=_l("Les 40 € ne valent qu’entre professionnels : ne les demandez pas ici."),
    )
    early_payment = long_text_field(
        _l("Escompte"), most=300, required=_l("Indiquez l’escompte, ou qu’il n’y en a pas : la loi veut cette mention.")
    )
    exemption = long_text_field(
        _l("Motif d’exonération"),
        most=300,
        description=_l("Imprimé quand une ligne est au taux 0, par exemple : Exonération, CGI art. 261-4-4° a."),
    )
    exemption_code = text_field(
        _l("Code d’exonération"), most=40, description=_l("Le code VATEX de la facture électronique.")
    )
    training_declaration = long_text_field(
        _l("Déclaration d’activité de formation"),
        most=400,
        description=_l(
            "Sur ce qui vend un service, si vous êtes organisme de formation. Par exemple : Déclaration d’activité "
            "enregistrée sous le numéro 00 00 00000 00 auprès du préfet de région ; cet enregistrement ne vaut pas "
            "agrément de l’État."
        ),
    )
    mentions = long_text_field(
        _l("Autres mentions"), most=1000, description=_l("Par exemple : Commission paritaire n° 0000 T 00000.")
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
