"""The form of a version."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from eventsapp.core.fields import long_text_field, text_field
from eventsapp.terms.values import ConsumerDraft, VersionDraft

#: The longest text, in characters.
LONGEST = 60_000


class VersionForm(FlaskForm):
    """A version of the terms of sale."""

    #: The number of the last version that the page was made from.
    after = IntegerField(validators=[InputRequired(), NumberRange(min=0, max=100_000)], widget=HiddenInput())
    in_force_from = DateField(
        _l("En vigueur à partir du"), validators=[DataRequired(_l("Indiquez la date, par exemple 24/02/2027."))]
    )
    title = text_field(_l("Titre"), most=150, required=_l("Donnez un titre à la page."))
    body = long_text_field(
        _l("Texte"),
        most=LONGEST,
        required=_l("Le texte est vide."),
        description=_l("En Markdown. Les titres de partie commencent par ##."),
    )
    title_en = text_field(_l("Titre en anglais"), most=150)
    body_en = long_text_field(
        _l("Texte en anglais"), most=LONGEST, description=_l("Vide : le texte français est montré à tous.")
    )

    def draft(self) -> VersionDraft:
        """Return what was typed."""
        return VersionDraft(
            in_force_from=self.in_force_from.data,
            title=self.title.data or "",
            body=self.body.data or "",
            title_en=self.title_en.data or "",
            body_en=self.body_en.data or "",
        )


class ConsumerForm(FlaskForm):
    """What consumers may do, and who mediates."""

    withdrawal_days = IntegerField(
        _l("Délai de rétractation, en jours"),
        validators=[InputRequired(_l("Indiquez un nombre de jours.")), NumberRange(14, 365, _l("De 14 à 365 jours."))],
        description=_l("Quatorze au moins (C. conso., art. L221-18)."),
    )
    first_issue_days = IntegerField(
        _l("Jours jusqu’au premier numéro imprimé"),
        validators=[InputRequired(_l("Indiquez un nombre de jours.")), NumberRange(0, 365, _l("De 0 à 365 jours."))],
        description=_l("Pour un abonnement imprimé, le délai court de la réception du premier numéro."),
    )
    events_exempt = BooleanField(
        _l("Une place à une journée datée ne se rétracte pas"),
        description=_l("C. conso., art. L221-28, 12°. À faire confirmer par votre conseil si vous êtes en formation."),
    )
    mediator = long_text_field(
        _l("Médiateur de la consommation"),
        most=500,
        description=_l("Nom, adresse et site. Montré aux particuliers, et écrit [[mediator]] dans les textes."),
    )

    def draft(self) -> ConsumerDraft:
        """Return what was typed."""
        return ConsumerDraft(
            withdrawal_days=self.withdrawal_days.data,
            first_issue_days=self.first_issue_days.data,
            events_exempt=self.events_exempt.data,
            mediator=self.mediator.data or "",
        )
