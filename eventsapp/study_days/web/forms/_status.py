"""Copying, postponing and cancelling a day; its address; series and themes."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField

from eventsapp.core.fields import long_text_field, text_field
from eventsapp.study_days.web.forms._fields import date_field


class CopyForm(FlaskForm):
    """The date of a copy."""

    on = date_field(_l("Nouvelle date"), required=_l("Indiquez la date de la copie."))


class PostponeForm(FlaskForm):
    """Another date, if it is known, and a word to visitors."""

    to = date_field(_l("Nouvelle date"), description=_l("Laissée vide : à fixer."))
    reopen = BooleanField(_l("Rouvrir les inscriptions aussitôt"))
    note = long_text_field(
        _l("Message aux visiteurs"), most=1000, description=_l("Affiché sur la page."), render_kw={"rows": 3}
    )


class CancelForm(FlaskForm):
    """A word to visitors, and the city typed as a confirmation."""

    note = long_text_field(
        _l("Message aux visiteurs"), most=1000, description=_l("Affiché sur la page."), render_kw={"rows": 3}
    )
    confirmation = text_field(
        _l("Pour confirmer, recopiez le nom de la ville"), most=100, required=_l("Recopiez le nom de la ville.")
    )


class AddressForm(FlaskForm):
    """The address of a day's page."""

    slug = text_field(_l("Adresse de la page"), most=80, required=_l("Indiquez une adresse."))


class SeriesForm(FlaskForm):
    """A series."""

    title = text_field(_l("Titre"), most=200, required=_l("Donnez un titre à la série."))
    description = long_text_field(_l("Présentation"), most=4000, render_kw={"rows": 4})


class ThemeForm(FlaskForm):
    """A theme."""

    name = text_field(_l("Nom"), most=100, required=_l("Donnez un nom au thème."))
    name_en = text_field(_l("Nom en anglais"), most=100)
