"""Forms of the office about invoices."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, FormField, HiddenField, IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from eventsapp.core.errors import Refusal
from eventsapp.core.fields import (
    Entries,
    SubmissionField,
    cents_of,
    long_text_field,
    one_line,
    require_amount,
    text_field,
)
from eventsapp.invoices.values import CreditPart, TermsDraft

_AMOUNT = _l("Écrivez un montant en euros, par exemple 1 290,00.")


class CreditLineForm(Form):
    """How many of a line are taken back, or how much of it."""

    line = HiddenField()
    units = IntegerField(
        _l("Nombre"), validators=[Optional(), NumberRange(1, 1000, _l("Un nombre entier, à partir de 1."))]
    )
    amount = StringField(_l("ou montant TTC"), filters=[one_line])

    def validate_amount(self, field: Field) -> None:
        if field.data:
            require_amount(field, or_else=_AMOUNT, least_cents=1)
            if self.units.data:
                raise ValidationError(_l("Indiquez un nombre ou un montant : l’un des deux."))

    def part(self) -> CreditPart | None:
        """Return what is typed of the line; ``None`` when nothing is."""
        key = self.line.data or ""
        if not (self.units.data or self.amount.data) or not key.isdecimal():
            return None
        cents = cents_of(self.amount.data) if self.amount.data else None
        return CreditPart(order_line_id=int(key), amount_cents=cents, quantity=self.units.data or 1)


class CreditForm(FlaskForm):
    """What of an invoice is taken back, line by line or as an amount of all of it, and why."""

    lines = Entries(FormField(CreditLineForm), max_entries=100)
    amount = StringField(
        _l("Montant TTC en euros, sur le tout"),
        filters=[one_line],
        description=_l("Pour une remise : il est réparti sur les lignes. Laissez vide si vous choisissez des lignes."),
    )
    redo = BooleanField(
        _l("La facture est à refaire : la commande reste due"),
        description=_l("Pour corriger l’acheteur ou une mention. Sinon la commande coûte d’autant moins."),
    )
    reason = text_field(_l("Motif"), most=300, required=_l("Indiquez le motif : il est imprimé sur l’avoir."))
    key = SubmissionField()

    def validate_amount(self, field: Field) -> None:
        if field.data:
            require_amount(field, or_else=_AMOUNT, least_cents=1)
        by_line = any(entry.form.units.data or entry.form.amount.data for entry in self.lines)
        if bool(field.data) == by_line:
            raise ValidationError(_l("Indiquez des lignes, ou un montant sur le tout : l’un des deux."))

    def parts(self) -> tuple[CreditPart, ...]:
        """Return what is typed of the lines."""
        return tuple(part for entry in self.lines if (part := entry.form.part()) is not None)

    def show(self, refusal: Refusal) -> None:
        """Put what is wrong beside its line."""
        for entry in self.lines:
            told = refusal.errors.get(f"/lines/{entry.form.line.data}")
            if told:
                entry.form.amount.errors = [*entry.form.amount.errors, told]
                self.lines.errors = [*self.lines.errors, entry.errors]


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
