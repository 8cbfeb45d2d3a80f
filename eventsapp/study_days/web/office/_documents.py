"""What a day hands out."""

from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.files import service as files
from eventsapp.files.models import StoredFile
from eventsapp.office import refusals
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import DayDocument, StudyDay
from eventsapp.study_days.web.forms import AUDIENCES, DocumentForm, NewDocumentForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page


@blueprint.route("/journees/<slug>/documents/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def documents(slug: str) -> ResponseReturnValue:
    """List the documents of the day; add a file or a link."""
    day = managed(slug)
    form = NewDocumentForm()
    form.offer(day)
    if not form.validate_on_submit():
        return _page(day, form), 422 if form.errors else 200
    now = clock.now()
    try:
        study_days.add_document(
            day,
            title=form.title.data,
            session_id=form.session.data,
            file=_stored(form, now),
            url=form.url.data or "",
            audience=form.audience.data,
            actor=current_user,
            now=now,
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(day, form), refusal.status
    flash(_("Le document est ajouté."), "success")
    return redirect(url_for(".documents", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/documents/<int:document_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def document(slug: str, document_id: int) -> ResponseReturnValue:
    """Change what a document is called, its session and whom it is for; replace it."""
    day = managed(slug)
    found = _document_of(day, document_id)
    form = DocumentForm(data={"title": found.title, "session": found.session_id, "audience": found.audience})
    form.offer(day)
    if not form.validate_on_submit():
        return page("document", day, form=form, document=found), 422 if form.errors else 200
    now = clock.now()
    try:
        study_days.edit_document(
            day,
            found,
            title=form.title.data,
            session_id=form.session.data,
            audience=form.audience.data,
            file=_stored(form, now),
            url=form.url.data or "",
            actor=current_user,
            now=now,
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return page("document", day, form=form, document=found), refusal.status
    flash(_("C’est enregistré."), "success")
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
    """Take a document away; it may be put back for a while."""
    day = managed(slug)
    study_days.remove_document(day, _document_of(day, document_id), actor=current_user, now=clock.now())
    flash(_("Le document est retiré : plus personne ne l’ouvre. Vous pouvez le remettre, plus bas."), "success")
    return redirect(url_for(".documents", slug=day.slug, _anchor="removed"), 303)


@blueprint.post("/journees/<slug>/documents/<int:document_id>/remettre/")
@requires(Permission.STUDY_DAYS_EDIT)
def restore_document(slug: str, document_id: int) -> ResponseReturnValue:
    """Put a document back that was taken away."""
    day = managed(slug)
    removed = {document.id: document for document in queries.removed_documents(day.id)}
    if document_id not in removed:
        abort(404)
    study_days.restore_document(day, removed[document_id], actor=current_user, now=clock.now())
    flash(_("Le document est remis."), "success")
    return redirect(url_for(".documents", slug=day.slug), 303)


def _page(day: StudyDay, form: NewDocumentForm) -> str:
    return page(
        "documents",
        day,
        form=form,
        audiences=AUDIENCES,
        removed=queries.removed_documents(day.id),
        kept_days=study_days.KEPT_AFTER_REMOVAL.days,
    )


def _stored(form: DocumentForm, now: datetime) -> StoredFile | None:
    """Keep the file that was sent, if one was. Raises ``FileRefused``."""
    upload = form.file.data
    if not upload:
        return None
    return files.store(upload.read(), name=upload.filename or "", by_id=current_user.id, now=now)


def _document_of(day: StudyDay, document_id: int) -> DayDocument:
    return next((document for document in day.documents if document.id == document_id), None) or abort(404)
