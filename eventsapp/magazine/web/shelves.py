"""Articles as they are filed: a section, a tag, an author, each with its page and its feed."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import links, settings
from eventsapp.core.page_cache import public_page
from eventsapp.core.pagination import Page, page_number
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article
from eventsapp.magazine.web.answers import feed_of

#: Articles on a page, and entries of a feed.
ARTICLES_A_PAGE = 20
FEED_SIZE = 50

blueprint = Blueprint("magazine_shelves", __name__, url_prefix="/magazine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What a page and a feed of filed articles need to know."""

    #: The endpoint of the page; that of the feed ends with ``_feed``.
    endpoint: str
    slug: str
    name: str
    #: What sort of shelf it is, in words.
    label: str
    articles: Callable[[int, int], Page[Article]]
    speaker_slug: str | None = None


@blueprint.get("/rubriques/<slug:slug>/")
@public_page("magazine", "days")
def section(slug: str) -> ResponseReturnValue:
    """Show what is published in a section."""
    return _page(_section(slug))


@blueprint.get("/rubriques/<slug:slug>/flux.atom")
@public_page("magazine", "days")
def section_feed(slug: str) -> ResponseReturnValue:
    return _feed(_section(slug))


@blueprint.get("/mots-cles/<slug:slug>/")
@public_page("magazine", "days")
def tag(slug: str) -> ResponseReturnValue:
    """Show what is published under a tag."""
    return _page(_tag(slug))


@blueprint.get("/mots-cles/<slug:slug>/flux.atom")
@public_page("magazine", "days")
def tag_feed(slug: str) -> ResponseReturnValue:
    return _feed(_tag(slug))


@blueprint.get("/auteurs/<slug:slug>/")
@public_page("magazine", "days")
def author(slug: str) -> ResponseReturnValue:
    """Show what somebody wrote."""
    return _page(_author(slug))


@blueprint.get("/auteurs/<slug:slug>/flux.atom")
@public_page("magazine", "days")
def author_feed(slug: str) -> ResponseReturnValue:
    return _feed(_author(slug))


def _section(slug: str) -> Shelf:
    found = queries.section(slug) or abort(404)
    return Shelf(
        endpoint="magazine_shelves.section",
        slug=slug,
        name=found.name,
        label=_("Rubrique"),
        articles=lambda page, size: queries.articles_in(found.id, page=page, size=size),
    )


def _tag(slug: str) -> Shelf:
    found = queries.tag(slug) or abort(404)
    return Shelf(
        endpoint="magazine_shelves.tag",
        slug=slug,
        name=found.name,
        label=_("Mot-clé"),
        articles=lambda page, size: queries.articles_tagged(found.id, page=page, size=size),
    )


def _author(slug: str) -> Shelf:
    found = queries.author(slug) or abort(404)
    return Shelf(
        endpoint="magazine_shelves.author",
        slug=slug,
        name=found.name,
        label=_("Auteur"),
        articles=lambda page, size: queries.articles_by(slug, page=page, size=size),
        speaker_slug=found.speaker_slug,
    )


def _page(shelf: Shelf) -> ResponseReturnValue:
    articles = shelf.articles(page_number(request.args.get("page", "1")) or 1, ARTICLES_A_PAGE)
    return render_template("magazine/shelf.html", shelf=shelf, articles=articles)


def _feed(shelf: Shelf) -> ResponseReturnValue:
    return feed_of(
        shelf.articles(1, FEED_SIZE).items,
        title=f"{settings.current().site_name}\N{NO-BREAK SPACE}: {shelf.name}",
        own=links.absolute(f"{shelf.endpoint}_feed", slug=shelf.slug),
        page=links.absolute(shelf.endpoint, slug=shelf.slug),
    )
