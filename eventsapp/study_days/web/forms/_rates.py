"""The rates of a day."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, FormField, HiddenField, StringField
from wtforms.validators import Length, ValidationError

from eventsapp.core.fields import Entries, one_line, require_amount, text_field
from eventsapp.core.money import amount_cents
from eventsapp.office import components as parts
from eventsapp.office.forms import VersionedForm
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.values import Price
from eventsapp.study_days.web.forms._fields import date_field, key, make_room


class RateForm(Form):
    """A rate of a day."""

    id = HiddenField()
    name = text_field(_l("Nom"), most=100)
    name_en = text_field(_l("Nom en anglais"), most=100, description=_l("Vide : il paraît en français."))
    price = StringField(_l("Prix TTC"), filters=[one_line], validators=[Length(max=20)])
    vat_category = parts.category_field()
    main_label = parts.main_label_field()
    components = parts.component_fields()
    condition = text_field(_l("Pour qui"), most=200)
    condition_en = text_field(_l("Pour qui, en anglais"), most=200)
    until = date_field(_l("Jusqu’au"))
    for_subscribers = BooleanField(_l("Réservé aux abonnés"))
    remove = BooleanField(_l("Supprimer"))

    def validate_price(self, field: Field) -> None:
        if self.remove.data or not (self.name.data or field.data):
            return
        if not self.name.data:
            raise ValidationError(_l("Donnez un nom à ce tarif."))
        require_amount(field, or_else=_l("Écrivez un prix en euros, par exemple 540,00."))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid: bool = super().validate(extra_validators)
        is_kept = self.name.data and not self.remove.data
        return (
            parts.make_the_price(self, price_cents=amount_cents(self.price.data or "") if is_kept else None) and valid
        )


class RatesForm(VersionedForm):
    """All rates of a day, in their order."""

    rates = Entries(FormField(RateForm), max_entries=20)

    def make_room(self, rows: int) -> None:
        """Offer ``rows`` empty lines below the rates there are."""
        make_room(self.rates, rows)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer these categories of tax, for every rate."""
        for entry in self.rates:
            parts.offer(entry.form, choices)

    def prices(self) -> list[Price]:
        """Return the rates that stay."""
        return [
            Price(
                id=key(row.id.data) if (row.id.data or "").isdecimal() else None,
                name=row.name.data,
                price_cents=amount_cents(row.price.data or "") or 0,
                condition=row.condition.data or "",
                name_en=row.name_en.data or "",
                condition_en=row.condition_en.data or "",
                for_subscribers=row.for_subscribers.data,
                until=row.until.data,
                components=parts.read(row, price_cents=amount_cents(row.price.data or "") or 0),
            )
            for row in (entry.form for entry in self.rates)
            if row.name.data and not row.remove.data
        ]

    @staticmethod
    def of(day: StudyDay) -> dict[str, Any]:
        """Return the rates of ``day`` as the form shows them."""
        return {"version": str(day.version), "rates": [_rate(rate, day) for rate in day.rates]}


def _rate(rate: Rate, day: StudyDay) -> dict[str, Any]:
    return {
        "id": str(rate.id),
        "name": rate.name,
        "price": f"{rate.price_cents // 100},{rate.price_cents % 100:02}",
        "condition": rate.condition,
        "name_en": rate.name_en,
        "condition_en": rate.condition_en,
        "until": rate.last_day(day.timezone),
        "for_subscribers": rate.for_subscribers,
    } | parts.shown(part.value for part in rate.components)
