"""Forms of the newsroom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from eventsapp.core import settings, slugs
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.core.fields import NOT_WHOLE, long_text_field, text_field
from eventsapp.core.i18n import date_long
from eventsapp.magazine import rules
from eventsapp.magazine.models import BYLINE_LENGTH, Autosave
from eventsapp.magazine.queries.lists import ACCESS_WORDS, KIND_WORDS
from eventsapp.magazine.queries.newsroom import Choices
from eventsapp.magazine.statuses import Access, ArticleKind
from eventsapp.magazine.values import WORDS, ArticleContent, Cover, IssueContent, Terms, Upload
from eventsapp.study_days import rules as day_rules

LEAD_LENGTH = 1200
BODY_LENGTH = 100_000
NOTE_LENGTH = 500
#: What stands in a select for nothing chosen.
NOTHING = 0

#: What the members of an article that are read are called.
WORD_LABELS: dict[str, str] = {
    "title": _l("Titre"),
    "subtitle": _l("Sous-titre"),
    "lead": _l("Chapô"),
    "body": _l("Texte"),
    "byline": _l("Signature"),
}


#: What the editor's form and ``ArticleContent`` call the same, and keep the same way.
_AS_WRITTEN = (
    "title", "subtitle", "lead", "body", "byline", "kind", "access", "slug", "free_paragraphs", "opens_after_months",
)  # fmt: skip
_TOO_MANY_PARAGRAPHS = _l("Donnez un nombre de 0 à 20.")
_TOO_MANY_DAYS = _l("Donnez un nombre de jours de 0 à 3 650.")
_TOO_MANY_MONTHS = _l("Donnez un nombre de mois de 0 à 240.")


def row_key(text: Any) -> int:
    """Return the key of a row that a form names; raises ``ValueError`` for what no key can be."""
    key = int(text)
    if not NOTHING <= key <= slugs.LARGEST_NUMBER:
        raise ValueError(key)
    return key


def show_refusal(form: FlaskForm, refusal: Refusal) -> int:
    """Put a refusal beside the fields it names, or on top of the form; return the status to answer with."""
    placed = False
    for pointer, message in refusal.errors.items():
        name = pointer.strip("/")
        if name in form:
            form[name].errors = [*form[name].errors, _(message)]
            placed = True
    if not placed:
        form.form_errors.append(refusal.message)
    return refusal.status


class ArticleForm(FlaskForm):
    """Everything the editor of an article holds."""

    title = text_field(_l("Titre"), most=rules.TITLE_LENGTH, required=_l("Donnez un titre à l’article."))
    subtitle = text_field(_l("Sous-titre"), most=rules.TITLE_LENGTH)
    lead = long_text_field(
        _l("Chapô"), most=LEAD_LENGTH, description=_l("Lu par tous, abonnés ou non : quelques phrases.")
    )
    body = long_text_field(_l("Texte"), most=BODY_LENGTH)
    byline = text_field(
        _l("Signature"), most=BYLINE_LENGTH, description=_l("Si personne n’est nommé sous « Auteurs ».")
    )
    authors = long_text_field(
        _l("Auteurs"),
        most=1000,
        description=_l("Un nom par ligne, dans l’ordre ; celui d’un intervenant mène à sa page."),
    )
    tags = text_field(_l("Mots-clés"), most=500, description=_l("Séparés par des virgules."))
    kind = SelectField(_l("Nature"), coerce=ArticleKind, choices=[SelectChoice(k, w) for k, w in KIND_WORDS.items()])
    access = RadioField(
        _l("Qui lit le texte"), coerce=Access, choices=[SelectChoice(a, w) for a, w in ACCESS_WORDS.items()]
    )
    free_paragraphs = IntegerField(
        _l("Premiers paragraphes pour tous"),
        validators=[Optional(), NumberRange(0, rules.MOST_FREE_PARAGRAPHS, _TOO_MANY_PARAGRAPHS)],
        invalid_value_message=NOT_WHOLE,
        description=_l("Si le texte est réservé. Vide : comme le dit la page « Lecture »."),
    )
    opens_after_months = IntegerField(
        _l("Ouvert à tous après (mois)"),
        validators=[Optional(), NumberRange(0, rules.MOST_MONTHS, _TOO_MANY_MONTHS)],
        invalid_value_message=NOT_WHOLE,
        description=_l("0 : jamais. Vide : comme le dit la page « Lecture »."),
    )
    slug = text_field(
        _l("Adresse"),
        most=rules.SLUG_LENGTH,
        description=_l("Vide : elle est faite du titre. L’ancienne continue de mener à l’article."),
    )
    section = SelectField(_l("Rubrique"), coerce=row_key)
    issue = SelectField(_l("Numéro"), coerce=row_key)
    study_day = SelectField(_l("Journée"), coerce=row_key)
    sessions = SelectMultipleField(_l("Séances"), coerce=row_key, validate_choice=False)
    speakers = SelectMultipleField(_l("Intervenants"), coerce=row_key, validate_choice=False)
    speaker_words = text_field(_l("Ajouter un intervenant"), most=100)
    related = SelectMultipleField(_l("À lire"), coerce=row_key, validate_choice=False)
    related_words = text_field(_l("Ajouter un article"), most=100)
    version = HiddenField()
    note = long_text_field(
        _l("Note"), most=NOTE_LENGTH, description=_l("Gardée dans le journal ; lue par tous si l’article est retiré.")
    )
    publish_at = DateTimeLocalField(
        _l("Paraîtra le"), format="%Y-%m-%dT%H:%M", validators=[Optional()], description=_l("Heure de la rédaction.")
    )

    def offer(self, choices: Choices) -> None:
        """Fill the selects."""
        self.section.choices = _with_nothing(_("Sans rubrique"), [(key, name) for key, name in choices.sections])
        self.issue.choices = _with_nothing(
            _("Hors numéro"),
            [(key, _("N° %(number)s", number=number)) for key, number, _title in choices.issues],
        )
        days = [(key, f"{town}, {date_long(held_on)} · {title}") for key, town, held_on, title in choices.days]
        self.study_day.choices = _with_nothing(_("Aucune"), days)

    def fill(self, content: ArticleContent, *, version: int = 0) -> None:
        """Show what is written now."""
        for name in _AS_WRITTEN:
            self[name].data = getattr(content, name)
        self.authors.data = "\n".join(content.authors)
        self.tags.data = ", ".join(content.tags)
        self.section.data = content.section_id or NOTHING
        self.issue.data = content.issue_id or NOTHING
        self.study_day.data = content.study_day_id or NOTHING
        self.sessions.data = list(content.session_ids)
        self.speakers.data = list(content.speaker_ids)
        self.related.data = list(content.related_ids)
        self.version.data = str(version)

    def take(self, autosave: Autosave) -> None:
        """Put what was typed and not saved over the words, and the version that it was typed over."""
        for name in WORDS:
            self[name].data = getattr(autosave, name)
        self.version.data = str(autosave.version)

    def content(self, *, sessions_of_day: Sequence[int]) -> ArticleContent:
        """Return what was typed and chosen; sessions of another day than the chosen one are left out."""
        return ArticleContent(
            title=self.title.data or "",
            subtitle=self.subtitle.data or "",
            lead=self.lead.data or "",
            body=self.body.data or "",
            byline=self.byline.data or "",
            kind=self.kind.data,
            access=self.access.data,
            free_paragraphs=self.free_paragraphs.data,
            opens_after_months=self.opens_after_months.data,
            slug=self.slug.data or "",
            section_id=self.section.data or None,
            issue_id=self.issue.data or None,
            study_day_id=self.study_day.data or None,
            session_ids=tuple(key for key in self.sessions.data if key in sessions_of_day),
            speaker_ids=tuple(self.speakers.data),
            authors=tuple((self.authors.data or "").splitlines()),
            tags=tuple((self.tags.data or "").split(",")),
            related_ids=tuple(self.related.data),
        )

    @property
    def version_read(self) -> int:
        """The version that was opened; 0, which no article has, for nonsense."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0

    def moment(self) -> datetime | None:
        """Return when it is to appear, or ``None`` with the reason beside the field."""
        return _moment(self.publish_at)


