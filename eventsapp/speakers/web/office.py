"""Speakers in the office."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.files.reception import take_files
from eventsapp.magazine import service as magazine
from eventsapp.office import lists, refusals
from eventsapp.speakers import queries
from eventsapp.speakers import service as speakers
from eventsapp.speakers.models import Speaker
from eventsapp.speakers.web.forms import MergeForm, SpeakerForm
from eventsapp.study_days import queries as study_days

blueprint = Blueprint("speakers_office", __name__, url_prefix="/organisation/intervenants")
take_files(blueprint, "new_speaker", "speaker")

#: Between a name and the address of its entry.
_SEPARATOR = " · "


@blueprint.get("/")
@requires(Permission.SPEAKERS_EDIT)
def list_of_speakers() -> ResponseReturnValue:
    """List the speakers."""
    return lists.answer(
        study_days.speaker_list(),
        template="speakers/office/speakers.html",
        row_url=lambda row: url_for(".speaker", speaker_id=row.Speaker.id),
        empty_action=(_("Ajouter un intervenant"), url_for(".new_speaker")),
    )


@blueprint.route("/nouveau/", methods=["GET", "POST"])
@requires(Permission.SPEAKERS_EDIT)
def new_speaker() -> ResponseReturnValue:
    """Make a speaker."""
    return _answer(None)


@blueprint.route("/<int:speaker_id>/", methods=["GET", "POST"])
@requires(Permission.SPEAKERS_EDIT)
def speaker(speaker_id: int) -> ResponseReturnValue:
    """Change a speaker."""
    return _answer(queries.speaker_by_id(speaker_id) or abort(404))


@blueprint.route("/<int:speaker_id>/reunir/", methods=["GET", "POST"])
@requires(Permission.SPEAKERS_EDIT)
def merge(speaker_id: int) -> ResponseReturnValue:
    """Make two entries for one person one."""
    kept = queries.speaker_by_id(speaker_id) or abort(404)
    form = MergeForm()
    other = queries.speaker((form.other.data or "").rpartition(_SEPARATOR)[2]) if form.is_submitted() else None
    if form.validate_on_submit() and (other is None or other.id == kept.id):
        form.other.errors = [_("Choisissez une autre fiche, dans la liste proposée.")]
    if other is None or form.errors:
        return _merge_page(kept, form), 422 if form.errors else 200
    magazine.merge_speakers(kept, other=other, actor=current_user, now=clock.now())
    flash(_("Les deux fiches n’en font plus qu’une."), "success")
    return redirect(url_for(".speaker", speaker_id=kept.id), 303)


@blueprint.post("/<int:speaker_id>/supprimer/")
@requires(Permission.SPEAKERS_EDIT)
def delete(speaker_id: int) -> ResponseReturnValue:
    """Remove somebody who spoke nowhere."""
    found = queries.speaker_by_id(speaker_id) or abort(404)
    try:
        speakers.delete_speaker(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        form = SpeakerForm(formdata=None, obj=found)
        refusals.show(refusal, form)
        return _page(found, form), refusal.status
    flash(_("La fiche est supprimée."), "success")
    return redirect(url_for(".list_of_speakers"), 303)


def _answer(found: Speaker | None) -> ResponseReturnValue:
    kept = {} if found is None else {name: getattr(found, name) for name in SpeakerForm.KEPT}
    form = SpeakerForm(data=kept)
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    now, upload = clock.now(), form.photo.data
    try:
        saved = speakers.save_speaker(found, values=form.values(), actor=current_user, now=now)
        if upload or form.remove_photo.data:
            speakers.set_photo(
                saved,
                data=upload.read() if upload else None,
                name=upload.filename or "" if upload else "",
                actor=current_user,
                now=now,
            )
    except Refusal as refusal:
        form.photo.errors = [refusal.message]
        return _page(found, form), refusal.status
    flash(_("La fiche de %(name)s est enregistrée.", name=saved.name), "success")
    return redirect(url_for(".speaker", speaker_id=saved.id), 303)


def _page(found: Speaker | None, form: SpeakerForm) -> str:
    return render_template(
        "speakers/office/speaker.html",
        form=form,
        speaker=found,
        appearances=study_days.appearances_in_office(found.id) if found else [],
    )


def _merge_page(kept: Speaker, form: MergeForm) -> str:
    return render_template(
        "speakers/office/merge.html",
        form=form,
        speaker=kept,
        choices=[
            f"{first} {last}{_SEPARATOR}{slug}".strip()
            for slug, first, last in queries.speaker_names()
            if slug != kept.slug
        ],
    )
