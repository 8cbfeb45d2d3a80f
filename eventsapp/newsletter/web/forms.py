"""Forms of the newsletter: for its readers, and for those who write it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateTimeLocalField, Form, FormField, HiddenField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from eventsapp.core import settings
from eventsapp.core.fields import NOT_WHOLE, Entries, email_field, long_text_field, text_field
from eventsapp.core.human import HumanForm
from eventsapp.newsletter.models import Letter, LetterItem
from eventsapp.newsletter.values import Choice, ItemEdit, LetterEdit
from eventsapp.office.forms import Ticks, VersionedForm
from eventsapp.study_days import rules as day_rules
from eventsapp.study_days.models import Theme

_LONGEST = 5_000


def _choice(ticked: Sequence[int]) -> Choice:
    """Return what was ticked; nothing stands for everything."""
    return Choice(all_themes=not ticked, themes=frozenset(ticked))


class SignUpForm(HumanForm):
    """Who asks for the letter, and about what."""

    email = email_field(_l("Votre courriel"), required=_l("Indiquez votre courriel."))
    themes = Ticks(_l("Thèmes (sans choix, vous lisez tout)"), coerce=int)

    def offer(self, themes: Sequence[Theme]) -> None:
        """Offer these themes."""
        self.themes.choices = [SelectChoice(theme.id, theme.local_name) for theme in themes]

    def choice(self) -> Choice:
        return _choice(self.themes.data or ())


class OwnForm(FlaskForm):
    """What a reader wants to read about."""

    themes = Ticks(_l("Thèmes (sans choix, vous lisez tout)"), coerce=int)

    def offer(self, themes: Sequence[Theme]) -> None:
        """Offer these themes."""
        self.themes.choices = [SelectChoice(theme.id, theme.local_name) for theme in themes]

    def choice(self) -> Choice:
        return _choice(self.themes.data or ())


class ItemForm(Form):
    """One thing in a letter."""

    item_id = HiddenField()
    is_in = BooleanField(_l("Dans la lettre"))
    position = IntegerField(
        _l("Place"),
        validators=[InputRequired(NOT_WHOLE), NumberRange(1, 99, _l("Donnez un nombre de 1 à 99."))],
        invalid_value_message=NOT_WHOLE,
    )
    text = long_text_field(_l("Texte à la place du sien"), most=1_000, render_kw={"rows": 2})


class LetterForm(VersionedForm):
    """A letter as somebody writes it."""

    subject = text_field(_l("Objet"), most=200, required=_l("Donnez un objet."))
    intro = long_text_field(
        _l("Introduction"), most=_LONGEST, description=_l("En Markdown ; paraît en tête."), render_kw={"rows": 6}
    )
    lines = Entries(FormField(ItemForm))

    @staticmethod
    def of(letter: Letter, items: Sequence[LetterItem]) -> dict[str, Any]:
        """Return a letter as the form shows it."""
        return {
            "version": str(letter.version),
            "subject": letter.subject,
            "intro": letter.intro,
            "lines": [
                {"item_id": str(item.id), "is_in": item.is_in, "position": place, "text": item.text}
                for place, item in enumerate(items, start=1)
            ],
        }

    def wanted(self) -> LetterEdit:
        """Return what was written; a line that names nothing is passed over."""
        lines = [entry.form for entry in self.lines]
        return LetterEdit(
            subject=self.subject.data,
            intro=self.intro.data or "",
            items=[
                ItemEdit(
                    item_id=int(line.item_id.data),
                    position=line.position.data,
                    is_in=line.is_in.data,
                    text=line.text.data or "",
                )
                for line in lines
                if _is_key(line.item_id.data)
            ],
        )


class SendForm(VersionedForm):
    """The last press: to so many readers, now or at an hour."""

    expected = HiddenField()
    when = RadioField(
        _l("Quand"),
        choices=[
            SelectChoice("now", _l("Dans une minute")),
            SelectChoice("later", _l("Au jour et à l’heure ci-dessous")),
        ],
        default="now",
        validators=[InputRequired(_l("Choisissez quand."))],
    )
    leaves_at = DateTimeLocalField(
        _l("Jour et heure du départ"),
        format="%Y-%m-%dT%H:%M",
        validators=[Optional()],
        description=_l("Heure de la rédaction."),
    )

    @property
    def expected_count(self) -> int:
        """How many readers were shown; no number of readers when the field was tampered with."""
        text = self.expected.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else -1

    def validate_when(self, field: Any) -> None:
        """Ask for the hour of a later one."""
        if field.data == "later" and not self.leaves_at.data:
            raise ValidationError(_l("Donnez le jour et l’heure du départ."))

    def moment(self) -> datetime | None:
        """Return when it is to leave, or ``None`` for now."""
        typed: datetime | None = self.leaves_at.data
        if self.when.data != "later" or typed is None:
            return None
        return day_rules.moment(typed.date(), typed.time(), settings.zone(settings.current().default_timezone))


def _is_key(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdecimal() and len(str(text)) < 10