class IssueForm(FlaskForm):
    """A number of the magazine."""

    number = IntegerField(
        _l("Numéro"),
        validators=[
            InputRequired(_l("Donnez le numéro.")),
            NumberRange(1, 99_999, _l("Un numéro va de 1 à 99 999.")),
        ],
        invalid_value_message=NOT_WHOLE,
    )
    title = text_field(_l("Titre de couverture"), most=rules.TITLE_LENGTH)
    published_on = DateField(_l("Date de parution"), validators=[Optional()])
    editorial = long_text_field(_l("Éditorial"), most=20_000)

    def content(self) -> IssueContent:
        return IssueContent(
            number=self.number.data,
            title=self.title.data or "",
            published_on=self.published_on.data,
            editorial=self.editorial.data or "",
        )


class IssueTimeForm(FlaskForm):
    """When a number appears by itself."""

    publish_at = DateTimeLocalField(_l("Jour et heure de parution"), format="%Y-%m-%dT%H:%M", validators=[Optional()])

    def moment(self) -> datetime | None:
        """Return when it is to appear, or ``None`` with the reason beside the field."""
        return _moment(self.publish_at)


class CoverForm(FlaskForm):
    """The picture on a number, or on an article."""

    cover = FileField(_l("Image"), description=_l("PNG, JPEG ou WebP ; 20 Mo au plus."))
    alt = text_field(_l("Ce que montre l’image"), most=300)
    credit = text_field(_l("Crédit"), most=150)
    remove = BooleanField(_l("Retirer l’image"))

    def content(self) -> Cover:
        return Cover(
            upload=_upload(self.cover), remove=self.remove.data, alt=self.alt.data or "", credit=self.credit.data or ""
        )


