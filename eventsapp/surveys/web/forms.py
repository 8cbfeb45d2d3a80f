"""What people answer, and what the organiser asks."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from eventsapp.core import i18n
from eventsapp.core.fields import long_text_field, text_field
from eventsapp.surveys.rules import LONGEST_TEXT, MOST_OPTIONS
from eventsapp.surveys.statuses import SurveyKind
from eventsapp.surveys.values import SurveyQuestion

KINDS = {
    SurveyKind.MARK: _l("Une note de 1 à 5"),
    SurveyKind.SCORE: _l("Une note de 0 à 10"),
    SurveyKind.CHOICE: _l("Une réponse parmi plusieurs"),
    SurveyKind.TEXT: _l("Un texte"),
}


def answer_form(questions: Sequence[SurveyQuestion], answers: dict[str, str]) -> FlaskForm:
    """Return the form that asks these questions, filled with what was answered before."""
    fields: dict[str, Any] = {question.code: _field(question) for question in questions}
    form_class = type("AnswerForm", (FlaskForm,), fields)
    return form_class(data=answers)


def _field(question: SurveyQuestion) -> Any:
    label = i18n.choose(question.label, question.label_en)
    if question.kind is SurveyKind.TEXT:
        return long_text_field(label, most=LONGEST_TEXT, render_kw={"rows": 4})
    return RadioField(
        label,
        choices=[*(SelectChoice(choice, choice) for choice in question.choices), SelectChoice("", _l("Sans réponse"))],
        validate_choice=False,
        default="",
    )


class OneQuestionForm(Form):
    """A question that is there already: its kind stays."""

    code = HiddenField()
    asked = BooleanField(_l("Posée"))
    label = text_field(_l("Question"), most=200, required=_l("Écrivez la question."))
    label_en = text_field(_l("En anglais"), most=200)


class SurveyForm(FlaskForm):
    """Whether people are asked what they thought of the day, and what."""

    enabled = BooleanField(_l("Demander leur avis à ceux qui sont venus"))
    questions = FieldList(FormField(OneQuestionForm))
    new_label = text_field(_l("Nouvelle question"), most=200)
    new_label_en = text_field(_l("En anglais"), most=200)
    new_kind = SelectField(
        _l("Réponse"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        default=SurveyKind.MARK.value,
    )
    new_options = long_text_field(
        _l("Réponses proposées"),
        most=1000,
        description=_l("Une par ligne, pour une question à choix."),
        render_kw={"rows": 4},
    )

    @staticmethod
    def of(questions: Sequence[SurveyQuestion], *, enabled: bool) -> dict[str, Any]:
        """Return what is kept as the form shows it."""
        lines = [
            {"code": each.code, "asked": each.asked, "label": each.label, "label_en": each.label_en}
            for each in questions
        ]
        return {"enabled": enabled, "questions": lines}

    def validate_new_options(self, _field: Any) -> None:
        if not self.new_label.data or self.new_kind.data != SurveyKind.CHOICE.value:
            return
        if not 2 <= len(self._options()) <= MOST_OPTIONS:
            raise ValidationError(_l("Proposez de deux à dix réponses, une par ligne."))

    def wanted(self, before: Sequence[SurveyQuestion]) -> list[SurveyQuestion]:
        """Return the questions as the form has them: those of ``before`` in their order, then the new one."""
        lines = {line.code.data: line for line in (entry.form for entry in self.questions)}
        found = [_changed(each, lines[each.code]) if each.code in lines else each for each in before]
        if self.new_label.data:
            kind = SurveyKind(self.new_kind.data)
            numbers = [int(each.code) for each in before if each.code.isdecimal()]
            found.append(
                SurveyQuestion(
                    code=str(max(numbers, default=0) + 1),
                    kind=kind,
                    label=self.new_label.data,
                    label_en=self.new_label_en.data or "",
                    options=tuple(self._options()) if kind is SurveyKind.CHOICE else (),
                )
            )
        return found

    def _options(self) -> list[str]:
        lines = (" ".join(line.split())[:100] for line in (self.new_options.data or "").splitlines())
        return list(dict.fromkeys(line for line in lines if line))


def _changed(question: SurveyQuestion, line: Any) -> SurveyQuestion:
    return SurveyQuestion(
        code=question.code,
        kind=question.kind,
        options=question.options,
        label=line.label.data,
        label_en=line.label_en.data or "",
        asked=line.asked.data,
    )
