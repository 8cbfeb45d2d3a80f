"""Forms of the office about categories of tax and their rates."""

import re
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from eventsapp.core.fields import one_line, text_field
from eventsapp.office.forms import VersionedForm
from eventsapp.vat.queries import KIND_WORDS
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import CategoryDraft

_RATE = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?\Z")
#: Days on which a rate may begin.
_YEARS = range(1968, 2100)


class CategoryForm(VersionedForm):
    """What a category says."""

    name = text_field(_l("Nom"), most=100, required=_l("Donnez un nom, par exemple « Presse inscrite »."))
    name_en = text_field(_l("Nom en anglais"), most=100, required=_l("Donnez le nom en anglais."))
    kind = SelectField(_l("Nature"), choices=[SelectChoice(kind.value, word) for kind, word in KIND_WORDS.items()])
    exemption = text_field(
        _l("Motif d’exonération"),
        most=300,
        description=_l("Imprimé sur la facture, par exemple : Exonération de TVA, art. 261-4-4° a du CGI."),
    )
    exemption_code = text_field(
        _l("Code VATEX"), most=36, description=_l("De la facture électronique : VATEX-FR-CGI261-4, VATEX-EU-132-1I…")
    )

    def draft(self) -> CategoryDraft:
        """Return what was typed."""
        return CategoryDraft(
            name=self.name.data,
            name_en=self.name_en.data,
            kind=VatKind(self.kind.data),
            exemption=self.exemption.data or "",
            exemption_code=self.exemption_code.data or "",
        )


def _percent(_form: Form, field: Field) -> None:
    if _hundredths(field.data or "") is None:
        raise ValidationError(_l("Écrivez un taux en pour cent, par exemple 2,10."))


def _plausible(_form: Form, field: Field) -> None:
    if field.data is not None and field.data.year not in _YEARS:
        raise ValidationError(_l("Cette année n’est pas plausible."))


class RateForm(FlaskForm):
    """A rate, and the day from which it is in force."""

    rate = StringField(
        _l("Taux, en pour cent"),
        filters=[one_line],
        validators=[DataRequired(_l("Indiquez le taux.")), Length(max=10), _percent],
    )
    valid_from = DateField(_l("À partir du"), validators=[DataRequired(_l("Indiquez la date.")), _plausible])
    knowingly = BooleanField(
        _l("Ce jour est déjà venu : les commandes passées gardent leur taux, les prochaines prennent celui-ci")
    )

    @property
    def hundredths(self) -> int:
        """The rate, in hundredths of a percent."""
        return _hundredths(self.rate.data) or 0

    @property
    def begins(self) -> date:
        found: date = self.valid_from.data
        return found


class NewCategoryForm(CategoryForm):
    """A new category with its first rate."""

    rate = StringField(
        _l("Taux, en pour cent"),
        filters=[one_line],
        validators=[DataRequired(_l("Indiquez le taux.")), Length(max=10), _percent],
    )
    valid_from = DateField(_l("À partir du"), validators=[DataRequired(_l("Indiquez la date.")), _plausible])

    @property
    def hundredths(self) -> int:
        """The rate, in hundredths of a percent."""
        return _hundredths(self.rate.data) or 0


def _hundredths(text: str) -> int | None:
    """Return a rate as people type it, « 2,1 % », in hundredths of a percent; ``None`` when it is none."""
    match = _RATE.match(text.strip())
    if match is None:
        return None
    rate = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
    return rate if rate <= 100_00 else None
