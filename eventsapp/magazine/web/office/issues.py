"""Numbers of the magazine and its sections, in the office."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.core import clock, markdown
from eventsapp.core.errors import Refusal
from eventsapp.magazine import service
from eventsapp.magazine.models import Issue, Section
from eventsapp.magazine.queries import lists, newsroom
from eventsapp.magazine.web.office._blueprint import blueprint
from eventsapp.magazine.web.office.forms import IssueForm, IssueTimeForm, SectionForm, local, show_refusal
from eventsapp.office import lists as office_lists


@blueprint.get("/numeros/")
@requires(Permission.ISSUES_EDIT)
def issues() -> ResponseReturnValue:
    """List the numbers."""
    return office_lists.answer(
        lists.issue_list(),
        template="magazine/office/issues.html",
        row_url=lambda row: url_for(".issue", number=row[0].number),
    )


@blueprint.route("/numeros/nouveau/", methods=["GET", "POST"])
@requires(Permission.ISSUES_EDIT)
def new_issue() -> ResponseReturnValue:
    """Add a number."""
    form = IssueForm()
    if not form.validate_on_submit():
        return _issue_page(form, None), 422 if form.errors else 200
    try:
        made = service.create_issue(content=form.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return _issue_page(form, None), status
    flash(_("Le numéro %(number)s est créé.", number=made.number), "success")
    return redirect(url_for(".issue", number=made.number), 303)


@blueprint.route("/numeros/<int:number>/", methods=["GET", "POST"])
@requires(Permission.ISSUES_EDIT)
def issue(number: int) -> ResponseReturnValue:
    """Change a number."""
    found = newsroom.issue(number) or abort(404)
    form = IssueForm(obj=found)
    if not form.validate_on_submit():
        return _issue_page(form, found), 422 if form.errors else 200
    try:
        service.edit_issue(found, content=form.content(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = show_refusal(form, refusal)
        return _issue_page(form, found), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".issue", number=found.number), 303)


@blueprint.post("/numeros/<int:number>/publier/")
@requires(Permission.ISSUES_EDIT)
def publish_issue(number: int) -> ResponseReturnValue:
    """Show the number to readers, with every text that waits for it."""
    found = newsroom.issue(number) or abort(404)
    try:
        appeared = service.publish_issue(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _refused(found, IssueTimeForm(), refusal)
    flash(
        ngettext("Le numéro est paru, avec %(num)s texte.", "Le numéro est paru, avec %(num)s textes.", appeared),
        "success",
    )
    return redirect(url_for(".issue", number=number), 303)


@blueprint.post("/numeros/<int:number>/programmer/")
@requires(Permission.ISSUES_EDIT)
def schedule_issue(number: int) -> ResponseReturnValue:
    """Let the number appear by itself at the hour typed."""
    found = newsroom.issue(number) or abort(404)
    timing = IssueTimeForm()
    moment = timing.moment() if timing.validate() else None
    if moment is None:
        return _issue_page(IssueForm(formdata=None, obj=found), found, timing=timing), 422
    try:
        service.schedule_issue(found, publish_at=moment, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _refused(found, timing, refusal)
    flash(_("La parution du numéro est programmée."), "success")
    return redirect(url_for(".issue", number=number), 303)


@blueprint.post("/numeros/<int:number>/deprogrammer/")
@requires(Permission.ISSUES_EDIT)
def unschedule_issue(number: int) -> ResponseReturnValue:
    """Take the number off the timetable."""
    found = newsroom.issue(number) or abort(404)
    try:
        service.unschedule_issue(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _refused(found, IssueTimeForm(), refusal)
    flash(_("Le numéro n’est plus programmé ; ses textes l’attendent toujours."), "success")
    return redirect(url_for(".issue", number=number), 303)


@blueprint.get("/rubriques/")
@requires(Permission.ISSUES_EDIT)
def sections() -> ResponseReturnValue:
    """Show the sections in their order, each with its form."""
    return _sections_page(SectionForm())


@blueprint.post("/rubriques/")
@requires(Permission.ISSUES_EDIT)
def new_section() -> ResponseReturnValue:
    """Add a section after the others."""
    form = SectionForm()
    if not form.validate():
        return _sections_page(form), 422
    made = service.create_section(name=form.name.data, actor=current_user, now=clock.now())
    flash(_("La rubrique « %(name)s » est créée.", name=made.name), "success")
    return redirect(url_for(".sections"), 303)


@blueprint.post("/rubriques/<int:section_id>/")
@requires(Permission.ISSUES_EDIT)
def section(section_id: int) -> ResponseReturnValue:
    """Rename a section, or move it."""
    found = newsroom.section(section_id) or abort(404)
    form = SectionForm()
    if not form.validate():
        return _sections_page(SectionForm(formdata=None), failed=(found, form)), 422
    service.edit_section(
        found,
        name=form.name.data,
        position=form.position.data or found.position,
        actor=current_user,
        now=clock.now(),
    )
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".sections"), 303)


@blueprint.post("/rubriques/<int:section_id>/supprimer/")
@requires(Permission.ISSUES_EDIT)
def delete_section(section_id: int) -> ResponseReturnValue:
    """Remove a section that nothing stands under."""
    found = newsroom.section(section_id) or abort(404)
    try:
        service.delete_section(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        form = SectionForm(formdata=None)
        status = show_refusal(form, refusal)
        return _sections_page(form), status
    flash(_("La rubrique « %(name)s » est supprimée.", name=found.name), "success")
    return redirect(url_for(".sections"), 303)


def _refused(found: Issue, timing: IssueTimeForm, refusal: Refusal) -> ResponseReturnValue:
    status = show_refusal(timing, refusal)
    return _issue_page(IssueForm(formdata=None, obj=found), found, timing=timing), status


def _issue_page(form: IssueForm, found: Issue | None, *, timing: IssueTimeForm | None = None) -> str:
    return render_template(
        "magazine/office/issue.html",
        form=form,
        timing=timing or IssueTimeForm(formdata=None, publish_at=local(found.publish_at if found else None)),
        issue=found,
        waiting=newsroom.texts_of_issue(found.id) if found else None,
        issue_words=lists.ISSUE_WORDS,
        issue_tones=lists.ISSUE_TONES,
        action_words=lists.ISSUE_ACTION_WORDS,
        history=audit.history_of("issue", found.id, most=20) if found else [],
        preview=markdown.to_html(form.editorial.data or ""),
    )


def _sections_page(form: SectionForm, *, failed: tuple[Section, SectionForm] | None = None) -> str:
    """Return the page; ``failed`` is the section whose form has to be corrected, with what was typed."""
    rows = []
    for found in newsroom.sections():
        if failed is not None and failed[0] is found:
            rows.append((found, failed[1]))
        else:
            rows.append((found, SectionForm(formdata=None, name=found.name, position=found.position)))
    return render_template("magazine/office/sections.html", form=form, rows=rows)
