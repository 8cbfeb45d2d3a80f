"""The questionnaire of a day, for whoever was there and has the link of the seat."""

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.surveys import queries, rules, service
from eventsapp.surveys.queries import Asked
from eventsapp.surveys.web.forms import answer_form

blueprint = Blueprint("surveys", __name__, url_prefix="/inscriptions/<secret>/questionnaire")


@blueprint.route("/", methods=["GET", "POST"])
@limits.limiter.limit(limits.ORDER, methods=["POST"])
def survey(secret: str) -> ResponseReturnValue:
    """Ask what somebody thought of the day; they may change it until it closes."""
    seat = registrations.seat_for_link(secret) or abort(404)
    now = clock.now()
    asked = queries.open_to(seat, now=now)
    if asked is None:
        return _page(seat, None, None, status=200)
    before = queries.reply_of(seat.id)
    form = answer_form(asked.shown, before)
    if not form.validate_on_submit():
        return _page(seat, asked, form, status=422 if form.errors else 200, changes=bool(before))
    try:
        service.answer(seat, {question.code: form[question.code].data for question in asked.shown}, now=now)
    except Refusal as refusal:
        _show(refusal, form)
        return _page(seat, asked, form, status=refusal.status, changes=bool(before))
    flash(_("Merci : votre avis est enregistré."), "success")
    return redirect(url_for("seats.seat", secret=secret), 303)


def _show(refusal: Refusal, form: FlaskForm) -> None:
    """Put what is wrong beside its question, or on top."""
    for pointer, told in (refusal.errors or {"": refusal.message}).items():
        code = pointer.removeprefix("/answers/")
        if code in form:
            form[code].errors = [*form[code].errors, told]
        else:
            form.form_errors.append(told)


def _page(
    seat: Registration, asked: Asked | None, form: FlaskForm | None, *, status: int, changes: bool = False
) -> Response:
    page = render_template(
        "surveys/survey.html",
        seat=seat,
        day=seat.study_day,
        asked=asked,
        form=form,
        changes=changes,
        until=(seat.study_day.local_end + rules.OPEN_FOR),
        fewest=rules.FEWEST_SHOWN,
    )
    return private(make_response(page, status))
