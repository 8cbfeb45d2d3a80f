"""The forms of a speaker."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, Field, StringField
from wtforms.validators import Length, Optional, ValidationError

from eventsapp.core.fields import email_field, long_text_field, one_line, printable, text_field
from eventsapp.speakers.values import SpeakerDraft


class SpeakerForm(FlaskForm):
    """A speaker; what they were on a given day stands with the session."""

    #: The fields that are shown as they are kept.
    KEPT = ("first_name", "last_name", "biography", "website", "email", "consent_on")

    first_name = text_field(_l("Prénom"), most=80)
    last_name = text_field(lazy_pgettext("person", "Nom"), most=80, required=_l("Indiquez le nom."))
    biography = long_text_field(_l("Biographie"), most=8000, description=_l("En Markdown."), render_kw={"rows": 8})
    website = StringField(_l("Site"), filters=[one_line], validators=[printable, Length(max=300)])
    email = email_field(_l("Courriel"), description=_l("Jamais affiché : pour écrire à la personne."))
    consent_on = DateField(
        _l("Accord de publication reçu le"),
        validators=[Optional()],
        description=_l("Sans lui, ni la photographie ni la biographie ne paraissent."),
    )
    photo = FileField(
        _l("Photographie"), description=_l("PNG, JPEG ou WebP ; recadrée en carré, les données de l’appareil retirées.")
    )
    remove_photo = BooleanField(_l("Retirer la photographie"))

    def validate_website(self, field: Field) -> None:
        if field.data and not field.data.startswith(("https://", "http://")):
            raise ValidationError(_l("Commencez par https://."))

    def values(self) -> SpeakerDraft:
        """Return what was written."""
        return SpeakerDraft(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data,
            biography=self.biography.data or "",
            website=self.website.data or "",
            email=self.email.data or "",
            consent_on=self.consent_on.data,
        )


class MergeForm(FlaskForm):
    """The other entry for the same person."""

    other = text_field(_l("L’autre fiche"), most=300, required=_l("Choisissez la fiche à réunir avec celle-ci."))
