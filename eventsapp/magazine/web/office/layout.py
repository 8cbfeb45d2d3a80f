"""The board of texts, and what is laid out: flatplan, cover and whole of an issue, picture of an article."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.files.rules import MOST_BYTES
from eventsapp.magazine import service
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.queries import board as boards
from eventsapp.magazine.queries import coverage, lists, newsroom
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import CoverForm, PdfForm, TextPictureForm, show_refusal

#: What the other fields of a form with a file take, in bytes.
_FORM = 256 * 1024
_WITH_PICTURE = ("magazine_office.picture", "magazine_office.bring_picture")
#: More pages no text has.
_MOST_PAGES = 99


@blueprint.url_value_preprocessor
def make_room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take larger requests where covers and whole numbers are sent."""
    if endpoint in {"magazine_office.set_cover", "magazine_office.set_pdf", *_WITH_PICTURE}:
        request.max_content_length = MOST_BYTES + _FORM


@blueprint.get("/redaction/")
@requires(Permission.ARTICLES_EDIT)
def board() -> ResponseReturnValue:
    """Show the texts by stage: whose turn it is, and which wait for too long."""
    now = clock.now()
    return render_template(
        "magazine/office/board.html",
        lanes=boards.board(now=now, today=clock.local_date(now)),
        tabs=lists.STAGE_TABS,
        kinds=lists.KIND_WORDS,
        lacking=coverage.days_lacking_reports(now=now),
    )


@blueprint.get("/numeros/<int:number>/chemin-de-fer/")
@requires(Permission.ISSUES_EDIT)
def flatplan(number: int) -> ResponseReturnValue:
    """Show the texts of a number by section, with their lengths, in an order to be changed."""
    return _flatplan_page(_issue(number))


@blueprint.post("/numeros/<int:number>/chemin-de-fer/longueurs/")
@requires(Permission.ISSUES_EDIT)
def set_lengths(number: int) -> ResponseReturnValue:
    """Keep how many printed pages each text takes; an empty field leaves it estimated."""
    found = _issue(number)
    pages: dict[int, int | None] = {}
    for name, typed in request.form.items():
        key = name.removeprefix("pages-")
        if key == name or not key.isdecimal() or not key.isascii():
            continue
        text = typed.strip()
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MOST_PAGES):
            return _flatplan_page(found, wrong=int(key)), 422
        pages[int(key)] = int(text) if text else None
    service.set_lengths(found, pages=pages, actor=current_user, now=clock.now())
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".flatplan", number=number), 303)


@blueprint.post("/numeros/<int:number>/chemin-de-fer/<int:article_id>/<any(monter, descendre):way>/")
@requires(Permission.ISSUES_EDIT)
def move_in_issue(number: int, article_id: int, way: str) -> ResponseReturnValue:
    """Move a text within its section."""
    issue = _issue(number)
    found = newsroom.heading(article_id)
    if found is None or found.issue_id != issue.id:
        abort(404)
    service.move_in_issue(found, by=-1 if way == "monter" else 1, actor=current_user, now=clock.now())
    return redirect(url_for(".flatplan", number=number, _anchor=f"{way}-{article_id}"), 303)


@blueprint.route("/numeros/<int:number>/couverture/", methods=["GET", "POST"])
@requires(Permission.ISSUES_EDIT)
def set_cover(number: int) -> ResponseReturnValue:
    """Change the cover of a number."""
    found = _issue(number)
    form = CoverForm(alt=found.cover_alt, credit=found.cover_credit)
    if not form.validate_on_submit():
        return _files_page(found, form, PdfForm(formdata=None)), 422 if form.errors else 200
    try:
        service.set_cover(found, cover=form.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return _files_page(found, form, PdfForm(formdata=None)), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".set_cover", number=number), 303)


@blueprint.route("/articles/<int:article_id>/image/", methods=["GET", "POST"])
@requires(Permission.ARTICLES_EDIT)
def picture(article_id: int) -> ResponseReturnValue:
    """Change the picture of an article."""
    found = newsroom.article(article_id) or abort(404)
    form = CoverForm(alt=found.cover_alt, credit=found.cover_credit)
    if not form.validate_on_submit():
        return _picture_page(found, form), 422 if form.errors else 200
    try:
        service.set_article_picture(found, cover=form.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return _picture_page(found, form), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".picture", article_id=article_id), 303)


@blueprint.route("/articles/images/", methods=["GET", "POST"])
@requires(Permission.ARTICLES_EDIT)
def bring_picture() -> ResponseReturnValue:
    """Take a picture for the text of an article; answer with the line that shows it there."""
    form = TextPictureForm()
    if request.method == "GET":
        return _text_picture_page(form)
    status, line = 422, ""
    if form.validate():
        try:
            line = service.bring_picture(
                form.upload(),
                alt=form.alt.data or "",
                caption=form.caption.data or "",
                actor=current_user,
                now=clock.now(),
            )
            status = 200
        except Refusal as refusal:
            if refusal.errors:
                status = show_refusal(form, refusal)
            else:
                form.picture.errors, status = [refusal.message], refusal.status
    if request.accept_mimetypes.best == "application/json":
        errors = {name: [str(error) for error in told] for name, told in form.errors.items()}
        return {"line": line, "errors": errors}, status
    return _text_picture_page(TextPictureForm(formdata=None) if line else form, line=line), status


@blueprint.post("/numeros/<int:number>/pdf/")
@requires(Permission.ISSUES_EDIT)
def set_pdf(number: int) -> ResponseReturnValue:
    """Change the whole of a number, or take it away."""
    found = _issue(number)
    form = PdfForm()
    cover_form = CoverForm(formdata=None, alt=found.cover_alt, credit=found.cover_credit)
    if not form.validate():
        return _files_page(found, cover_form, form), 422
    try:
        service.set_pdf(found, upload=form.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return _files_page(found, cover_form, form), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".set_cover", number=number), 303)


def _issue(number: int) -> Issue:
    found: Issue = newsroom.issue(number) or abort(404)
    return found


def _flatplan_page(found: Issue, *, wrong: int | None = None) -> str:
    return render_template(
        "magazine/office/flatplan.html",
        issue=found,
        groups=boards.flatplan(found.id),
        wrong=wrong,
        typed=request.form,
        stage_words=lists.STAGE_WORDS,
        stage_tones=lists.STAGE_TONES,
    )


def _picture_page(found: Article, form: CoverForm) -> str:
    return render_template("magazine/office/picture.html", article=found, form=form)


def _text_picture_page(form: TextPictureForm, *, line: str = "") -> str:
    return render_template("magazine/office/text_picture.html", form=form, line=line)


def _files_page(found: Issue, form: CoverForm, pdf_form: PdfForm) -> str:
    return render_template("magazine/office/cover.html", issue=found, form=form, pdf_form=pdf_form)
