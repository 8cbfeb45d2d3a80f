"""Writing reports, for the newsroom's programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, url_for

from eventsapp.api.statuses import Scope
from eventsapp.api.values import Program
from eventsapp.api.web import access
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path
from eventsapp.api.web.shapes.reports import ReportBody, ReportChange, WrittenReport
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.links import absolute
from eventsapp.core.security_headers import private
from eventsapp.magazine import service as magazine
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.magazine.values import Move, ReportMembers

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
    article = magazine.write_report(_members(body), actor=program, now=clock.now())
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
    move = Move(
        status=ArticleStatus(body["status"]) if "status" in body else None,
        publish_at=body.get("publish_at"),
        note=body.get("note", ""),
    )
    try:
        magazine.change_report(article, _members(body), move=move, actor=program, now=clock.now())
    except Refusal as refusal:
        refusal.errors = {_MEMBERS.get(pointer, pointer): message for pointer, message in refusal.errors.items()}
        raise
    return _answer(article)


def _members(body: Mapping[str, Any]) -> ReportMembers:
    """Return what the body says of the report, by the newsroom's names; what it leaves out is left out."""
    members = ReportMembers()
    for name in ("title", "lead", "study_day", "sessions", "section", "issue"):
        if name in body:
            members[name] = body[name]
    if "body_markdown" in body:
        members["body"] = body["body_markdown"]
    if "access" in body:
        members["access"] = Access(body["access"])
    return members


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
