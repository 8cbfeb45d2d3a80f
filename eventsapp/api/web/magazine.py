"""Reports and issues, for programs that read."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.api.errors import Gone
from eventsapp.api.web.naming import day_link
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path, listed
from eventsapp.api.web.shapes.magazine import Issue, Report, ReportList
from eventsapp.api.web.shapes.parts import Paging
from eventsapp.core import clock
from eventsapp.core.links import absolute
from eventsapp.core.page_cache import public_page
from eventsapp.magazine import queries
from eventsapp.magazine.access import can_read
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleKind

#: The highest number an issue is looked for under.
LAST_ISSUE = 999_999

blueprint = Resources(
    "api_magazine", __name__, heading="Magazine", description="Les comptes rendus et les numéros du magazine."
)


@blueprint.route("/reports")
@public_page("magazine", "days")
@refuses(blueprint, HTTPStatus.UNPROCESSABLE_ENTITY, problems=("invalid",))
@blueprint.arguments(Paging, location="query")
@blueprint.response(200, ReportList, description="Les comptes rendus.")
@blueprint.doc(
    operationId="listReports",
    summary="Lister les comptes rendus",
    description="Les comptes rendus publiés, le dernier d’abord, sans leur texte.",
)
def reports(asked: Mapping[str, Any]) -> dict[str, Any]:
    """List the published reports."""
    found = queries.published_articles(page=asked["page"], size=asked["per_page"], kind=ArticleKind.REPORT)
    return listed(found, asked=asked["page"], items=[_summary(report) for report in found.items])


@blueprint.route("/reports/<slug:slug>", parameters=in_path("slug", "Le nom du compte rendu dans les adresses."))
@public_page("magazine", "days")
@refuses(blueprint, HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
@blueprint.alt_response(301, description="Il a changé d’adresse ; `Location` dit laquelle.", success=True)
@blueprint.response(200, Report, description="Le compte rendu.")
@blueprint.doc(
    operationId="readReport",
    summary="Lire un compte rendu",
    description="Le compte rendu, ses séances et les personnes citées. Le texte n’y est que s’il est ouvert à tous ; "
    "celui qui est réservé aux abonnés se lit sur le site.",
)
def report(slug: str) -> ResponseReturnValue | dict[str, Any]:
    """Show a published report; its body only when everybody may read it."""
    found = queries.published_article(slug)
    if found is None or found.kind is not ArticleKind.REPORT:
        return _gone_or_moved(slug)
    readable = can_read(found, None, now=clock.now())
    day = day_link(found.study_day)
    return _summary(found) | {
        "body_markdown": found.body if readable else None,
        "sessions": [
            {
                "position": session.position,
                "title": session.title,
                "url": absolute("study_days.session", slug=day["slug"], position=session.position),
            }
            for session in found.sessions
            if day
        ],
        "speakers": [
            {
                "slug": speaker.slug,
                "name": speaker.name,
                "role": said.role if said else "",
                "organisation": said.organisation if said else "",
                "url": absolute("speakers.speaker", slug=speaker.slug),
            }
            for speaker, said in queries.voices_of(found)
        ],
    }


@blueprint.route(f"/issues/<int(max={LAST_ISSUE}):number>", parameters=in_path("number", "Le numéro du magazine."))
@public_page("magazine", "days")
@refuses(blueprint, HTTPStatus.NOT_FOUND)
@blueprint.response(200, Issue, description="Le numéro.")
@blueprint.doc(
    operationId="readIssue",
    summary="Lire un numéro",
    description="Un numéro dont au moins un article est publié, avec le sommaire de ses articles.",
)
def issue(number: int) -> dict[str, Any]:
    """Show an issue that readers may see, and its table of contents."""
    found = queries.issue_by_number(number) or abort(404)
    return {
        "number": found.number,
        "title": found.title,
        "published_on": found.published_on,
        "editorial_markdown": found.editorial,
        "url": absolute("magazine.issue", number=found.number),
        "articles": [_summary(article) for article in queries.articles_of_issue(found.id)],
    }


def _summary(article: Article) -> dict[str, Any]:
    """Return what a list tells of a published article; section, issue and study day with its city are loaded."""
    section = article.section
    return {
        "slug": article.slug,
        "kind": article.kind.value,
        "title": article.title,
        "subtitle": article.subtitle,
        "lead": article.lead,
        "byline": article.byline,
        "access": article.access.value,
        "published_at": article.dated_at,
        "url": absolute("magazine.article", slug=article.slug),
        "section": section and {"slug": section.slug, "name": section.name},
        "issue": article.issue.number if article.issue else None,
        "study_day": day_link(article.study_day),
    }


def _gone_or_moved(slug: str) -> ResponseReturnValue:
    withdrawn = queries.withdrawn_article(slug)
    if withdrawn is not None and withdrawn.kind is ArticleKind.REPORT:
        raise Gone(withdrawn.note or _("Ce compte rendu a été retiré."))
    present = queries.former_article(slug) or abort(404)
    return redirect(url_for(".report", slug=present), 301)
