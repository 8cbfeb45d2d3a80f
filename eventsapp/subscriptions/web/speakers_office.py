"""A complimentary year for the speakers of a day: who gets one is told first, and it can be taken back."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.core import clock, i18n
from eventsapp.core.errors import Refusal
from eventsapp.office import refusals
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.web.thanks_forms import ThanksForm

blueprint = Blueprint("thanks_office", __name__, url_prefix="/organisation/journees/<slug>/annee-offerte")


@blueprint.get("/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def speakers(slug: str) -> ResponseReturnValue:
    """Show the speakers of a day, who has a subscription, and how many would get one."""
    day = _day(slug)
    today = clock.local_date(clock.now())
    rows = queries.speakers_of_day(day.id, on=today)
    form = ThanksForm(
        formdata=None,
        ends_on=rules.last_day(starts_on=today, months=12),
        reason=_("Intervention à la journée de %(city)s, %(date)s", city=day.city.name, date=i18n.date_long(day.date)),
        speakers=[
            {"key": str(row.speaker.id), "picked": not (row.reads_until or row.given_on), "email": row.email}
            for row in rows
        ],
    )
    return _page(day, form)


@blueprint.post("/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def offer(slug: str) -> ResponseReturnValue:
    """Say how many would get a year with what was typed; with the button of the offer, give it to them."""
    day = _day(slug)
    form = ThanksForm()
    form.offer(queries.plans())
    if not form.validate_on_submit():
        return _page(day, form, status=422)
    if "check" in request.form:
        kept = subscriptions.keep_addresses(day, emails=form.emails, now=clock.now())
        if kept:
            flash(
                ngettext(
                    "%(num)s adresse est gardée avec la fiche de l’intervenant.",
                    "%(num)s adresses sont gardées avec les fiches des intervenants.",
                    kept,
                ),
                "success",
            )
        return _page(day, form)
    plan = queries.plan(form.plan.data) or abort(404)
    try:
        given = subscriptions.offer_to_speakers(
            day,
            plan,
            picked=form.picked,
            emails=form.emails,
            expected=form.expected.data or 0,
            ends_on=form.ends_on.data,
            reason=form.reason.data or "",
            actor=current_user,
            now=clock.now(),
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(day, form, status=refusal.status)
    told = ngettext(
        "%(num)s intervenant a son année offerte, et en est prévenu.",
        "%(num)s intervenants ont leur année offerte, et en sont prévenus.",
        len(given),
    )
    flash(told, "success")
    return redirect(url_for(".speakers", slug=slug), 303)


@blueprint.post("/reprendre/")
@requires(Permission.SUBSCRIPTIONS_EDIT)
def take_back(slug: str) -> ResponseReturnValue:
    """End the years that were offered for this day."""
    ended = subscriptions.take_back_from_speakers(_day(slug), actor=current_user, now=clock.now())
    flash(ngettext("%(num)s abonnement est terminé.", "%(num)s abonnements sont terminés.", ended), "success")
    return redirect(url_for(".speakers", slug=slug), 303)


def _day(slug: str) -> StudyDay:
    found = study_days.day_in_full(slug)
    if found is None or found.status is StudyDayStatus.DRAFT:
        abort(404)
    return found


def _page(day: StudyDay, form: ThanksForm, *, status: int = 200) -> Response:
    form.offer(queries.plans())
    rows = queries.speakers_of_day(day.id, emails=form.emails, on=clock.local_date(clock.now()))
    getting = {row.email for row in rows if row.gets_one and row.speaker.id in form.picked}
    # Whatever count was sent, the page carries that of what it shows.
    form.expected.data, form.expected.raw_data = len(getting), None
    page = render_template(
        "subscriptions/office/speakers.html",
        day=day,
        form=form,
        rows=[(row, form.row(row.speaker.id)) for row in rows],
        getting=len(getting),
        have=sum(1 for row in rows if row.reads_until or row.given_on),
        lacking=sum(1 for row in rows if not row.email),
        given=queries.given_at_day(day.id),
    )
    return make_response(page, status)
