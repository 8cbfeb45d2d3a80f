"""Forms around reminders."""

import re
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, Form, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError

from eventsapp.core import fields, french
from eventsapp.core.fields import amount_field, cents_of, long_text_field, text_field
from eventsapp.dunning import queries, rules
from eventsapp.dunning.statuses import CountedFrom, Level
from eventsapp.dunning.values import Rate, StepDraft

_PERCENT = re.compile(r"([0-9]{1,2})(?:[.,]([0-9]{1,2}))?\s*%?\Z")
_NO_PERCENT = _l("Écrivez un taux en pour cent, par exemple 2,15.")


class PauseForm(FlaskForm):
    """Until when nobody is reminded, and why."""

    until = DateField(
        _l("Jusqu’au"),
        validators=[DataRequired(_l("Indiquez le dernier jour sans relance."))],
        description=_l("Les relances reprennent le lendemain."),
    )
    reason = text_field(
        _l("Motif"), most=300, required=_l("Indiquez le motif : vos collègues le liront."),
        description=_l("Par exemple : mandat promis pour le 15, litige sur la facture."),
    )  # fmt: skip
    whole_customer = BooleanField(_l("Pour toutes les commandes de ce client"))

    def __init__(self, *, today: date, customer_known: bool) -> None:
        super().__init__()
        self._today = today
        if not customer_known:
            del self.whole_customer

    def validate_until(self, field: Field) -> None:
        """Refuse a day that is over, and one that nobody means."""
        if field.data < self._today:
            raise ValidationError(_l("Ce jour est passé."))
        if (field.data - self._today).days > 731:
            raise ValidationError(_l("Deux ans au plus."))


class StepForm(FlaskForm):
    """One reminder of a payment method."""

    title = text_field(_l("Titre"), most=100, required=_l("Indiquez le titre : c’est l’objet du courriel."))
    title_en = text_field(_l("Titre en anglais"), most=100, required=_l("Indiquez le titre en anglais."))
    counted_from = SelectField(
        _l("Compté"), choices=[SelectChoice(key.value, words) for key, words in queries.START_WORDS.items()]
    )
    days = IntegerField(
        _l("Jours"),
        validators=[
            InputRequired(fields.NOT_WHOLE),
            NumberRange(min=0, max=365, message=_l("De %(min)d à %(max)d jours.")),
        ],
    )
    level = SelectField(
        _l("Ton"), choices=[SelectChoice(key.value, words) for key, words in queries.LEVEL_WORDS.items()],
        description=_l("Hors du ton aimable, la lettre rappelle les pénalités de retard de vos mentions de facture."),
    )  # fmt: skip
    text = long_text_field(_l("Texte"), most=3000, required=_l("Écrivez ce que dit la relance."))
    text_en = long_text_field(_l("Texte en anglais"), most=3000, required=_l("Écrivez-le aussi en anglais."))

    def draft(self) -> StepDraft:
        """Return what was typed."""
        return StepDraft(
            counted_from=CountedFrom(self.counted_from.data),
            days=self.days.data,
            level=Level(self.level.data),
            title=self.title.data,
            title_en=self.title_en.data,
            text=self.text.data,
            text_en=self.text_en.data,
        )


class RateForm(FlaskForm):
    """What late payment costs a public body from a half-year on."""

    since = DateField(
        _l("Semestre du"), validators=[DataRequired(_l("Indiquez le 1er janvier ou le 1er juillet."))],
    )  # fmt: skip
    ecb = text_field(
        _l("Taux de la BCE ce jour-là, en %"), most=8, required=_NO_PERCENT,
        description=_l("Opérations principales de refinancement."), render_kw={"inputmode": "decimal"},
    )  # fmt: skip
    margin = text_field(
        _l("Majoration, en points"), most=8, required=_NO_PERCENT, default="8", render_kw={"inputmode": "decimal"}
    )
    fee = amount_field(
        _l("Indemnité forfaitaire, en euros"), required=_l("Indiquez l’indemnité, 40,00 depuis 2013."),
        default=french.plain_amount(4000),
    )  # fmt: skip

    def validate_since(self, field: Field) -> None:
        """Take the first day of a half-year only."""
        if field.data != rules.half_year(field.data) or not 2013 <= field.data.year <= 2100:
            raise ValidationError(_l("Un semestre commence le 1er janvier ou le 1er juillet."))

    def validate_ecb(self, field: Field) -> None:
        """Refuse what is no rate."""
        _require_percent(self, field)

    def validate_margin(self, field: Field) -> None:
        """Refuse what is no rate."""
        _require_percent(self, field)

    def rate(self) -> Rate:
        """Return what was typed."""
        return Rate(
            since=self.since.data,
            ecb=_hundredths(self.ecb.data),
            margin=_hundredths(self.margin.data),
            fee_cents=cents_of(self.fee.data),
        )


def _require_percent(_form: Form, field: Field) -> None:
    if not _PERCENT.match(field.data or ""):
        raise ValidationError(_NO_PERCENT)


def _hundredths(text: str) -> int:
    match = _PERCENT.match(text)
    assert match is not None  # noqa: S101 - the field's validator passed
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
