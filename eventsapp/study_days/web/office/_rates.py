"""What a seat costs."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.registrations import queries as registrations
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.web.forms import RatesForm
from eventsapp.study_days.web.office._blueprint import blueprint, managed, page, refused
from eventsapp.vat import queries as vat

#: Empty lines offered below the rates there are.
_SPARE = 2


@blueprint.route("/journees/<slug>/tarifs/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def rates(slug: str) -> ResponseReturnValue:
    """Change the rates of the day, all at once."""
    day = managed(slug)
    form = RatesForm(data=RatesForm.of(day)) if request.method == "GET" else RatesForm()
    categories = vat.choices(vat.tariff(), on=day.date)
    form.offer(categories)
    if not form.validate_on_submit():
        return _page(day, form, categories), 422 if form.errors else 200
    try:
        study_days.edit_rates(day, prices=form.prices(), version=form.read_version, actor=current_user, now=clock.now())
    except Refusal as refusal:
        status = refused(refusal, form, day)
        return _page(day, form, categories), status
    flash(_("Les tarifs sont enregistrés."), "success")
    return redirect(url_for(".rates", slug=day.slug), 303)


def _page(day: StudyDay, form: RatesForm, categories: list[tuple[str, str]]) -> str:
    form.make_room(_SPARE)
    form.offer(categories)
    return page("rates", day, form=form, sold=registrations.seats_by_rate(day.id))
