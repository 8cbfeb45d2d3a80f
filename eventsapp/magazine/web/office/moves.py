"""The buttons that move an article on: each saves what the editor holds, then moves it, or does neither."""

from collections.abc import Callable

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.web.office import articles
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.editor import Editor
from eventsapp.magazine.web.office.forms import show_refusal


@blueprint.post("/articles/<int:article_id>/relecture/")
@requires(Permission.ARTICLES_EDIT)
def submit(article_id: int) -> ResponseReturnValue:
    """Hand the article over for review."""
    return _move(
        article_id,
        lambda article, note: service.submit(article, actor=current_user, now=clock.now(), note=note),
        _("L’article est soumis à relecture."),
    )


@blueprint.post("/articles/<int:article_id>/brouillon/")
@requires(Permission.ARTICLES_EDIT)
def reopen(article_id: int) -> ResponseReturnValue:
    """Make it a draft again."""
    return _move(
        article_id,
        lambda article, note: service.reopen(article, actor=current_user, now=clock.now(), note=note),
        _("L’article est remis en brouillon."),
    )


@blueprint.post("/articles/<int:article_id>/approuver/")
@requires(Permission.ARTICLES_PUBLISH)
def approve(article_id: int) -> ResponseReturnValue:
    """Say that the text of somebody else may appear."""
    return _move(
        article_id,
        lambda article, note: service.approve(article, actor=current_user, now=clock.now(), note=note),
        _("L’article est approuvé."),
    )


@blueprint.post("/articles/<int:article_id>/changements/")
@requires(Permission.ARTICLES_PUBLISH)
def request_changes(article_id: int) -> ResponseReturnValue:
    """Send it back to its author; the note tells what to change."""
    return _move(
        article_id,
        lambda article, note: service.request_changes(article, actor=current_user, now=clock.now(), note=note),
        _("Les changements sont demandés ; l’auteur reçoit votre note."),
    )


@blueprint.post("/articles/<int:article_id>/avec-le-numero/")
@requires(Permission.ARTICLES_PUBLISH)
def appear_with_issue(article_id: int) -> ResponseReturnValue:
    """Let it appear when its issue does."""
    return _move(
        article_id,
        lambda article, note: service.appear_with_issue(article, actor=current_user, now=clock.now(), note=note),
        _("L’article paraîtra avec son numéro."),
    )


@blueprint.post("/articles/<int:article_id>/corriger/")
@requires(Permission.ARTICLES_PUBLISH)
def correct(article_id: int) -> ResponseReturnValue:
    """Save a published text, and tell its readers what was corrected."""
    return _move(
        article_id,
        lambda article, note: service.correct(article, note=note, actor=current_user, now=clock.now()),
        _("Le rectificatif est publié avec l’article."),
    )


@blueprint.post("/articles/<int:article_id>/publier/")
@requires(Permission.ARTICLES_PUBLISH)
def publish(article_id: int) -> ResponseReturnValue:
    """Show it to readers now."""
    return _move(
        article_id,
        lambda article, note: service.publish(article, actor=current_user, now=clock.now(), note=note),
        _("L’article est publié."),
    )


@blueprint.post("/articles/<int:article_id>/programmer/")
@requires(Permission.ARTICLES_PUBLISH)
def schedule(article_id: int) -> ResponseReturnValue:
    """Let it appear by itself at the hour typed."""
    found = newsroom.article(article_id) or abort(404)
    editor = Editor(found)
    moment = editor.form.moment() if editor.form.validate() else None
    if moment is None:
        return articles.page(editor, status=422)
    return _saved_and(
        editor,
        found,
        lambda article, note: service.schedule(
            article, publish_at=moment, actor=current_user, now=clock.now(), note=note
        ),
        _("La parution est programmée."),
    )


@blueprint.post("/articles/<int:article_id>/retirer/")
@requires(Permission.ARTICLES_PUBLISH)
def withdraw(article_id: int) -> ResponseReturnValue:
    """Take it away from readers; the note tells them why."""
    return _move(
        article_id,
        lambda article, note: service.withdraw(article, reason=note, actor=current_user, now=clock.now()),
        _("L’article est retiré ; son adresse montre la note."),
    )


def _move(article_id: int, move: Callable[[Article, str], None], said: str) -> ResponseReturnValue:
    found = newsroom.article(article_id) or abort(404)
    return _saved_and(Editor(found), found, move, said)


def _saved_and(editor: Editor, found: Article, move: Callable[[Article, str], None], said: str) -> ResponseReturnValue:
    saved = articles.save(editor)
    if saved is not None:
        return saved
    try:
        move(found, editor.form.note.data or "")
    except Refusal as refusal:
        return articles.page(editor, status=show_refusal(editor.form, refusal))
    flash(said, "success")
    return redirect(url_for(".article", article_id=found.id), 303)
