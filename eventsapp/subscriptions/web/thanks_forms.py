"""The form by which a day's speakers are offered a year."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Form, FormField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Optional
from wtforms.widgets import HiddenInput

from eventsapp.core.fields import Entries, email_field, text_field
from eventsapp.subscriptions.models import Plan

#: Speakers of one day, at most.
MOST = 200


class SpeakerRow(Form):
    """One speaker: picked or not, and by which address."""

    key = HiddenField()
    picked = BooleanField(_l("Offrir"))
    email = email_field(_l("Courriel"))


class ThanksForm(FlaskForm):
    """What is offered, until when and why, and to whom."""

    plan = SelectField(_l("Formule"), validators=[InputRequired(_l("Choisissez une formule."))])
    ends_on = DateField(
        _l("Dernier jour"),
        validators=[DataRequired(_l("Indiquez le dernier jour."))],
        description=_l("L’abonnement court dès aujourd’hui, jusqu’à ce jour compris."),
    )
    reason = text_field(_l("Motif"), most=300, required=_l("Dites pourquoi : la page de l’abonnement le garde."))
    speakers = Entries(FormField(SpeakerRow), max_entries=MOST)
    #: How many were said to get one.
    expected = IntegerField(validators=[Optional()], widget=HiddenInput())

    def offer(self, plans: Sequence[Plan]) -> None:
        """Offer these plans, those without paper first: of speakers no address is known."""
        for_one = [plan for plan in plans if plan.can_be_given]
        self.plan.choices = [
            SelectChoice(plan.slug, plan.local_name) for plan in sorted(for_one, key=lambda plan: plan.needs_address)
        ]

    @property
    def emails(self) -> dict[int, str]:
        """The address of each speaker, as typed."""
        return {key: row.email.data or "" for key, row in self._rows().items()}

    @property
    def picked(self) -> set[int]:
        """Who is to get one, by key."""
        return {key for key, row in self._rows().items() if row.picked.data}

    def row(self, key: int) -> SpeakerRow | None:
        """Return the fields of one speaker."""
        return self._rows().get(key)

    def _rows(self) -> dict[int, SpeakerRow]:
        return {
            int(entry.form.key.data): entry.form
            for entry in self.speakers
            if (entry.form.key.data or "").isascii() and (entry.form.key.data or "").isdigit()
        }
