"""Writing a comment, mending it, answering and reporting one: on pages of their own, as articles are kept for all."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from eventsapp.accounts.access import reader
from eventsapp.core import clock, limits, markdown
from eventsapp.core.errors import Refusal
from eventsapp.magazine import queries, rules, service
from eventsapp.magazine.access import can_read
from eventsapp.magazine.models import Article, Comment
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.magazine.web import own
from eventsapp.magazine.web.answers import form_page
from eventsapp.magazine.web.forms import CommentForm, EditCommentForm, ReportForm

blueprint = Blueprint("magazine_comments", __name__, url_prefix="/articles/<slug:slug>")


@blueprint.route("/commenter/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def write(slug: str) -> ResponseReturnValue:
    """Show the form; keep a valid comment, or an answer to another one, for the moderators or for all."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    if not rules.takes_comments(
        published_at=article.published_at, days=queries.reading_terms().comments_days, now=clock.now()
    ):
        return redirect(url_for("magazine.article", slug=article.slug, _anchor="comments"), 303)
    parent, person = _answered(slug), reader()
    form = CommentForm()
    form.known(person)
    shown = {
        "article": article,
        "form": form,
        "parent": parent,
        "signature": queries.signature(article, parent) if parent else None,
        "person": person,
        "paragraphs": markdown.paragraphs,
    }
    if not form.validate_on_submit():
        return form_page("magazine/comment_form.html", status=422 if form.errors else 200, **shown)
    if not form.is_trapped:
        try:
            said = service.add_comment(article, comment=form.comment(), author=person, parent=parent, now=clock.now())
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
            return form_page("magazine/comment_form.html", status=refusal.status, **shown)
        own.remember(said)
    return redirect(url_for(".written", slug=article.slug), 303)


@blueprint.get("/commenter/merci/")
def written(slug: str) -> ResponseReturnValue:
    """Say what becomes of the comment, and let its author mend it while there is time."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    said = own.last(article)
    return form_page(
        "magazine/comment_held.html",
        article=article,
        said=said,
        until=rules.edit_until(said.created_at) if said and _may_edit(said) else None,
        paragraphs=markdown.paragraphs,
    )


@blueprint.route("/commentaires/<int:comment_id>/modifier/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def edit(slug: str, comment_id: int) -> ResponseReturnValue:
    """Let the author of a comment mend it for a quarter of an hour."""
    article = _readable_article(slug)
    if isinstance(article, Response):
        return article
    said = own.one(article, comment_id, reader()) or abort(404)
    form = EditCommentForm(obj=said)
    shown = {"article": article, "form": form, "until": rules.edit_until(said.created_at)}
    if not form.validate_on_submit():
        return form_page("magazine/comment_edit.html", status=422 if form.errors else 200, **shown)
    try:
        service.edit_comment(said, body=form.body.data, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return form_page("magazine/comment_edit.html", status=refusal.status, **shown)
    return redirect(url_for(".written", slug=slug), 303)


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
            signature=queries.signature(article, comment),
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


def _answered(slug: str) -> Comment | None:
    """Return the comment that is answered, if one is named; of an answer, whatever it stands under."""
    asked = request.args.get("reponse", "")
    if not asked:
        return None
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    return queries.published_comment(slug, number) or abort(404)


def _may_edit(said: Comment) -> bool:
    return said.status is not CommentStatus.REJECTED and clock.now() < rules.edit_until(said.created_at)


def _readable_article(slug: str) -> Article | Response:
    """Return the article for those who may read it; lead the others to its page, where the offer is."""
    article = queries.published_article(slug) or abort(404)
    if can_read(article, reader(), now=clock.now()):
        return article
    return redirect(url_for("magazine.article", slug=article.slug, _anchor="lire"), 303)
