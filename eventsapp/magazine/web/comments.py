"""Writing a comment under an article, and reporting one: on pages of their own, as articles are kept for everybody."""

from flask import Blueprint, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from eventsapp.accounts.access import reader
from eventsapp.core import clock, limits, markdown
from eventsapp.core.errors import Refusal
from eventsapp.magazine import queries, rules, service
from eventsapp.magazine.access import can_read
from eventsapp.magazine.models import Article
from eventsapp.magazine.web.answers import form_page
from eventsapp.magazine.web.forms import CommentForm, ReportForm

blueprint = Blueprint("magazine_comments", __name__, url_prefix="/articles/<slug:slug>")


@blueprint.route("/commenter/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def write(slug: str) -> ResponseReturnValue:
    """Show the form; hand a valid comment over to the moderators."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    if not rules.takes_comments(
        published_at=article.published_at, days=queries.reading_terms().comments_days, now=clock.now()
    ):
        return redirect(url_for("magazine.article", slug=article.slug, _anchor="comments"), 303)
    form = CommentForm()
    if not form.validate_on_submit():
        return form_page("magazine/comment_form.html", status=422 if form.errors else 200, article=article, form=form)
    if not form.is_trapped:
        try:
            service.add_comment(article, comment=form.comment(), now=clock.now())
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
            return form_page("magazine/comment_form.html", status=refusal.status, article=article, form=form)
    return redirect(url_for(".written", slug=article.slug), 303)


@blueprint.get("/commenter/merci/")
def written(slug: str) -> ResponseReturnValue:
    """Say that the comment is held until somebody has read it."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    return form_page("magazine/comment_held.html", article=article)


@blueprint.route("/commentaires/<int:comment_id>/signaler/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def report(slug: str, comment_id: int) -> ResponseReturnValue:
    """Show the form; tell the moderators about a comment that should not stand."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    comment = queries.published_comment(slug, comment_id) or abort(404)
    form = ReportForm()
    if not form.validate_on_submit():
        return form_page(
            "magazine/comment_report.html",
            status=422 if form.errors else 200,
            article=article,
            comment=comment,
            paragraphs=markdown.paragraphs,
            form=form,
        )
    if not form.is_trapped:
        service.report_comment(comment, reason=form.reason.data, email=form.email.data or "", now=clock.now())
    return redirect(url_for(".reported", slug=slug), 303)


@blueprint.get("/commentaires/merci/")
def reported(slug: str) -> ResponseReturnValue:
    """Say that somebody will look at it."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    return form_page("magazine/comment_reported.html", article=article)


def _readable_article(slug: str) -> Article | Response:
    """Return the article for those who may read it; lead the others to its page, where the offer is."""
    article = queries.published_article(slug) or abort(404)
    if can_read(article, reader(), now=clock.now()):
        return article
    return redirect(url_for("magazine.article", slug=article.slug, _anchor="lire"), 303)
