"""The form of a plan."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from eventsapp.core.fields import NOT_WHOLE, amount_field, cents_of, long_text_field, text_field
from eventsapp.subscriptions.statuses import Audience, Edition
from eventsapp.subscriptions.values import PlanDraft

#: VAT rates of what is sold here, in hundredths of a percent.
_RATES = {210: "2,10 % (presse)", 550: "5,5 % (livre)", 2000: "20 %", 0: "exonéré"}


class PlanForm(FlaskForm):
    """A plan as the office writes it."""

    name = text_field(_l("Nom"), most=120, required=_l("Donnez un nom : « individuel, un an »."))
    name_en = text_field(_l("Nom en anglais"), most=120)
    summary = long_text_field(_l("Présentation"), most=600, render_kw={"rows": 3})
    summary_en = long_text_field(_l("Présentation en anglais"), most=600, render_kw={"rows": 3})
    audience = SelectField(
        _l("Pour"),
        choices=[
            SelectChoice(Audience.INDIVIDUAL.value, _l("Une personne")),
            SelectChoice(Audience.INSTITUTION.value, _l("Un organisme")),
        ],
    )
    edition = SelectField(
        _l("Édition"),
        choices=[
            SelectChoice(Edition.BOTH.value, _l("Imprimée et en ligne")),
            SelectChoice(Edition.PRINT.value, _l("Imprimée")),
            SelectChoice(Edition.DIGITAL.value, _l("En ligne")),
        ],
    )
    months = IntegerField(
        _l("Durée en mois"),
        validators=[InputRequired(_l("Indiquez la durée.")), NumberRange(1, 60, _l("De 1 à 60 mois."))],
        invalid_value_message=NOT_WHOLE,
    )
    readers = IntegerField(
        _l("Lecteurs"),
        validators=[InputRequired(_l("Indiquez le nombre.")), NumberRange(1, 1000, _l("De 1 à 1 000 lecteurs."))],
        invalid_value_message=NOT_WHOLE,
        description=_l("Autant de places au tarif abonné par journée."),
    )
    price = amount_field(_l("Prix TTC en euros"), required=_l("Indiquez le prix."))
    vat_rate = SelectField(_l("TVA"), coerce=int, choices=[SelectChoice(rate, label) for rate, label in _RATES.items()])
    position = IntegerField(
        _l("Rang"),
        validators=[InputRequired(_l("Indiquez le rang.")), NumberRange(1, 999, _l("De 1 à 999."))],
        invalid_value_message=NOT_WHOLE,
    )
    published = BooleanField(_l("Proposée sur le site"))

    def draft(self) -> PlanDraft:
        """Return the plan."""
        return PlanDraft(
            name=self.name.data,
            name_en=self.name_en.data or "",
            summary=self.summary.data or "",
            summary_en=self.summary_en.data or "",
            audience=Audience(self.audience.data),
            edition=Edition(self.edition.data),
            months=self.months.data,
            readers=self.readers.data,
            price_cents=cents_of(self.price.data),
            vat_rate=self.vat_rate.data,
            position=self.position.data,
            published=self.published.data,
        )
