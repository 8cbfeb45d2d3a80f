"""Somebody comes without a seat: an order placed at the door."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, requires
from eventsapp.attendance import service as attendance
from eventsapp.attendance.web import opening
from eventsapp.attendance.web.forms import WalkInForm
from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("door_walk_in", __name__, url_prefix="/organisation/journees/<slug>/accueil")


@blueprint.route("/sur-place/", methods=["GET", "POST"])
@requires(Permission.CHECK_INS)
def walk_in(slug: str) -> ResponseReturnValue:
    """Take an order for one person, its payment to come, and let the person in; a full day asks twice."""
    opening.open_day(slug)
    day = study_days.shown_day(slug) or abort(404)
    form = WalkInForm()
    now = clock.now()
    if request.method == "GET" and attendance.is_over(day, at=now):
        return redirect(url_for("door.door", slug=slug), 303)
    form.offer(
        [rate for rate in day.rates if rate.is_available(now) and not rate.for_subscribers],
        checkout.methods_at_the_door(),
    )
    if not form.validate_on_submit():
        return _page(day, form), 422 if form.errors else 200
    try:
        order, answer = checkout.walk_in(
            form.request(day, locale=locale_code()),
            day=day,
            beyond_capacity=bool(form.beyond_capacity.data),
            device=opening.device(),
            actor=current_user,
            now=now,
        )
    except SoldOut as refusal:
        form.form_errors.append(refusal.message)
        return _page(day, form, is_full=True), refusal.status
    except Refusal as refusal:
        form.form_errors += form.show_refusal(refusal.errors) or ([] if refusal.errors else [refusal.message])
        # What the form itself finds of a name never comes so far: this one has a seat, which the door shows.
        is_seated = any(pointer.endswith("/last_name") for pointer in refusal.errors)
        return _page(day, form, is_seated=is_seated), refusal.status
    flash(_("Commande %(reference)s : le règlement est à venir.", reference=order.reference), "success")
    return redirect(url_for("door.door", slug=slug, passage=answer.check_in_id if answer else None), 303)


def _page(day: StudyDay, form: WalkInForm, *, is_full: bool = False, is_seated: bool = False) -> str:
    return render_template(
        "attendance/walk_in.html",
        day=day,
        form=form,
        is_full=is_full or day.seats_left == 0 or bool(form.beyond_capacity.data),
        is_seated=is_seated,
        is_shell=False,
    )
