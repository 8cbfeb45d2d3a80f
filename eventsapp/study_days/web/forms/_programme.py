"""A slot of the programme and who speaks there."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, Form, FormField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional, ValidationError

from eventsapp.core.fields import NOT_WHOLE, Entries, long_text_field, text_field
from eventsapp.office.forms import VersionedForm
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.statuses import SessionKind
from eventsapp.study_days.values import Slot, Talk
from eventsapp.study_days.web.forms._fields import date_field, make_room, time_field

#: Between a speaker's name and the address that tells homonyms apart.
HOMONYM = " · "
KIND_LABELS = {
    SessionKind.TALK: _l("Intervention"),
    SessionKind.PANEL: _l("Table ronde"),
    SessionKind.WORKSHOP: _l("Atelier"),
    SessionKind.BREAK: _l("Pause, accueil, repas"),
}


class TalkForm(Form):
    """Somebody at a session."""

    name = text_field(_l("Nom"), most=300)
    slug = HiddenField()
    role = text_field(_l("Fonction ce jour-là"), most=200)
    organisation = text_field(_l("Organisme ce jour-là"), most=200)
    chairs = BooleanField(_l("Anime"))
    rank = IntegerField(
        _l("Rang"),
        validators=[Optional(), NumberRange(1, 99, _l("De 1 à 99."))],
        invalid_value_message=NOT_WHOLE,
    )
    remove = BooleanField(_l("Retirer"))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if (self.role.data or self.organisation.data) and not self.name.data and not self.remove.data:
            self.name.errors = [*self.name.errors, _l("Indiquez le nom de cette personne.")]
            return False
        return valid

    def value(self) -> Talk:
        name, _separator, chosen = (self.name.data or "").partition(HOMONYM)
        return Talk(
            name=name,
            slug=chosen or self.slug.data or "",
            role=self.role.data or "",
            organisation=self.organisation.data or "",
            chairs=self.chairs.data,
        )


class SessionForm(VersionedForm):
    """A slot of the programme and who speaks there."""

    title = text_field(_l("Titre de la séance"), most=200, required=_l("Donnez un titre à la séance."))
    kind = SelectField(
        _l("Sorte"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        default=SessionKind.TALK.value,
    )
    on = date_field(_l("Date"))
    starts = time_field(_l("Début"))
    ends = time_field(_l("Fin"))
    room = text_field(_l("Salle"), most=100)
    summary = long_text_field(_l("Résumé"), most=4000, render_kw={"rows": 4})
    talks = Entries(FormField(TalkForm), max_entries=30)

    def validate_ends(self, field: Field) -> None:
        if field.data is not None and self.starts.data is None:
            raise ValidationError(_l("Indiquez aussi le début."))

    def make_room(self, rows: int) -> None:
        """Offer ``rows`` empty lines below the people there are."""
        make_room(self.talks, rows)

    def slot(self) -> Slot:
        """Return what was written; people by rank, those without one last."""
        rows = [entry.form for entry in self.talks if entry.form.name.data and not entry.form.remove.data]
        ranked = sorted(rows, key=lambda row: row.rank.data or 1000)
        return Slot(
            title=self.title.data,
            kind=SessionKind(self.kind.data),
            summary=self.summary.data or "",
            room=self.room.data or "",
            on=self.on.data,
            starts=self.starts.data,
            ends=self.ends.data,
            talks=[row.value() for row in ranked],
        )

    @staticmethod
    def of(session: StudySession, day: StudyDay) -> dict[str, Any]:
        """Return the fields of ``session`` as the form shows them."""
        zone = day.local_start.tzinfo
        starts = session.starts_at and session.starts_at.astimezone(zone)
        ends = session.ends_at and session.ends_at.astimezone(zone)
        return {
            "version": str(day.version),
            "title": session.title,
            "kind": session.kind.value,
            "on": starts.date() if starts else day.date,
            "starts": starts.time() if starts else None,
            "ends": ends.time() if ends else None,
            "room": session.room,
            "summary": session.summary,
            "talks": [_talk(talk) for talk in session.interventions],
        }


class LinesForm(VersionedForm):
    """Several sessions at once, a line each."""

    programme = long_text_field(
        _l("Séances"), most=8000, required=_l("Écrivez au moins une ligne."), render_kw={"rows": 6}
    )


def _talk(talk: Intervention) -> dict[str, Any]:
    return {
        "name": talk.speaker.name,
        "slug": talk.speaker.slug,
        "role": talk.role,
        "organisation": talk.organisation,
        "chairs": talk.chairs,
        "rank": talk.position,
    }
