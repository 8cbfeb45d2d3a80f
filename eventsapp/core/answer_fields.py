"""The field of a form that holds the organiser's questions: made when it is known what is asked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from flask_babel import gettext as _
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, DateInput

from eventsapp.core import i18n

#: Up to so many answers are shown side by side; more are a list to open.
_SHOWN = 6


class AskedInForm(Protocol):
    """What a form has to know of a question."""

    code: str
    kind: Any
    label: str
    label_en: str
    help: str
    help_en: str
    required: bool

    @property
    def choices(self) -> Mapping[str, str]: ...


#: Takes questions, answers by code and whether they are required; returns what is kept and what is wrong, by code.
Check: TypeAlias = Callable[..., tuple[Mapping[str, Any], Mapping[str, str]]]


class AnswersField(Field):  # type: ignore[misc] # WTForms ships no types
    """Answers by the code of their question; nothing until ``ask`` says what is asked."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        self._sent: Any = None
        self._before: Any = None
        self._check: Check | None = None
        self._require = True
        self.asked: Sequence[Any] = ()
        self.form = BaseForm({})
        super().__init__(label, **options)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002 - WTForms
        """Keep what was sent until it is known what was asked."""
        self._sent, self._before = formdata, data if isinstance(data, Mapping) else {}
        self.process_errors: list[str] = []

    def ask(self, questions: Sequence[AskedInForm], *, check: Check, require: bool = True) -> None:
        """Ask these questions; ``check`` looks at the answers."""
        self.asked, self._check, self._require = questions, check, require
        self.form = BaseForm(
            {question.code: _field_of(question, require=require) for question in questions}, prefix=f"{self.name}-"
        )
        self.form.process(self._sent or None, data=self._before)
        for question in questions:
            self.form[question.code].question = question

    def waive(self) -> None:
        """Take whatever is there: nobody is asked yet."""
        self._check = None

    @property
    def data(self) -> dict[str, Any]:
        """What was answered so far, as it was typed, by the code of the question."""
        if not self.asked:
            return dict(self._before or {})
        given = {question.code: self.form[question.code].data for question in self.asked}
        return {code: value for code, value in given.items() if value not in (None, "", [], False)}

    @property
    def errors(self) -> dict[str, Any]:
        return dict(self.form.errors)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:  # noqa: ARG002 - WTForms' way
        """Look at the answers; what is wrong stands beside its question."""
        if self._check is None:
            return True
        _kept, problems = self._check(self.asked, self.data, require=self._require)
        for code, told in problems.items():
            self.show(code, told)
        return not problems

    def field(self, code: str) -> Any:
        """Return the field of a question, or ``None`` when it is not asked here."""
        return self.form[code] if code in self.form else None  # noqa: SIM401 - a form of WTForms has no ``get``

    def show(self, code: str, told: str) -> bool:
        """Put a message beside a question; return whether it is asked here."""
        field = self.field(code)
        if field is not None:
            field.errors = [*field.errors, told]
        return field is not None


def _field_of(question: AskedInForm, *, require: bool) -> Any:
    label = i18n.choose(question.label, question.label_en)
    options: dict[str, Any] = {"description": i18n.choose(question.help, question.help_en)}
    choices = [SelectChoice(value, i18n.choose(value, english)) for value, english in question.choices.items()]
    required = require and question.required
    match str(question.kind):
        case "long_text":
            return TextAreaField(label, render_kw={"rows": 3}, **options)
        case "choice" if len(choices) <= _SHOWN:
            nothing = [] if required else [SelectChoice("", _("Sans réponse"))]
            return RadioField(label, choices=[*choices, *nothing], validate_choice=False, default="", **options)
        case "choice":
            return SelectField(
                label, choices=[SelectChoice("", _("Choisir…")), *choices], validate_choice=False, **options
            )
        case "choices":
            return SelectMultipleField(
                label, choices=choices, validate_choice=False, option_widget=CheckboxInput(), **options
            )
        case "number":
            return StringField(label, render_kw={"inputmode": "numeric"}, **options)
        case "date":
            return StringField(label, widget=DateInput(), **options)
        case "consent":
            return BooleanField(label, **options)
    return StringField(label, **options)
