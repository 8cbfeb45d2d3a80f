"""The list of days, and a new one."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.office import lists, refusals
from eventsapp.places import queries as places
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.statuses import RateCode
from eventsapp.study_days.web.forms import USUAL_RATES, NewDayForm
from eventsapp.study_days.web.office._blueprint import blueprint

_USUALLY_OFFERED = frozenset({RateCode.SUBSCRIBER, RateCode.STANDARD, RateCode.ELECTED})


@blueprint.get("/journees/")
@requires(Permission.STUDY_DAYS_VIEW)
def days() -> ResponseReturnValue:
    """List the days, drafts included."""
    return lists.answer(
        queries.office_list(now=clock.now()),
        template="study_days/office/days.html",
        row_url=lambda day: url_for(".day", slug=day.slug),
        empty_action=(_("Créer une journée"), url_for(".new_day")),
    )


@blueprint.route("/journees/nouvelle/", methods=["GET", "POST"])
@requires(Permission.STUDY_DAYS_EDIT)
def new_day() -> ResponseReturnValue:
    """Make a day from one page."""
    form = NewDayForm(capacity=100) if request.method == "GET" else NewDayForm()
    form.offer(
        places=places.places_to_choose(), **dict(zip(("series", "themes"), queries.subjects_to_choose(), strict=True))
    )
    if request.method == "GET":
        _offer_usual_rates(form)
    if not form.validate_on_submit():
        return render_template("study_days/office/new.html", form=form), 422 if form.errors else 200
    try:
        day = study_days.create_day(
            essentials=form.values(), prices=form.prices(), slots=form.slots(), actor=current_user, now=clock.now()
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return render_template("study_days/office/new.html", form=form), refusal.status
    flash(_("Le brouillon est créé. Complétez-le, puis publiez."), "success")
    return redirect(url_for(".programme", slug=day.slug), 303)


def _offer_usual_rates(form: NewDayForm) -> None:
    prices = queries.latest_prices()
    for code, (name, name_en), (condition, condition_en) in USUAL_RATES:
        cents = prices.get(code.value, 0 if code is RateCode.FREE else None)
        form.rates.append_entry(
            {
                "code": code.value,
                "name": name,
                "name_en": name_en,
                "condition": condition,
                "condition_en": condition_en,
                "offered": code in _USUALLY_OFFERED,
                "price": "" if cents is None else f"{cents // 100},{cents % 100:02}",
            }
        )
