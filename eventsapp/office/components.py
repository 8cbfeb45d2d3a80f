"""What a price is made of, as the forms of plans and of rates ask it: one category, or several parts."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, FormField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from eventsapp.core import french
from eventsapp.core.fields import Entries, one_line, require_amount, text_field
from eventsapp.core.money import amount_cents
from eventsapp.vat.rules import MOST_COMPONENTS
from eventsapp.vat.values import STANDARD, Component

_TOO_MUCH = _l("Les autres parts dépassent le prix.")
_NAMELESS = _l("Nommez la part principale : la facture imprime chacune.")


class ComponentForm(Form):
    """A part of a price besides the main one."""

    label = text_field(_l("Ce que c’est"), most=120)
    category = SelectField(_l("TVA de cette part"), default=STANDARD)
    amount = StringField(_l("Dont, TTC"), filters=[one_line], validators=[Length(max=20)])

    def validate_amount(self, field: Field) -> None:
        if not (self.label.data or field.data):
            return
        if not self.label.data:
            raise ValidationError(_l("Donnez un nom à cette part : la facture l’imprime."))
        require_amount(field, or_else=_l("Écrivez un montant en euros, par exemple 60,00."), least_cents=1)

    @property
    def cents(self) -> int:
        """Its share; nothing for an empty line."""
        return (amount_cents(self.amount.data or "") or 0) if self.label.data else 0


def category_field() -> SelectField:
    """Return the field for the category of a price, or of its main part."""
    return SelectField(_l("TVA"), default=STANDARD)


def main_label_field() -> StringField:
    """Return the field that names the main part of a price."""
    return text_field(_l("Part principale"), most=120, description=_l("Le reste du prix, au taux choisi plus haut."))


def component_fields() -> Entries:
    """Return the fields of the other parts."""
    return Entries(FormField(ComponentForm), max_entries=MOST_COMPONENTS - 1)


def offer(form: Any, choices: Sequence[tuple[str, str]]) -> None:
    """Let ``form`` offer these categories, and room for one more part."""
    entries = form.components
    if all(entry.form.label.data or entry.form.amount.data for entry in entries) and len(entries) < MOST_COMPONENTS - 1:
        entries.append_entry()
    for field in (form.vat_category, *(entry.form.category for entry in entries)):
        field.choices = [SelectChoice(code, label) for code, label in choices]


def shown(components: Iterable[Component]) -> dict[str, Any]:
    """Return components as the form shows them: the main one by its category and name, the others line by line."""
    main, *others = list(components) or [Component(cents=0)]
    return {
        "vat_category": main.category,
        "main_label": main.label,
        "components": [
            {"label": part.label, "category": part.category, "amount": french.plain_amount(part.cents)}
            for part in others
        ],
    }


def read(form: Any, *, price_cents: int) -> tuple[Component, ...]:
    """Return what was typed: the main part has what the others leave of the price."""
    others = [entry.form for entry in form.components if entry.form.cents]
    left = price_cents - sum(part.cents for part in others)
    return (
        Component(label=form.main_label.data or "" if others else "", category=form.vat_category.data, cents=left),
        *(Component(label=part.label.data, category=part.category.data, cents=part.cents) for part in others),
    )


def make_the_price(form: Any, *, price_cents: int | None) -> bool:
    """Return whether the parts make the price; say beside the main one when nothing is left for it, or it has no name.

    Without a price to look at, they do.
    """
    others = sum(entry.form.cents for entry in form.components)
    if not others or price_cents is None:
        return True
    told = _TOO_MUCH if others >= price_cents else None if form.main_label.data else _NAMELESS
    if told is not None:
        form.main_label.errors = [*form.main_label.errors, told]
    return told is None
