"""Articles in the office: the list, the editor, the preview, the page as a reader will see it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, markdown, outline
from eventsapp.core.errors import Refusal
from eventsapp.magazine import queries, rules, service
from eventsapp.magazine.errors import ArticleChanged
from eventsapp.magazine.models import Article
from eventsapp.magazine.queries import coverage, lists, newsroom, revisions
from eventsapp.magazine.values import ArticleContent
from eventsapp.magazine.web import structured
from eventsapp.magazine.web.office import conflict
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.editor import Editor
from eventsapp.magazine.web.office.forms import BODY_LENGTH, LEAD_LENGTH, show_refusal
from eventsapp.office import lists as office_lists
from eventsapp.study_days.statuses import SHOWN


@blueprint.get("/articles/")
@requires(Permission.ARTICLES_EDIT)
def articles() -> ResponseReturnValue:
    """List articles and reports."""
    return office_lists.answer(
        lists.article_list(),
        template="magazine/office/articles.html",
        row_url=lambda article: url_for(".article", article_id=article.id),
        lacking=coverage.days_lacking_reports(now=clock.now()),
    )


@blueprint.route("/articles/nouveau/", methods=["GET", "POST"])
@requires(Permission.ARTICLES_EDIT)
def new_article() -> ResponseReturnValue:
    """Open an empty editor; write the draft."""
    editor = Editor(start=ArticleContent(title=""))
    above = [(_("Articles"), url_for(".articles"))]
    return write(editor, heading=_("Nouvel article"), above=above, create=service.create_article)


@blueprint.route("/articles/<int:article_id>/", methods=["GET", "POST"])
@requires(Permission.ARTICLES_EDIT)
def article(article_id: int) -> ResponseReturnValue:
    """Open an article in the editor; save what was written over the version that was opened."""
    found = newsroom.article(article_id) or abort(404)
    editor = Editor(found, start=service.content_of(found))
    if request.method == "GET" or editor.wants_more:
        return page(editor)
    saved = save(editor)
    if saved is not None:
        return saved
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".article", article_id=found.id), 303)


@blueprint.post("/articles/apercu/")
@requires(Permission.ARTICLES_EDIT)
def preview() -> ResponseReturnValue:
    """Answer with a text, and with the title and the lead above it where there are any, as readers will see them."""
    text = request.form.get("text", "")[:BODY_LENGTH]
    return render_template(
        "magazine/office/preview.html",
        title=request.form.get("title", "")[: rules.TITLE_LENGTH],
        lead=request.form.get("lead", "")[:LEAD_LENGTH],
        preview=markdown.to_html(text),
        remarks=outline.remarks(text),
    )


@blueprint.get("/articles/<int:article_id>/lire/")
@requires(Permission.ARTICLES_EDIT)
def read(article_id: int) -> ResponseReturnValue:
    """Show the article as it is saved, on the page that readers will have."""
    found = newsroom.article(article_id) or abort(404)
    voices = queries.voices_of(found)
    return render_template(
        "magazine/article.html",
        article=found,
        body=markdown.to_html(found.body),
        minutes=rules.reading_minutes(found.body),
        day=found.study_day if found.study_day and found.study_day.status in SHOWN else None,
        voices=voices,
        reading=queries.reading_list(found),
        comments=[],
        offer=None,
        structured=structured.news_article(found, people=[speaker for speaker, _said in voices]),
        catalogue=[],
        proof=True,
    )


def save(editor: Editor) -> ResponseReturnValue | None:
    """Save the form over its article; return the page that says what is wrong, or ``None`` when all is well."""
    found = editor.article
    if found is None or not editor.form.validate():
        return page(editor, status=422)
    try:
        service.edit_article(
            found,
            content=editor.content(),
            version=editor.form.version_read,
            actor=current_user,
            now=clock.now(),
        )
    except ArticleChanged as refusal:
        opened = revisions.revision_at(found.id, editor.form.version_read)
        left = conflict.settle(editor.form, found, opened=opened)
        return page(editor, status=show_refusal(editor.form, refusal), conflict=left)
    except Refusal as refusal:
        return page(editor, status=show_refusal(editor.form, refusal))
    service.discard_autosave(found, user=current_user)
    return None


def write(
    editor: Editor, *, heading: str, above: list[tuple[str, str]], create: Callable[..., Article], **context: Any
) -> ResponseReturnValue:
    """Show the editor of something new; write a valid one and go on in its own editor."""
    if request.method == "GET" or editor.wants_more:
        return editor.page(heading=heading, above=above, **context)
    if not editor.form.validate():
        return editor.page(heading=heading, above=above, status=422, **context)
    try:
        made = create(content=editor.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        return editor.page(heading=heading, above=above, status=show_refusal(editor.form, refusal), **context)
    flash(_("Le brouillon est enregistré."), "success")
    return redirect(url_for(".article", article_id=made.id), 303)


def page(editor: Editor, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """Answer with the editor of an existing article."""
    found = editor.article or abort(404)
    above = [(_("Articles"), url_for(".articles"))]
    if found.study_day:
        above.append((_("Comptes rendus"), url_for(".reports")))
    return editor.page(heading=found.title, above=above, status=status, **context)
