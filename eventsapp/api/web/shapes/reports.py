"""Reports as the newsroom's programs write them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields, missing

from eventsapp.api.web.fields import Moment, Several, Slug, Text, Whole, Word
from eventsapp.api.web.shapes.parts import Answer, Body, moment, text, word
from eventsapp.magazine.rules import TITLE_LENGTH
from eventsapp.magazine.statuses import Access, ArticleStatus

#: The longest texts taken, in characters.
LEAD_LENGTH = 2_000
BODY_LENGTH = 200_000
NOTE_LENGTH = 500
#: The highest position of a session and number of an issue that are looked for.
LAST_POSITION = 999
LAST_ISSUE = 999_999
MOST_SESSIONS = 50

_TITLE = {"description": "Le titre.", "example": "Angers : mutualiser, mais quoi ?"}
_LEAD = {"description": "Le chapô, lu par tout le monde."}
_BODY = {"description": "Le texte, en Markdown.", "example": "## Ce qui s’est dit\n\nQuatre collectivités racontent."}
_ACCESS = {"description": "Qui pourra lire le texte.", "example": "public"}
_DAY = {"description": "La journée dont il rend compte, par son `slug`.", "example": "angers-2027"}
_SESSIONS = {
    "description": "Le rang (`position`) des séances dont il rend compte ; les personnes qui y ont parlé sont citées.",
    "example": [1, 2],
}
_SECTION = {"description": "La rubrique, par son nom d’adresse ; *Reportage* sans autre indication."}
_ISSUE = {"description": "Le numéro où il paraît, s’il y en a un.", "example": 376}


def _sessions(**options: Any) -> Several:
    return Several(Whole(least=1, most=LAST_POSITION), most=MOST_SESSIONS, metadata=_SESSIONS, **options)


class ReportBody(Body):
    """A report to be written."""

    title = Text(most=TITLE_LENGTH, required=_l("Donnez un titre au compte rendu."), metadata=_TITLE)
    study_day = Slug(required=True, metadata=_DAY)
    lead = Text(most=LEAD_LENGTH, lines=True, metadata=_LEAD)
    body_markdown = Text(most=BODY_LENGTH, lines=True, metadata=_BODY)
    access = Word(Access, load_default=Access.PUBLIC.value, metadata=_ACCESS)
    sessions = _sessions(load_default=list)
    section = Slug(load_default=None, allow_none=True, metadata=_SECTION)
    issue = Whole(least=1, most=LAST_ISSUE, load_default=None, allow_none=True, metadata=_ISSUE)


class ReportChange(Body):
    """What changes in a report; what is left out stays as it is."""

    title = Text(most=TITLE_LENGTH, required=_l("Donnez un titre au compte rendu."), metadata=_TITLE)
    study_day = Slug(metadata=_DAY)
    lead = Text(most=LEAD_LENGTH, lines=True, load_default=missing, metadata=_LEAD)
    body_markdown = Text(most=BODY_LENGTH, lines=True, load_default=missing, metadata=_BODY)
    access = Word(Access, metadata=_ACCESS)
    sessions = _sessions()
    section = Slug(allow_none=True, metadata=_SECTION)
    issue = Whole(least=1, most=LAST_ISSUE, allow_none=True, metadata=_ISSUE)
    status = Word(
        ArticleStatus,
        metadata={
            "description": "L’état à atteindre : `in_review` (en relecture), `scheduled` (paraît à `publish_at`), "
            "`published`, `withdrawn` (avec `note`), `draft` (repris).",
            "example": "published",
        },
    )
    publish_at = Moment(
        metadata={"description": "Quand il paraîtra, avec `scheduled`.", "example": "2027-03-03T08:00:00+01:00"}
    )
    note = Text(
        most=NOTE_LENGTH,
        lines=True,
        load_default=missing,
        metadata={
            "description": "Un mot pour l’historique ; au retrait, il est obligatoire et les lecteurs le lisent à "
            "l’ancienne adresse."
        },
    )


class WrittenReport(Answer):
    """A report as the newsroom sees it, whatever its state."""

    slug = text("Son nom dans les adresses.", "angers-mutualiser-mais-quoi")
    status = word("Où il en est.", ArticleStatus, "draft")
    title = text("Son titre.", "Angers : mutualiser, mais quoi ?")
    lead = text("Son chapô.")
    body_markdown = text(
        "Son texte, en Markdown. Ses images ont leur adresse sur le site (`/fichiers/…`), qui ne prend pas de jeton : "
        "celles d’un texte réservé, ou pas encore publié, s’ouvrent à la rédaction qui y est connectée."
    )
    access = word("Qui pourra en lire le texte.", Access, "public")
    study_day = text("Sa journée, par son nom d’adresse.", "angers-2027")
    sessions = fields.List(
        fields.Integer(), metadata={"description": "Le rang des séances dont il rend compte.", "example": [1, 2]}
    )
    section = fields.String(
        allow_none=True, metadata={"description": "Sa rubrique, par son nom d’adresse.", "example": "reportage"}
    )
    issue = fields.Integer(allow_none=True, metadata={"description": "Son numéro.", "example": 376})
    publish_at = moment("Quand il paraîtra, s’il est programmé.", "2027-03-03T07:00:00+00:00", allow_none=True)
    published_at = moment("Quand il a paru.", "2027-03-03T07:00:00+00:00", allow_none=True)
    url = fields.String(
        allow_none=True,
        metadata={
            "description": "Sa page, une fois publié.",
            "format": "uri",
            "example": "https://lettre.example/articles/angers-mutualiser-mais-quoi/",
        },
    )
