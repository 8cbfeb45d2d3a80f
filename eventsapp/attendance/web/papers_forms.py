"""Forms of the papers of a day."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from eventsapp.attendance.statuses import BADGE_LABELS, PAPER_LABELS, BadgeFormat, PaperKind
from eventsapp.attendance.values import DayPapersDraft, WordingDraft
from eventsapp.core.fields import long_text_field, text_field

#: Empty lines that somebody may want at the end of a sheet.
_MOST_BLANKS = 60


class AskForm(FlaskForm):
    """One sort of papers, with what is chosen about it."""

    kind = SelectField(choices=[SelectChoice(kind.value, label) for kind, label in PAPER_LABELS.items()])
    shape = SelectField(
        choices=[SelectChoice(shape.value, label) for shape, label in BADGE_LABELS.items()],
        default=BadgeFormat.CARD.value,
        validators=[Optional()],
    )
    with_code = BooleanField()
    blanks = IntegerField(validators=[Optional(), NumberRange(0, _MOST_BLANKS)])

    def options(self) -> dict[str, Any]:
        """Return what the chosen sort of papers takes."""
        kind = PaperKind(self.kind.data)
        if kind is PaperKind.BADGES:
            return {"shape": self.shape.data or BadgeFormat.CARD.value, "with_code": bool(self.with_code.data)}
        if kind is PaperKind.SHEET and self.blanks.data is not None:
            return {"blanks": self.blanks.data}
        return {}


class DayPapersForm(FlaskForm):
    """What is said of the papers of one day."""

    sends_next_day = BooleanField(_l("Envoyer les attestations d’elles-mêmes, le lendemain"))
    is_training = BooleanField(_l("Cette journée est une action de formation"))
    action_nature = text_field(
        _l("Nature de l’action"),
        most=200,
        description=_l("Comme le Code du travail la nomme (L6313-1), par exemple : action de formation."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Want the nature of what is a training."""
        if not super().validate(extra_validators):
            return False
        if self.is_training.data and not self.action_nature.data:
            self.action_nature.errors = [_l("Dites de quelle nature est l’action : le certificat la porte.")]
            return False
        return True

    def draft(self) -> DayPapersDraft:
        """Return what was chosen."""
        return DayPapersDraft(
            is_training=bool(self.is_training.data),
            action_nature=self.action_nature.data or "",
            sends_next_day=bool(self.sends_next_day.data),
        )


class RevokeForm(FlaskForm):
    """Why a certificate does not count any more."""

    reason = text_field(
        _l("Motif"),
        most=300,
        required=_l("Dites pourquoi : le journal le garde."),
        description=_l("Pour l’équipe ; la page de vérification dit seulement que l’attestation est révoquée."),
    )


class WordingForm(FlaskForm):
    """The sentences on the papers of every day."""

    signatory = text_field(
        _l("Signataire"), most=200, required=_l("Dites qui signe."), description=_l("Nom et qualité, comme imprimés.")
    )
    signed_at = text_field(_l("Fait à"), most=100)
    attendance_text = long_text_field(
        _l("Attestation de présence"), most=1000, required=_l("Écrivez ce que l’organisateur atteste.")
    )
    completion_text = long_text_field(
        _l("Certificat de réalisation, avant"), most=1000, required=_l("Écrivez ce que l’organisme atteste.")
    )
    completion_pledge = long_text_field(
        _l("Certificat de réalisation, après"),
        most=1500,
        description=_l("La conservation des pièces, dans les termes du modèle du ministère du Travail."),
    )
    sheet_text = long_text_field(_l("Feuille d’émargement"), most=600)
    convocation_text = long_text_field(
        _l("Convocation"), most=2000, description=_l("Un paragraphe après une ligne vide. Dites où lire le règlement.")
    )
    agreement_text = long_text_field(
        _l("Convention de formation, autres dispositions"),
        most=5000,
        description=_l("Suivi, évaluation, moyens, dédit, différends : un paragraphe après une ligne vide."),
    )
    keep_days = IntegerField(
        _l("Jours pendant lesquels un document prêt reste à télécharger"),
        validators=[InputRequired(_l("Indiquez un nombre de jours.")), NumberRange(1, 365, _l("De 1 à 365 jours."))],
    )

    def draft(self) -> WordingDraft:
        """Return what was typed."""
        return WordingDraft(**{name: getattr(self, name).data for name in WordingDraft.__dataclass_fields__})
