"""What the organiser asks whoever registers."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, ValidationError

from eventsapp.core.fields import NOT_WHOLE, long_text_field, text_field
from eventsapp.study_days.models import Question
from eventsapp.study_days.rules import KEEP_DAYS, MOST_OPTIONS, OPTION_LENGTH, options_of
from eventsapp.study_days.statuses import CHOSEN, QuestionKind, QuestionScope
from eventsapp.study_days.values import QuestionText

KINDS = {
    QuestionKind.TEXT: _l("Un texte court"),
    QuestionKind.LONG_TEXT: _l("Un texte de plusieurs lignes"),
    QuestionKind.CHOICE: _l("Une réponse parmi plusieurs"),
    QuestionKind.CHOICES: _l("Plusieurs réponses parmi plusieurs"),
    QuestionKind.NUMBER: _l("Un nombre"),
    QuestionKind.DATE: _l("Une date"),
    QuestionKind.CONSENT: _l("Une case à cocher"),
    QuestionKind.FILE: _l("Un fichier : PDF, image ou document"),
}
SCOPES = {
    QuestionScope.PERSON: _l("Chaque participant"),
    QuestionScope.ORDER: _l("Qui commande, une fois pour tous"),
}
_LONGEST_OPTIONS = 2 * MOST_OPTIONS * (OPTION_LENGTH + 4)


class QuestionForm(FlaskForm):
    """One question."""

    label = text_field(_l("Question"), most=200, required=_l("Écrivez la question."))
    label_en = text_field(_l("En anglais"), most=200, description=_l("Vide : la question paraît en français."))
    scope = SelectField(_l("Qui répond"), choices=[SelectChoice(scope.value, label) for scope, label in SCOPES.items()])
    kind = SelectField(_l("Réponse"), choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()])
    options = long_text_field(
        _l("Réponses proposées"),
        most=_LONGEST_OPTIONS,
        description=_l(
            "Une par ligne, pour les questions à choix ; l’anglais après une barre : végétarien | vegetarian."
        ),
        render_kw={"rows": 5},
    )
    help = text_field(_l("Aide"), most=300, description=_l("Une phrase sous la question."))
    help_en = text_field(_l("Aide en anglais"), most=300)
    required = BooleanField(_l("Réponse obligatoire"))
    sensitive = BooleanField(
        _l("Réponse réservée (régime, santé, accessibilité)"),
        description=_l("Seuls les organisateurs la voient, et elle est effacée après la journée."),
    )
    keep_days = IntegerField(
        _l("Effacée combien de jours après"),
        default=KEEP_DAYS,
        validators=[
            InputRequired(_l("De 0 à 3650 jours.")),
            NumberRange(0, 3650, message=_l("De 0 à 3650 jours.")),
        ],
    )

    @staticmethod
    def of(question: Question) -> dict[str, Any]:
        """Return what the form shows of ``question``."""
        values = {name: getattr(question, name) for name in QuestionText.__dataclass_fields__}
        return values | {"kind": question.kind.value, "scope": question.scope.value}

    def validate_keep_days(self, field: Field) -> None:
        if field.process_errors:
            raise ValidationError(NOT_WHOLE)

    def validate_scope(self, field: Field) -> None:
        if self.kind.data == QuestionKind.FILE.value and field.data != QuestionScope.PERSON.value:
            raise ValidationError(_("Un fichier se demande à chaque participant."))

    def validate_options(self, field: Field) -> None:
        if self.kind.data not in {kind.value for kind in CHOSEN}:
            return
        options = options_of(field.data or "")
        if len(options) < 2:
            raise ValidationError(_("Proposez au moins deux réponses, une par ligne."))
        if len(options) > MOST_OPTIONS:
            raise ValidationError(_("Pas plus de %(most)s réponses.", most=MOST_OPTIONS))
        if any(len(text) > OPTION_LENGTH for pair in options.items() for text in pair):
            raise ValidationError(_("Pas plus de %(most)s caractères par réponse.", most=OPTION_LENGTH))

    def text(self) -> QuestionText:
        """Return the question."""
        kind = QuestionKind(self.kind.data)
        return QuestionText(
            scope=QuestionScope(self.scope.data),
            kind=kind,
            label=self.label.data,
            label_en=self.label_en.data or "",
            help=self.help.data or "",
            help_en=self.help_en.data or "",
            options=(self.options.data or "") if kind in CHOSEN else "",
            required=self.required.data,
            sensitive=self.sensitive.data,
            keep_days=self.keep_days.data,
        )
