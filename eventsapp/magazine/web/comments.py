"""Writing a comment, mending it, answering and reporting one: on pages of their own, as articles are kept for all."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from eventsapp.accounts.access import reader
from eventsapp.accounts.models import User
from eventsapp.core import clock, limits, markdown
from eventsapp.core.errors import Refusal
from eventsapp.magazine import queries, rules, service
from eventsapp.magazine.access import can_comment, right_to_read
from eventsapp.magazine.models import Article, Comment
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.magazine.web import own
from eventsapp.magazine.web.answers import form_page
from eventsapp.magazine.web.forms import CommentForm, EditCommentForm, ReportForm
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration

blueprint = Blueprint("magazine_comments", __name__)
#: Where all of it stands: under the article, and under the private link of a seat at the day that it reports on.
_ARTICLE, _SEAT = "/articles/<slug:slug>", "/inscriptions/<secret>/comptes-rendus/<slug:slug>"


@dataclass(frozen=True, slots=True)
class _Reading:
    """An article that somebody may read, and as whom."""

    article: Article
    #: Who is signed in, if anybody; by the link of a seat nobody is.
    person: User | None
    seat: Registration | None
    may_comment: bool

    @property
    def secret(self) -> str | None:
        return self.seat.secret if self.seat else None

    @property
    def email(self) -> str:
        """The address that a comment is kept under: of who is signed in, or who has the seat."""
        if self.seat is not None:
            return self.seat.email
        return self.person.email if self.person else ""

    def to(self, view: str, **values: Any) -> Response:
        """Lead on to a page of this reading."""
        return redirect(url_for(view, slug=self.article.slug, secret=self.secret, **values), 303)

    def to_article(self, anchor: str) -> Response:
        return self.to("magazine.article_of_seat" if self.seat else "magazine.article", _anchor=anchor)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        return form_page(template, status=status, article=self.article, secret=self.secret, **context)


@blueprint.route(f"{_ARTICLE}/commenter/", methods=["GET", "POST"])
@blueprint.route(f"{_SEAT}/commenter/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def write(slug: str, secret: str | None = None) -> ResponseReturnValue:
    """Show the form; keep a valid comment, or an answer to another one, for the moderators or for all.

    Who may read and not comment is told who may.
    """
    reading = _reading(slug, secret)
    if isinstance(reading, Response):
        return reading
    article, person = reading.article, reading.person
    if not rules.takes_comments(
        published_at=article.published_at, days=queries.reading_terms().comments_days, now=clock.now()
    ):
        return reading.to_article("comments")
    if not reading.may_comment:
        return reading.page("magazine/comment_refused.html", status=403, person=person)
    parent = _answered(slug)
    form = CommentForm()
    form.propose(reading.seat.name if reading.seat else person.given_name if person else "")
    shown = {
        "form": form,
        "parent": parent,
        "signature": queries.signature(article, parent) if parent else None,
        "person": person,
        "email": reading.email,
        "paragraphs": markdown.paragraphs,
    }
    if not form.validate_on_submit():
        return reading.page("magazine/comment_form.html", status=422 if form.errors else 200, **shown)
    if not form.is_trapped:
        try:
            said = service.add_comment(
                article, comment=form.comment(email=reading.email), author=person, parent=parent, now=clock.now()
            )
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
            return reading.page("magazine/comment_form.html", status=refusal.status, **shown)
        own.remember(said)
    return reading.to(".written")


@blueprint.get(f"{_ARTICLE}/commenter/merci/")
@blueprint.get(f"{_SEAT}/commenter/merci/")
def written(slug: str, secret: str | None = None) -> ResponseReturnValue:
    """Say what becomes of the comment, and let its author mend it while there is time."""
    reading = _reading(slug, secret)
    if isinstance(reading, Response):
        return reading
    said = own.last(reading.article)
    return reading.page(
        "magazine/comment_held.html",
        said=said,
        until=rules.edit_until(said.created_at) if said and _may_edit(said) else None,
        paragraphs=markdown.paragraphs,
    )


@blueprint.route(f"{_ARTICLE}/commentaires/<int:comment_id>/modifier/", methods=["GET", "POST"])
@blueprint.route(f"{_SEAT}/commentaires/<int:comment_id>/modifier/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def edit(slug: str, comment_id: int, secret: str | None = None) -> ResponseReturnValue:
    """Let the author of a comment mend it for a quarter of an hour."""
    reading = _reading(slug, secret)
    if isinstance(reading, Response):
        return reading
    said = own.one(reading.article, comment_id, reader()) or abort(404)
    form = EditCommentForm(obj=said)
    shown = {"form": form, "until": rules.edit_until(said.created_at)}
    if not form.validate_on_submit():
        return reading.page("magazine/comment_edit.html", status=422 if form.errors else 200, **shown)
    try:
        service.edit_comment(said, body=form.body.data, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return reading.page("magazine/comment_edit.html", status=refusal.status, **shown)
    return reading.to(".written")


@blueprint.route(f"{_ARTICLE}/commentaires/<int:comment_id>/signaler/", methods=["GET", "POST"])
@blueprint.route(f"{_SEAT}/commentaires/<int:comment_id>/signaler/", methods=["GET", "POST"])
@limits.limiter.limit(limits.COMMENT, methods=["POST"])
def report(slug: str, comment_id: int, secret: str | None = None) -> ResponseReturnValue:
    """Show the form; tell the moderators about a comment that should not stand."""
    reading = _reading(slug, secret)
    if isinstance(reading, Response):
        return reading
    comment = queries.published_comment(slug, comment_id) or abort(404)
    form = ReportForm()
    if not form.validate_on_submit():
        return reading.page(
            "magazine/comment_report.html",
            status=422 if form.errors else 200,
            comment=comment,
            signature=queries.signature(reading.article, comment),
            paragraphs=markdown.paragraphs,
            form=form,
        )
    if not form.is_trapped:
        service.report_comment(comment, reason=form.reason.data, email=form.email.data or "", now=clock.now())
    return reading.to(".reported")


@blueprint.get(f"{_ARTICLE}/commentaires/merci/")
@blueprint.get(f"{_SEAT}/commentaires/merci/")
def reported(slug: str, secret: str | None = None) -> ResponseReturnValue:
    """Say that somebody will look at it."""
    reading = _reading(slug, secret)
    if isinstance(reading, Response):
        return reading
    return reading.page("magazine/comment_reported.html")


def _answered(slug: str) -> Comment | None:
    """Return the comment that is answered, if one is named; of an answer, whatever it stands under."""
    asked = request.args.get("reponse", "")
    if not asked:
        return None
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0
    return queries.published_comment(slug, number) or abort(404)


def _may_edit(said: Comment) -> bool:
    return said.status is not CommentStatus.REJECTED and clock.now() < rules.edit_until(said.created_at)


def _reading(slug: str, secret: str | None) -> _Reading | Response:
    """Return the article as those who may read it do; lead the others to its page, where the offer is."""
    article = queries.published_article(slug) or abort(404)
    seat = (registrations.seat_for_link(secret) or abort(404)) if secret is not None else None
    person, now = (None if seat else reader()), clock.now()
    right = right_to_read(article, person, now=now, seat=seat)
    if right is None:
        return redirect(url_for("magazine.article", slug=article.slug, _anchor="lire"), 303)
    return _Reading(article, person, seat, can_comment(article, right, person, now=now, seat=seat))
