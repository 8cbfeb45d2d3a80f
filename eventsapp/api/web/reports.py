"""Writing reports, for the newsroom's programs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, url_for
from flask_babel import gettext as _

from eventsapp.api.statuses import Scope
from eventsapp.api.values import Program
from eventsapp.api.web import access
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path
from eventsapp.api.web.shapes.reports import ReportBody, ReportChange, WrittenReport
from eventsapp.core import clock
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.core.links import absolute
from eventsapp.core.security_headers import private
from eventsapp.magazine import service as magazine
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.magazine.values import ArticleContent
from eventsapp.study_days.models import StudyDay, StudySession

blueprint = Resources("api_reports", __name__, heading="Rédaction", description="Écrire et publier des comptes rendus.")

_ANSWER = WrittenReport()
_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
#: Members of the interface that the newsroom calls otherwise.
_MEMBERS = {"/body": "/body_markdown"}


@blueprint.route("/reports", methods=["POST"])
@access.requires(Scope.EDITOR)
@refuses(blueprint, *_REFUSALS, problems=("invalid",))
@blueprint.arguments(ReportBody)
@blueprint.response(
    201,
    WrittenReport,
    description="Le brouillon est écrit.",
    headers={"Location": {"description": "Où le changer.", "schema": {"type": "string", "format": "uri-reference"}}},
)
@blueprint.doc(
    operationId="writeReport",
    summary="Écrire un compte rendu",
    description="Un brouillon, rattaché à sa journée et à ses séances. Rien n’en paraît avant sa publication.",
    security=[{"token": [Scope.EDITOR.value]}],
)
def create(program: Program, body: Mapping[str, Any]) -> Response:
    """Write the draft of a report."""
    errors: dict[str, str] = {}
    day = newsroom.day_by_slug(body["study_day"])
    if day is None:
        errors["/study_day"] = _("Cette journée n’existe pas.")
    sessions = _sessions(day, body["sessions"], errors)
    chosen = _named(body, errors)
    if errors or day is None:
        raise _invalid(errors)
    content = replace(
        magazine.propose_report(day, positions=[session.position for session in sessions]),
        title=body["title"],
        lead=body["lead"],
        body=body["body_markdown"],
        access=Access(body["access"]),
        issue_id=chosen["issue_id"],
    )
    if chosen["section_id"] is not None:
        content = replace(content, section_id=chosen["section_id"])
    article = magazine.create_report(content=content, actor=program, now=clock.now())
    response = _answer(article)
    response.status_code = 201
    response.headers["Location"] = url_for(".change", slug=article.slug)
    return response


@blueprint.route(
    "/reports/<slug:slug>", methods=["PATCH"], parameters=in_path("slug", "Le nom du compte rendu dans les adresses.")
)
@access.requires(Scope.EDITOR)
@refuses(
    blueprint,
    *_REFUSALS,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    problems=("invalid", "not-ready", "illegal-transition", "article-changed"),
)
@blueprint.arguments(ReportChange(partial=True))
@blueprint.response(200, WrittenReport, description="Le compte rendu, tel qu’il est maintenant.")
@blueprint.doc(
    operationId="changeReport",
    summary="Changer un compte rendu",
    description="Change ce que le corps nomme et laisse le reste ; puis, avec `status`, le fait avancer vers la "
    "parution ou l’en retire. Tout se fait, ou rien.",
    security=[{"token": [Scope.EDITOR.value]}],
)
def change(program: Program, body: Mapping[str, Any], slug: str) -> Response:
    """Change what a body names in a report, and its status."""
    article = newsroom.article_by_slug(slug)
    if article is None or article.kind is not ArticleKind.REPORT:
        abort(404)
    now = clock.now()
    try:
        content = _changed(article, body)
        if content != magazine.content_of(article):
            magazine.edit_article(article, content=content, version=article.version, actor=program, now=now)
        _move(article, body, actor=program, now=now)
    except Refusal as refusal:
        refusal.errors = {_MEMBERS.get(pointer, pointer): message for pointer, message in refusal.errors.items()}
        raise
    return _answer(article)


def _changed(article: Article, body: Mapping[str, Any]) -> ArticleContent:
    """Return what the article is to say; raise ``Invalid`` naming each member that leads nowhere."""
    errors: dict[str, str] = {}
    kept = magazine.content_of(article)
    day = newsroom.day(article.study_day_id) if article.study_day_id else None
    if "study_day" in body:
        day = newsroom.day_by_slug(body["study_day"])
        if day is None:
            errors["/study_day"] = _("Cette journée n’existe pas.")
    content = replace(
        kept,
        title=body.get("title", kept.title),
        lead=body.get("lead", kept.lead),
        body=body.get("body_markdown", kept.body),
        access=Access(body.get("access", kept.access)),
        study_day_id=day.id if day else kept.study_day_id,
        **_named(body, errors),
    )
    moved = content.study_day_id != kept.study_day_id
    if "sessions" in body or moved:
        sessions = _sessions(day, body.get("sessions", ()), errors)
        content = replace(
            content,
            session_ids=tuple(session.id for session in sessions),
            speaker_ids=_speakers(article, kept, sessions),
        )
    if errors:
        raise _invalid(errors)
    return content


def _named(body: Mapping[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    """Return the keys of the section and the issue that the body names; absent members are left out."""
    found: dict[str, Any] = {}
    if "section" in body:
        section = newsroom.section_by_slug(body["section"]) if body["section"] else None
        if body["section"] and section is None:
            errors["/section"] = _("Cette rubrique n’existe pas.")
        found["section_id"] = section.id if section else None
    if "issue" in body:
        issue = newsroom.issue(body["issue"]) if body["issue"] else None
        if body["issue"] and issue is None:
            errors["/issue"] = _("Ce numéro n’existe pas.")
        found["issue_id"] = issue.id if issue else None
    return found


def _sessions(day: StudyDay | None, positions: Collection[int], errors: dict[str, str]) -> list[StudySession]:
    """Return the sessions of the day at these positions; breaks have no report."""
    talks = {session.position: session for session in day.talks} if day else {}
    for place, position in enumerate(positions):
        if day and position not in talks:
            errors[f"/sessions/{place}"] = _("Cette journée n’a pas de séance à ce rang.")
    return [session for position, session in talks.items() if position in positions]


def _speakers(article: Article, kept: ArticleContent, sessions: Sequence[StudySession]) -> tuple[int, ...]:
    """Return whom the report quotes: those of its sessions, and whoever else the newsroom chose before."""
    before = newsroom.day(article.study_day_id) if article.study_day_id else None
    former = {
        talk.speaker_id
        for session in (before.sessions if before else ())
        if session.id in kept.session_ids
        for talk in session.interventions
    }
    others = [key for key in kept.speaker_ids if key not in former]
    return tuple(dict.fromkeys([*(talk.speaker_id for each in sessions for talk in each.interventions), *others]))


def _move(article: Article, body: Mapping[str, Any], *, actor: Program, now: datetime) -> None:
    """Let the report go where ``status`` says; where it is already, nothing happens but for another date."""
    wanted = ArticleStatus(body["status"]) if "status" in body else article.status
    publish_at, note = body.get("publish_at"), body.get("note", "")
    if publish_at is not None and wanted is not ArticleStatus.SCHEDULED:
        raise _invalid({"/publish_at": _("Une date de parution va avec l’état scheduled.")})
    if wanted is ArticleStatus.SCHEDULED and article.status is not wanted and publish_at is None:
        raise _invalid({"/publish_at": _("Indiquez quand le compte rendu doit paraître.")})
    if publish_at is not None:
        magazine.schedule(article, publish_at=publish_at, actor=actor, now=now, note=note)
        return
    if wanted is article.status:
        return
    match wanted:
        case ArticleStatus.IN_REVIEW:
            magazine.submit(article, actor=actor, now=now, note=note)
        case ArticleStatus.DRAFT:
            magazine.reopen(article, actor=actor, now=now, note=note)
        case ArticleStatus.PUBLISHED:
            magazine.publish(article, actor=actor, now=now, note=note)
        case ArticleStatus.WITHDRAWN:
            magazine.withdraw(article, reason=note, actor=actor, now=now)


def _invalid(errors: Mapping[str, str]) -> Invalid:
    return Invalid(_("Certaines données sont à corriger."), errors=errors)


def _answer(article: Article) -> Response:
    published = article.status is ArticleStatus.PUBLISHED
    shown = {
        "slug": article.slug,
        "status": article.status.value,
        "title": article.title,
        "lead": article.lead,
        "body_markdown": article.body,
        "access": article.access.value,
        "study_day": article.study_day.slug if article.study_day else "",
        "sessions": sorted(session.position for session in article.sessions),
        "section": article.section.slug if article.section else None,
        "issue": article.issue.number if article.issue else None,
        "publish_at": article.publish_at,
        "published_at": article.published_at,
        "url": absolute("magazine.article", slug=article.slug) if published else None,
    }
    return private(jsonify(_ANSWER.dump(shown)))
