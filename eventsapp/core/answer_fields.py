"""The field of a form that holds the organiser's questions: made when it is known what is asked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import BooleanField, Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.widgets import CheckboxInput, DateInput, FileInput

from eventsapp.core import i18n
from eventsapp.core.errors import Refusal

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
#: Takes bytes and the name of a file; returns what the form sends again, which has a « / ».
PutAside: TypeAlias = Callable[..., str]
#: What browsers offer to choose from; what a file is, its content says.
ACCEPTED = ".pdf,.png,.jpg,.jpeg,.webp,.docx,.xlsx,.pptx,.odt,.ods,.odp"


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

    def ask(
        self,
        questions: Sequence[AskedInForm],
        *,
        check: Check,
        require: bool = True,
        put_aside: PutAside | None = None,
    ) -> None:
        """Ask these questions; ``check`` looks at the answers, ``put_aside`` keeps files until the form is valid."""
        before = self.form
        self.asked, self._check, self._require = questions, check, require
        self.form = BaseForm(
            {question.code: _field_of(question, require=require, put_aside=put_aside) for question in questions},
            prefix=f"{self.name}-",
        )
        self.form.process(self._sent or None, data=self._before)
        for question in questions:
            field = self.form[question.code]
            field.question = question
            if isinstance(field, FileAnswerField) and question.code in before:
                # Asked a second time, of a request that was read once.
                field.become(before[question.code])

    @property
    def asked_anew(self) -> list[Any]:
        """The questions that are answered by what was sent: not those whose file stays as it is."""
        return [question for question in self.asked if not getattr(self.form[question.code], "stays", False)]

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
        asked = self.asked_anew
        codes = {question.code for question in asked}
        answers = {code: value for code, value in self.data.items() if code in codes}
        _kept, problems = self._check(asked, answers, require=self._require)
        for code, told in problems.items():
            if not self.form[code].errors:
                self.show(code, told)
        return not any(field.errors for field in self.form)

    def field(self, code: str) -> Any:
        """Return the field of a question, or ``None`` when it is not asked here."""
        return self.form[code] if code in self.form else None  # noqa: SIM401 - a form of WTForms has no ``get``

    def show(self, code: str, told: str) -> bool:
        """Put a message beside a question; return whether it is asked here."""
        field = self.field(code)
        if field is not None:
            field.errors = [*field.errors, told]
        return field is not None


class FileAnswerField(Field):  # type: ignore[misc] # WTForms ships no types
    """A file: put aside as soon as it comes, so that a form that is not valid yet keeps it."""

    def __init__(self, label: Any = None, *, put_aside: PutAside, **options: Any) -> None:
        self._put_aside = put_aside
        self.removed, self.gone = False, ""
        super().__init__(label, **options)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ARG002 - WTForms
        """Take the file that was chosen, or else the one that was put aside before, unless it is taken away."""
        self.process_errors: list[str] = []
        self.errors: Sequence[str] = ()
        self._before = data if isinstance(data, str) else ""
        self.data = self._before
        self.removed = False
        if formdata is None:
            return
        self.data = formdata.get(self._kept_name) or self._before
        chosen = next((file for file in formdata.getlist(self.name) if getattr(file, "filename", "")), None)
        if chosen is not None:
            try:
                self.data = self._put_aside(chosen.read(), name=chosen.filename)
            except Refusal as refusal:
                self.errors = [refusal.message]
        elif self.data and formdata.get(self.without_name):
            self.removed, self.gone, self.data = True, self.given, ""

    def become(self, other: "FileAnswerField") -> None:
        """Take over what was read before."""
        self.data, self.errors, self.removed, self.gone = other.data, other.errors, other.removed, other.gone

    @property
    def stays(self) -> bool:
        """Whether the file that was given earlier is left as it is."""
        return bool(self._before) and self.data == self._before and "/" not in self._before

    @property
    def given(self) -> str:
        """The name of the file that is there, or that was there and is taken away."""
        return self.gone if self.removed else str(self.data or "").rpartition("/")[2]

    @property
    def without_name(self) -> str:
        """What is sent to take the file away."""
        return f"{self.name}-without"

    @property
    def _kept_name(self) -> str:
        return f"{self.name}-kept"

    def widget(self, field: Any, **given: Any) -> Markup:  # noqa: ARG002 - WTForms
        """Draw the choice of a file, and what was put aside."""
        chosen = FileInput()(self, accept=ACCEPTED, **given)
        if "/" not in str(self.data or ""):
            return Markup(chosen)  # noqa: S704 - drawn by WTForms
        kept = Markup('<input type="hidden" name="{}" value="{}">').format(self._kept_name, self.data)
        return Markup(chosen) + kept  # noqa: S704 - drawn by WTForms


def _field_of(question: AskedInForm, *, require: bool, put_aside: PutAside | None) -> Any:
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
        case "file" if put_aside is not None:
            return FileAnswerField(label, put_aside=put_aside, **options)
    return StringField(label, **options)
