"""What a day hands out."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from eventsapp.core.fields import one_line, printable, text_field
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import DocumentAudience
from eventsapp.study_days.web.forms._fields import key_field

_WEB_ADDRESS = re.compile(r"https://[^\s/]+\S*\Z")


#: Whom a document is for, as the organiser chooses it.
AUDIENCES = {
    DocumentAudience.PUBLIC: _l("Tout le monde"),
    DocumentAudience.ATTENDEES: _l("Les participants de la journée"),
    DocumentAudience.SUBSCRIBERS: _l("Les abonnés, et les participants de la journée"),
}


class DocumentForm(FlaskForm):
    """What a document is called, its session, whom it is for; and what takes the place of its file or link."""

    title = text_field(_l("Titre"), most=150, required=_l("Donnez un titre au document."))
    session = key_field(_l("Séance"))
    audience = SelectField(
        _l("Pour qui"),
        coerce=DocumentAudience,
        choices=[SelectChoice(word.value, label) for word, label in AUDIENCES.items()],
        default=DocumentAudience.PUBLIC,
    )
    file = FileField(
        _l("Fichier"), description=_l("PDF, image, document Word, Excel, PowerPoint ou OpenDocument ; 20 Mo au plus.")
    )
    url = StringField(_l("Ou l’adresse d’un lien"), filters=[one_line], validators=[printable, Length(max=500)])

    def offer(self, day: StudyDay) -> None:
        """Offer the sessions of ``day``."""
        self.session.choices = [
            SelectChoice("", _l("toute la journée")),
            *(SelectChoice(str(talk.id), talk.title) for talk in day.talks),
        ]

    def validate_url(self, field: Field) -> None:
        if self.file.data and field.data:
            raise ValidationError(_l("Joignez un fichier, ou indiquez un lien : l’un des deux."))
        if field.data and not _WEB_ADDRESS.match(field.data):
            raise ValidationError(_l("Commencez par https://."))


class NewDocumentForm(DocumentForm):
    """A file or a link to be added."""

    def validate_url(self, field: Field) -> None:
        if not self.file.data and not field.data:
            raise ValidationError(_l("Joignez un fichier, ou indiquez un lien : l’un des deux."))
        super().validate_url(field)
