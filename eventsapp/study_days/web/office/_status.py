"""Publishing, taking back, copying, postponing, cancelling and removing a day; its address and its history."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.audit import queries as audit
from eventsapp.checkout import service as checkout
from eventsapp.core import clock, plain_text
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.study_days import rules
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.web.forms import AddressForm, CancelForm, CopyForm, PostponeForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page

#: Lines of the history shown.
_HISTORY = 30


@blueprint.route("/journees/<slug>/reglages/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def settings(slug: str) -> ResponseReturnValue:
    """Show what may be done with the day, and its history; change its address."""
    day = managed(slug)
    form = AddressForm(data={"slug": day.slug})
    if not form.validate_on_submit():
        return _settings(day, form), 422 if form.errors else 200
    try:
        study_days.give_address(day, slug=form.slug.data, actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _settings(day, form), refusal.status
    flash(_("L’adresse est changée ; l’ancienne y conduit."), "success")
    return redirect(url_for(".settings", slug=day.slug), 303)


@blueprint.post("/journees/<slug>/publier/")
@requires(Permission.STUDY_DAYS_PUBLISH)
def publish(slug: str) -> ResponseReturnValue:
    """Show the day to visitors."""
    return _do(
        slug, lambda day: checkout.publish_day(day, actor=current_user, now=clock.now()), _("La journée est publiée.")
    )


@blueprint.post("/journees/<slug>/depublier/")
@requires(Permission.STUDY_DAYS_PUBLISH)
def unpublish(slug: str) -> ResponseReturnValue:
    """Take the day back from visitors."""
    return _do(
        slug,
        lambda day: study_days.unpublish(day, actor=current_user, now=clock.now()),
        _("La journée est redevenue un brouillon."),
    )


@blueprint.route("/journees/<slug>/reporter/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_PUBLISH)
def postpone(slug: str) -> ResponseReturnValue:
    """Move the day to another date, or to one to be found."""
    day = managed(slug)
    form = PostponeForm()
    if not form.validate_on_submit():
        return page("postpone", day, form=form), 422 if form.errors else 200
    try:
        told = checkout.postpone_day(
            day,
            to=form.to.data,
            note=form.note.data or "",
            reopen=form.reopen.data,
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return page("postpone", day, form=form), refusal.status
    flash(_told(_("La journée est reportée."), told), "success")
    return redirect(url_for(".day", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/annuler/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_PUBLISH)
def cancel(slug: str) -> ResponseReturnValue:
    """Call the day off, once the name of its city has been typed."""
    day = managed(slug)
    form = CancelForm()
    if form.validate_on_submit() and plain_text.fold(form.confirmation.data) != plain_text.fold(day.city.name):
        form.confirmation.errors = [_("Recopiez « %(city)s ».", city=day.city.name)]
    if not form.is_submitted() or form.errors:
        return page("cancel", day, form=form), 422 if form.errors else 200
    try:
        told = checkout.cancel_day(day, note=form.note.data or "", actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return page("cancel", day, form=form), refusal.status
    flash(_told(_("La journée est annulée."), told), "success")
    return redirect(url_for("checkout_office.day_cancellation", slug=day.slug), 303)


@blueprint.route("/journees/<slug>/dupliquer/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def duplicate(slug: str) -> ResponseReturnValue:
    """Make a draft like the day, on another date."""
    day = managed(slug)
    form = CopyForm()
    if not form.validate_on_submit():
        return page("duplicate", day, form=form), 422 if form.errors else 200
    copy = study_days.duplicate_day(day, on=form.on.data, actor=current_user, now=clock.now())
    flash(_("Voici la copie, en brouillon."), "success")
    return redirect(url_for(".day", slug=copy.slug), 303)


@blueprint.post("/journees/<slug>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def delete(slug: str) -> ResponseReturnValue:
    """Remove a draft."""
    day = managed(slug)
    try:
        study_days.delete_draft(day, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _refused(day, refusal)
    flash(_("Le brouillon est supprimé."), "success")
    return redirect(url_for(".days", etat="brouillons"), 303)


def _told(done: str, count: int) -> str:
    """Return what was done, and how many people learn it by mail."""
    if not count:
        return done
    mails = ngettext("Un courriel part.", "%(num)s courriels partent.", count)
    return f"{done} {mails}"


def _do(slug: str, change: Callable[[StudyDay], None], told: str) -> ResponseReturnValue:
    day = managed(slug)
    try:
        change(day)
    except Refusal as refusal:
        return _refused(day, refusal)
    flash(told, "success")
    return redirect(url_for(".day", slug=day.slug), 303)


def _refused(day: StudyDay, refusal: Refusal) -> ResponseReturnValue:
    form = AddressForm(formdata=None, data={"slug": day.slug})
    form.form_errors.append(refusal.message)
    return _settings(day, form), refusal.status


def _settings(day: StudyDay, form: AddressForm) -> str:
    ready = study_days.readiness(day)
    return page(
        "settings",
        day,
        form=form,
        missing=rules.missing(ready),
        advisable=rules.advisable(ready),
        history=audit.history_of("study_day", day.id, most=_HISTORY),
    )
