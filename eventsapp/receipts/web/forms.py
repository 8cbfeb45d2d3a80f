"""Forms for money by hand."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError

from eventsapp.core.fields import SubmissionField, amount_field, text_field
from eventsapp.core.money import amount_cents
from eventsapp.payments.values import Part

#: A statement of a year is a few hundred kilobytes.
MOST_BYTES = 2_000_000


class ReceiptForm(FlaskForm):
    """What came in, and for which orders: one field ``part-<key>`` and one box ``order`` each."""

    key = SubmissionField()
    method = RadioField(_l("Reçu par"), validators=[InputRequired(_l("Choisissez comment l’argent est arrivé."))])
    amount = amount_field(_l("Montant reçu"), required=_l("Indiquez le montant reçu."), least_cents=1)
    received_on = DateField(_l("Reçu le"), validators=[DataRequired(_l("Indiquez la date, par exemple 24/02/2027."))])
    reference = text_field(_l("Numéro ou référence"), most=100)
    bank = text_field(_l("Banque"), most=100)
    payer = text_field(_l("Payeur, s’il n’est pas l’acheteur"), most=200)
    surely_new = BooleanField(_l("Ce n’est pas le même : l’enregistrer aussi"))
    surely_too_much = BooleanField(_l("Le montant est bien celui reçu : enregistrer le trop-perçu"))

    #: What to ask about before it is recorded.
    looks_known = False
    looks_too_much = False

    @property
    def chosen(self) -> list[int]:
        """The keys of the orders that are ticked."""
        return [int(key) for key in request.form.getlist("order")[:50] if key.isdecimal() and len(key) < 10]

    def typed(self, order_id: int, default: str) -> str:
        """What stands in the amount of an order."""
        return request.form.get(f"part-{order_id}", default)

    def parts(self) -> list[Part]:
        """Return what each order gets; one order alone gets all of it."""
        if len(self.chosen) == 1:
            return [Part(order_id=self.chosen[0], amount_cents=amount_cents(self.amount.data or "") or 0)]
        return [
            Part(order_id=order_id, amount_cents=amount_cents(request.form.get(f"part-{order_id}", "")) or 0)
            for order_id in self.chosen
        ]

    def validate(self, *args: Any, **options: Any) -> bool:
        valid = bool(super().validate(*args, **options))
        if not self.chosen:
            self.form_errors.append(_("Choisissez la commande que cet argent règle."))
            return False
        return valid


class DepositForm(FlaskForm):
    """Which cheques go to the bank, and when."""

    deposited_on = DateField(
        _l("Remis le"),
        validators=[DataRequired(_l("Indiquez la date de la remise."))],
        description=_l(
            "Au plus tôt le jour où le dernier chèque choisi est arrivé, au plus tard aujourd’hui : c’est la date de "
            "l’écriture de banque."
        ),
    )


#: Why a payment is taken back.
BOUNCED, MISTAKE = "rejet", "erreur"


class ReverseForm(FlaskForm):
    """That a payment did not hold, and why; or that it never came."""

    cause = RadioField(
        _l("Pourquoi"),
        choices=[
            SelectChoice(BOUNCED, _l("Rejeté par la banque")),
            SelectChoice(MISTAKE, _l("Saisi par erreur : il n’est jamais arrivé")),
        ],
        default=BOUNCED,
    )
    reversed_on = DateField(_l("Date"), validators=[DataRequired(_l("Indiquez la date."))])
    reason = text_field(
        _l("Motif"),
        most=300,
        description=_l("D’un rejet, l’acheteur le lit ; d’une erreur, il ne va que dans l’historique."),
    )

    @property
    def by_mistake(self) -> bool:
        """Whether the payment never came."""
        return bool(self.cause.data == MISTAKE)

    def validate(self, *args: Any, **options: Any) -> bool:
        valid = bool(super().validate(*args, **options))
        if not self.reason.data and not self.by_mistake:
            self.reason.errors = [_("Indiquez le motif : l’acheteur le lit, par exemple « sans provision ».")]
            return False
        return valid


class MoveForm(FlaskForm):
    """How much goes to which order, and why."""

    target = text_field(_l("Vers la commande"), most=20, required=_l("Indiquez la référence de l’autre commande."))
    amount = amount_field(_l("Montant en euros"), required=_l("Indiquez le montant à transférer."), least_cents=1)
    reason = text_field(_l("Motif"), most=300, required=_l("Indiquez le motif : il est gardé dans l’historique."))


class StatementForm(FlaskForm):
    """A file of the bank's."""

    file = FileField(
        _l("Relevé au format CSV"),
        validators=[FileRequired(_l("Choisissez le fichier que donne la banque."))],
        description=_l("Le même fichier deux fois ne propose rien de nouveau ; rien n’est encaissé sans votre clic."),
    )

    def data_of_file(self) -> bytes:
        """Return what is in it."""
        content: bytes = self.file.data.read(MOST_BYTES + 1)
        return content

    def validate_file(self, field: FileField) -> None:
        size = field.data.seek(0, 2)
        field.data.seek(0)
        if size > MOST_BYTES:
            raise ValidationError(_l("Ce fichier est trop grand pour un relevé : 2 Mo au plus."))
