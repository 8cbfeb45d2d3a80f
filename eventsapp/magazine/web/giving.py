"""Giving an article: a subscriber makes a link that opens it for anybody, sees which ones live, and takes them back."""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from eventsapp.accounts.access import signed_in_only
from eventsapp.accounts.models import User
from eventsapp.core import clock, links
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.magazine import queries, service
from eventsapp.magazine.access import GIVERS, right_to_read
from eventsapp.magazine.errors import NothingToGive
from eventsapp.magazine.models import Article, ArticleGift
from eventsapp.magazine.statuses import Access

blueprint = Blueprint("magazine_giving", __name__, url_prefix="/articles/<slug:slug>/offrir")


@blueprint.get("/")
@signed_in_only
def give(slug: str) -> ResponseReturnValue:
    """Show the link of this article if it was given, or the button that makes one; and all that lives."""
    return _page(_article_to_give(slug), FlaskForm())


@blueprint.post("/")
@signed_in_only
def make_link(slug: str) -> ResponseReturnValue:
    """Make the link, or find the one that lives."""
    article = _article_to_give(slug)
    form = FlaskForm()
    if not form.validate():
        return _page(article, form, status=422)
    try:
        service.give_article(article, giver=_giver(), now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return _page(article, form, status=refusal.status)
    return redirect(url_for(".give", slug=article.slug), 303)


@blueprint.post("/<int:gift_id>/reprendre/")
@signed_in_only
def take_back(slug: str, gift_id: int) -> ResponseReturnValue:
    """Let a link open nothing any more; whoever made it may do so, subscriber still or not."""
    gift = queries.gift_of_giver(gift_id, giver_id=_giver().id)
    if gift is None or gift.article.slug != slug:
        abort(404)
    service.revoke_gift(gift, now=clock.now())
    flash(_("Le lien n’ouvre plus l’article."), "success")
    return redirect(url_for(".given", slug=slug), 303)


@blueprint.get("/liens/")
@signed_in_only
def given(slug: str) -> ResponseReturnValue:
    """Show the links that live, also to somebody who may make no more."""
    article = queries.published_article(slug) or abort(404)
    return _page(article, FlaskForm(), may_give=_may_give(article))


def _article_to_give(slug: str) -> Article:
    """Return the article if whoever is signed in may give it. Raises ``NothingToGive``."""
    article = queries.published_article(slug) or abort(404)
    if not _may_give(article):
        raise NothingToGive(_("Un article réservé s’offre par qui est abonné ; les autres se lisent librement."))
    return article


def _may_give(article: Article) -> bool:
    right = right_to_read(article, _giver(), now=clock.now())
    return article.access is not Access.PUBLIC and right is not None and right.reason in GIVERS


def _giver() -> User:
    person: User = current_user._get_current_object()  # noqa: SLF001 - Werkzeug's way out of its proxy
    return person


def _page(article: Article, form: FlaskForm, *, status: int = 200, may_give: bool = True) -> Response:
    now, giver = clock.now(), _giver()
    living = queries.gifts_given(giver.id, now=now)
    terms = queries.reading_terms()
    page = render_template(
        "magazine/give.html",
        article=article,
        form=form,
        may_give=may_give,
        gift=next((each for each in living if each.article_id == article.id), None),
        others=[each for each in living if each.article_id != article.id],
        address=_address,
        left=max(0, terms.gifts_a_month - queries.gifts_this_month(giver.id, now=now)),
        most=terms.gifts_a_month,
    )
    return private(make_response(page, status))


def _address(gift: ArticleGift) -> str:
    return links.absolute("magazine.article_by_key", slug=gift.article.slug, key=gift.secret)
