"""What a day hands out."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.files import service as files
from eventsapp.office import refusals
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.web.forms import DocumentForm, NewDocumentForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page


@blueprint.route("/journees/<slug>/documents/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def documents(slug: str) -> ResponseReturnValue:
    """List the documents of the day; add a file or a link."""
    day = managed(slug)
    form = NewDocumentForm()
    form.offer(day)
    if not form.validate_on_submit():
        return page("documents", day, form=form), 422 if form.errors else 200
    now, upload = clock.now(), form.file.data
    try:
        study_days.add_document(
            day,
            title=form.title.data,
            session_id=form.session.data,
            file=files.store(upload.read(), name=upload.filename or "", by_id=current_user.id, now=now)
            if upload
            else None,
            url=form.url.data or "",
            actor=current_user,
            now=now,
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return page("documents", day, form=form), refusal.status
    flash(_("Le document est ajouté."), "success")
    return redirect(url_for(".documents", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/documents/<int:document_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def document(slug: str, document_id: int) -> ResponseReturnValue:
    """Change what a document is called and which session it belongs to."""
    day = managed(slug)
    found = _document_of(day, document_id)
    form = DocumentForm(data={"title": found.title, "session": found.session_id})
    form.offer(day)
    if not form.validate_on_submit():
        return page("document", day, form=form, document=found), 422 if form.errors else 200
    study_days.edit_document(
        day, found, title=form.title.data, session_id=form.session.data, actor=current_user, now=clock.now()
    )
    return redirect(url_for(".documents", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/documents/<int:document_id>/deplacer/")
@requires(Permission.STUDY_DAYS_EDIT)
def move_document(slug: str, document_id: int) -> ResponseReturnValue:
    """Move a document up or down."""
    day = managed(slug)
    by = -1 if request.form.get("vers") == "haut" else 1
    study_days.move_document(day, _document_of(day, document_id), by=by, actor=current_user, now=clock.now())
    return redirect(url_for(".documents", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/documents/<int:document_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def remove_document(slug: str, document_id: int) -> ResponseReturnValue:
    """Take a document away."""
    day = managed(slug)
    study_days.remove_document(day, _document_of(day, document_id), actor=current_user, now=clock.now())
    flash(_("Le document est retiré."), "success")
    return redirect(url_for(".documents", slug=day.slug), 303)


def _document_of(day: StudyDay, document_id: int) -> DayDocument:
    return next((document for document in day.documents if document.id == document_id), None) or abort(404)
