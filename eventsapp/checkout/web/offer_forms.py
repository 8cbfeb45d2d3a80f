"""The form by which a group of the waiting list takes up the seats kept for it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import FormField

from eventsapp.checkout.rules import MOST_ATTENDEES
from eventsapp.checkout.web.attendee_forms import AttendeeForm
from eventsapp.checkout.web.forms import RegistrationForm
from eventsapp.core.fields import Entries, email_field, text_field


class UnnamedAttendeeForm(AttendeeForm):
    """One seat; whom it is for may be said later, but not by halves."""

    first_name = text_field(_l("Prénom"), most=80)
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80)
    email = email_field(_l("Courriel"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        if not self.last_name.data:
            self.answers.waive()
        valid: bool = super().validate(extra_validators)
        names = (self.first_name, self.last_name, self.email)
        if any(field.data for field in names):
            for field in names:
                if not field.data:
                    field.errors = [
                        *field.errors,
                        _("À remplir, ou laissez les trois vides : la place se nomme après."),
                    ]
                    valid = False
        return valid


class OfferForm(RegistrationForm):
    """The order that takes up seats of the waiting list: pressing its button accepts the terms, as it says."""

    attendees = Entries(
        FormField(UnnamedAttendeeForm), min_entries=1, max_entries=MOST_ATTENDEES, description=_l("Participant")
    )
    accept_terms = None