class TextPictureForm(FlaskForm):
    """A picture for the text of an article."""

    picture = FileField(_l("Image"), description=_l("PNG, JPEG ou WebP ; 20 Mo au plus."))
    alt = text_field(_l("Ce que montre l’image"), most=300, description=_l("Lu à qui ne la voit pas."))
    caption = text_field(_l("Légende et crédit"), most=300)

    def upload(self) -> Upload | None:
        return _upload(self.picture)


class PdfForm(FlaskForm):
    """The whole number as one file."""

    pdf = FileField(_l("Numéro entier, en PDF"), description=_l("Lu par les abonnés seulement ; 20 Mo au plus."))
    remove = BooleanField(_l("Retirer le PDF"))

    def validate_pdf(self, field: Field) -> None:
        if bool(field.data) == bool(self.remove.data):
            raise ValidationError(_l("Choisissez un PDF, ou cochez pour le retirer."))

    def content(self) -> Upload | None:
        return _upload(self.pdf)


class SectionForm(FlaskForm):
    """A section: its name, and its place among the others."""

    name = text_field(_l("Nom"), most=80, required=_l("Donnez un nom à la rubrique."))
    position = IntegerField(
        _l("Place"),
        validators=[Optional(), NumberRange(1, 999, _l("Une place va de 1 à 999."))],
        invalid_value_message=NOT_WHOLE,
    )


class TermsForm(FlaskForm):
    """What holds for reserved articles that say nothing else."""

    free_paragraphs = IntegerField(
        _l("Premiers paragraphes pour tous"),
        validators=[
            InputRequired(_TOO_MANY_PARAGRAPHS),
            NumberRange(0, rules.MOST_FREE_PARAGRAPHS, _TOO_MANY_PARAGRAPHS),
        ],
        invalid_value_message=NOT_WHOLE,
        description=_l("Après le chapô, que tous lisent toujours. Le dernier bloc d’un texte n’est jamais montré."),
    )
    opens_after_months = IntegerField(
        _l("Ouvert à tous après (mois)"),
        validators=[InputRequired(_TOO_MANY_MONTHS), NumberRange(0, rules.MOST_MONTHS, _TOO_MANY_MONTHS)],
        invalid_value_message=NOT_WHOLE,
        description=_l("0 : jamais. Un texte ouvert le reste, même si ce nombre change."),
    )
    gifts_a_month = IntegerField(
        _l("Articles qu’un abonné peut offrir par mois"),
        validators=[
            InputRequired(_l("Donnez un nombre de 0 à 100.")),
            NumberRange(0, 100, _l("Donnez un nombre de 0 à 100.")),
        ],
        invalid_value_message=NOT_WHOLE,
        description=_l("Chaque lien ouvre un article à qui le reçoit, pendant 30 jours."),
    )

    comments_days = IntegerField(
        _l("Commentaires ouverts (jours)"),
        validators=[InputRequired(_TOO_MANY_DAYS), NumberRange(0, 3650, _TOO_MANY_DAYS)],
        invalid_value_message=NOT_WHOLE,
        description=_l("Après la parution. 0 : toujours."),
    )

    def terms(self) -> Terms:
        return Terms(
            free_paragraphs=self.free_paragraphs.data,
            opens_after_months=self.opens_after_months.data,
            gifts_a_month=self.gifts_a_month.data,
            comments_days=self.comments_days.data,
        )


class DecisionForm(FlaskForm):
    """Why a comment is refused."""

    reason = text_field(_l("Motif"), most=300)


def _with_nothing(label: str, rows: list[tuple[Any, str]]) -> list[SelectChoice]:
    return [SelectChoice(NOTHING, label), *(SelectChoice(key, text) for key, text in rows)]


def local(moment: datetime | None) -> datetime | None:
    """Return an hour as the newsroom types it."""
    zone = settings.zone(settings.current().default_timezone)
    return moment.astimezone(zone).replace(tzinfo=None) if moment else None


def _moment(field: Field) -> datetime | None:
    """Return the hour typed, or ``None`` with the reason beside the field."""
    typed: datetime | None = field.data
    if typed is None:
        field.errors = [_("Donnez le jour et l’heure de parution.")]
        return None
    try:
        return day_rules.moment(typed.date(), typed.time(), settings.zone(settings.current().default_timezone))
    except Invalid as refusal:
        field.errors = [refusal.message]
        return None


def _upload(field: Field) -> Upload | None:
    return Upload(data=field.data.read(), name=field.data.filename or "") if field.data else None
