"""Series and themes."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import Series, Theme
from eventsapp.study_days.web.forms import SeriesForm, ThemeForm
from eventsapp.study_days.web.office._blueprint import blueprint


@blueprint.get("/series/")
@requires(Permission.STUDY_DAYS_EDIT)
def series() -> ResponseReturnValue:
    """List series and themes."""
    return _page()


@blueprint.route("/series/nouvelle/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_series() -> ResponseReturnValue:
    """Make a series."""
    return _series_page(None)


@blueprint.route("/series/<int:series_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def one_series(series_id: int) -> ResponseReturnValue:
    """Change a series."""
    return _series_page(queries.series_by_id(series_id) or abort(404))


@blueprint.post("/series/<int:series_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def delete_series(series_id: int) -> ResponseReturnValue:
    """Remove a series that no day belongs to."""
    found = queries.series_by_id(series_id) or abort(404)
    try:
        study_days.delete_series(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    flash(_("La série est supprimée."), "success")
    return redirect(url_for(".series"), 303)


@blueprint.route("/themes/nouveau/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_theme() -> ResponseReturnValue:
    """Make a theme."""
    return _theme_page(None)


@blueprint.route("/themes/<int:theme_id>/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def one_theme(theme_id: int) -> ResponseReturnValue:
    """Change a theme."""
    return _theme_page(queries.theme_by_id(theme_id) or abort(404))


@blueprint.post("/themes/<int:theme_id>/supprimer/")
@requires(Permission.STUDY_DAYS_EDIT)
def delete_theme(theme_id: int) -> ResponseReturnValue:
    """Remove a theme that no day belongs to."""
    found = queries.theme_by_id(theme_id) or abort(404)
    try:
        study_days.delete_theme(found, actor=current_user, now=clock.now())
    except Refusal as refusal:
        return _page(refusal.message), refusal.status
    flash(_("Le thème est supprimé."), "success")
    return redirect(url_for(".series"), 303)


def _page(refused: str = "") -> str:
    return render_template(
        "study_days/office/series.html",
        all_series=queries.all_series(),
        all_themes=queries.all_themes(),
        refused=refused,
    )


def _series_page(found: Series | None) -> ResponseReturnValue:
    form = SeriesForm(obj=found)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("study_days/office/one_series.html", form=form, series=found), status
    study_days.save_series(
        found,
        title=form.title.data,
        description=form.description.data or "",
        actor=current_user,
        now=clock.now(),
    )
    flash(_("La série est enregistrée."), "success")
    return redirect(url_for(".series"), 303)


def _theme_page(found: Theme | None) -> ResponseReturnValue:
    form = ThemeForm(obj=found)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("study_days/office/one_theme.html", form=form, theme=found), status
    study_days.save_theme(
        found, name=form.name.data, name_en=form.name_en.data or "", actor=current_user, now=clock.now()
    )
    flash(_("Le thème est enregistré."), "success")
    return redirect(url_for(".series"), 303)
