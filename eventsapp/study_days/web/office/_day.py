"""One day: its essentials, its texts, its preview, and what comes after it."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.magazine.queries import coverage
from eventsapp.places import queries as places
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.web.forms import EssentialsForm, ParticularsForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page, refused
from eventsapp.study_days.web.site import day_page


@blueprint.get("/journees/<slug>/")
@requires(Permission.STUDY_DAYS_VIEW)
def day(slug: str) -> ResponseReturnValue:
    """Show when and where the day is held, in a form for those who may change it."""
    found = managed(slug)
    form = EssentialsForm(data=EssentialsForm.of(found))
    return _essentials(found, form)


@blueprint.post("/journees/<slug>/")
@requires(Permission.STUDY_DAYS_EDIT)
def edit_day(slug: str) -> ResponseReturnValue:
    """Change when and where the day is held."""
    found = managed(slug)
    form = EssentialsForm()
    _offer(form)
    if not form.validate():
        return page("essentials", found, form=form), 422
    try:
        checkout.edit_day(found, values=form.values(), version=form.read_version, actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = refused(refusal, form, found)
        return page("essentials", found, form=form), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".day", slug=found.slug), 303)


@blueprint.route("/journees/<slug>/textes/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def particulars(slug: str) -> ResponseReturnValue:
    """Change what the page of the day says besides."""
    found = managed(slug)
    form = ParticularsForm(obj=found)
    if not form.validate_on_submit():
        return page("particulars", found, form=form), 422 if form.errors else 200
    try:
        study_days.edit_particulars(
            found, values=form.values(), version=form.read_version, actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        status = refused(refusal, form, found)
        return page("particulars", found, form=form), status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".particulars", slug=found.slug), 303)


@blueprint.get("/journees/<slug>/apercu/")
@requires(Permission.STUDY_DAYS_VIEW)
def preview(slug: str) -> ResponseReturnValue:
    """Show the day's page as visitors will see it."""
    return day_page(managed(slug), clock.now(), template="study_days/office/preview.html")


@blueprint.get("/journees/<slug>/comptes-rendus/")
@requires(Permission.STUDY_DAYS_VIEW)
def reports(slug: str) -> ResponseReturnValue:
    """Show what was written about each session, and what is missing."""
    found = managed(slug)
    return page("reports", found, coverage=coverage.coverage_of(found))


def _essentials(found: StudyDay, form: EssentialsForm) -> str:
    if may(Permission.STUDY_DAYS_EDIT):
        _offer(form)
        return page("essentials", found, form=form)
    return page("facts", found)


def _offer(form: EssentialsForm) -> None:
    series, themes = queries.subjects_to_choose()
    form.offer(places=places.places_to_choose(), series=series, themes=themes)
