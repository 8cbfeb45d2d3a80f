"""The programme of a day: its sessions in their order, and who speaks at each."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.magazine.queries import newsroom
from eventsapp.speakers import queries as speakers
from eventsapp.study_days import rules
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay, StudySession
from eventsapp.study_days.values import Slot
from eventsapp.study_days.web.forms import HOMONYM, LinesForm, SessionForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page, refused

#: Empty lines offered below the people of a session.
_SPARE = 2


@blueprint.route("/journees/<slug>/programme/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def programme(slug: str) -> ResponseReturnValue:
    """Show the sessions in their order; add several at once, a line each."""
    day = managed(slug)
    form = LinesForm(version=str(day.version))
    if not form.validate_on_submit():
        return page("programme", day, form=form), 422 if form.errors else 200
    try:
        lines = rules.programme_lines(form.programme.data)
        study_days.add_slots(
            day,
            slots=[Slot(title=line.title[:200], kind=line.kind, starts=line.starts, ends=line.ends) for line in lines],
            version=form.read_version,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        status = refused(refusal, form, day)
        return page("programme", day, form=form), status
    return redirect(url_for(".programme", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/programme/nouvelle/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_session(slug: str) -> ResponseReturnValue:
    """Add a session."""
    day = managed(slug)
    form = SessionForm(data={"version": str(day.version), "on": day.date}) if request.method == "GET" else SessionForm()
    return _session_page(day, None, form)


@blueprint.route("/journees/<slug>/programme/<int:session_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def session(slug: str, session_id: int) -> ResponseReturnValue:
    """Change a session and who speaks there."""
    day = managed(slug)
    found = _session_of(day, session_id)
    form = SessionForm(data=SessionForm.of(found, day)) if request.method == "GET" else SessionForm()
    return _session_page(day, found, form)


@blueprint.post("/journees/<slug>/programme/<int:session_id>/deplacer/")
@requires(Permission.STUDY_DAYS_EDIT)
def move_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Move a session up or down."""
    day = managed(slug)
    study_days.move_session(
        day,
        _session_of(day, session_id),
        by=-1 if request.form.get("vers") == "haut" else 1,
        version=day.version,
        actor=current_user,
        now=clock.now(),
    )
    return redirect(url_for(".programme", slug=day.slug, _anchor=f"session-{session_id}"), 303)


@blueprint.post("/journees/<slug>/programme/<int:session_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def remove_session(slug: str, session_id: int) -> ResponseReturnValue:
    """Take a session out of the programme."""
    day = managed(slug)
    found = _session_of(day, session_id)
    try:
        study_days.remove_session(
            day,
            found,
            reported=newsroom.is_reported(found.id),
            version=day.version,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        form = LinesForm(formdata=None, version=str(day.version))
        form.form_errors.append(refusal.message)
        return page("programme", day, form=form), refusal.status
    flash(_("La séance est retirée du programme."), "success")
    return redirect(url_for(".programme", slug=day.slug), 303)


def _session_page(day: StudyDay, found: StudySession | None, form: SessionForm) -> ResponseReturnValue:
    """Show the form of a session; write it when it is sent, or offer more lines when that is asked."""
    if "more" in request.form or not form.validate_on_submit():
        status = 422 if form.errors and "more" not in request.form else 200
        return _session_form(day, found, form), status
    now = clock.now()
    try:
        if found is None:
            study_days.add_session(day, slot=form.slot(), version=form.read_version, actor=current_user, now=now)
        else:
            study_days.edit_session(
                day, found, slot=form.slot(), version=form.read_version, actor=current_user, now=now
            )
    except Refusal as refusal:
        status = refused(refusal, form, day)
        return _session_form(day, found, form), status
    flash(_("La séance est enregistrée."), "success")
    return redirect(url_for(".programme", slug=day.slug), 303)


def _session_form(day: StudyDay, found: StudySession | None, form: SessionForm) -> str:
    form.make_room(2 * _SPARE if "more" in request.form else _SPARE)
    known = speakers.speaker_names()
    names = [f"{first} {last}".strip() for _slug, first, last in known]
    return page(
        "session",
        day,
        session=found,
        form=form,
        # Homonyms are told apart by their address; the others go by their name.
        speaker_choices=[
            name if names.count(name) == 1 else f"{name}{HOMONYM}{slug}"
            for name, (slug, _first, _last) in zip(names, known, strict=True)
        ],
    )


def _session_of(day: StudyDay, session_id: int) -> StudySession:
    return next((session for session in day.sessions if session.id == session_id), None) or abort(404)
