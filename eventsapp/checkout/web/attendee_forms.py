"""One participant on the forms that register people."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, Form, SelectField
from wtforms.validators import InputRequired

from eventsapp.core.answer_fields import AnswersField
from eventsapp.core.fields import email_field, long_text_field, text_field
from eventsapp.registrations.values import Attendee

#: What is asked of a participant whose name is known.
_OF_PERSON = ("first_name", "last_name", "email", "job_title", "access_needs")


class AttendeeForm(Form):
    """One participant, or a seat for somebody whose name is given later."""

    name_later = BooleanField(_l("Je donnerai son nom plus tard"))
    first_name = text_field(_l("Prénom"), most=80, required=_l("Indiquez le prénom."))
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, required=_l("Indiquez le nom."))
    job_title = text_field(_l("Fonction"), most=150)
    email = email_field(_l("Courriel"), required=_l("Indiquez le courriel : la confirmation y est envoyée."))
    rate = SelectField(_l("Tarif"), validators=[InputRequired(_l("Choisissez un tarif."))], validate_choice=False)
    access_needs = long_text_field(
        _l("Besoin d’accessibilité"),
        most=500,
        description=_l("Boucle magnétique, place réservée, accompagnant : dites-nous, nous préparons la salle."),
        render_kw={"rows": 2},
    )
    answers = AnswersField()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if self.name_later.data:
            self.answers.waive()
            # What was typed before stays typed, and counts for nothing.
            for name in _OF_PERSON:
                self[name].validators = []
        valid: bool = super().validate(extra_validators)
        return valid

    def value(self) -> Attendee:
        """Return the participant."""
        if self.name_later.data:
            return Attendee(rate=self.rate.data or "")
        return Attendee(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            email=self.email.data or "",
            job_title=self.job_title.data or "",
            rate=self.rate.data or "",
            access_needs=self.access_needs.data or "",
            answers=self.answers.data,
        )
