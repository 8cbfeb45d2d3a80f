"""Joining the waiting list of a day, and leaving it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventsapp.core import clock, limits
from eventsapp.core.errors import Refusal
from eventsapp.core.i18n import locale_code
from eventsapp.office import refusals
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import Availability
from eventsapp.waiting_list import queries, rules, service
from eventsapp.waiting_list.errors import SeatsLeft
from eventsapp.waiting_list.statuses import Joined
from eventsapp.waiting_list.web.forms import JoinForm

blueprint = Blueprint("waiting_list", __name__)

_WAITABLE = frozenset({Availability.FULL, Availability.FEW_SEATS, Availability.OPEN})


@blueprint.route("/journees/<slug>/liste-d-attente/", methods=["GET", "POST"])
@limits.by_visitor_and_address(limits.RESEND)
def join(slug: str) -> ResponseReturnValue:
    """Show the form; put the group of a valid one on the list and lead to its private page."""
    day = study_days.shown_day(slug) or abort(404)
    now = clock.now()
    state = day.availability(now)
    if state not in _WAITABLE:
        return render_template("checkout/not_open.html", day=day, state=state)
    form = JoinForm()
    form.offer(day, now=now)
    if not form.validate_on_submit() or form.website.data:
        return _page(day, form), 422 if form.is_submitted() else 200
    try:
        entry, joined = service.join(
            day, form.wish(), form_key=f"form-{form.submission.data}", locale=locale_code(), now=now
        )
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(day, form, seats_left=isinstance(refusal, SeatsLeft)), refusal.status
    if joined is Joined.KNOWN:
        flash(_("Cette adresse est déjà sur la liste : le lien de sa page vient d’y être renvoyé."), "info")
        return redirect(url_for(".join", slug=slug), 303)
    flash(_("C’est noté ; le lien de cette page est parti à %(email)s.", email=entry.email), "success")
    return redirect(url_for("waiting_place.place", secret=entry.secret), 303)


@blueprint.post("/attente/<secret>/quitter/")
@limits.limiter.limit(limits.ORDER)
def leave(secret: str) -> ResponseReturnValue:
    """Let the group go; what was offered to it goes to the next ones."""
    entry = queries.by_secret(secret) or abort(404)
    try:
        service.leave(entry, now=clock.now())
        flash(_("C’est noté : vous n’êtes plus sur la liste."), "success")
    except Refusal as refusal:
        flash(refusal.message, "info")
    return redirect(url_for("waiting_place.place", secret=secret), 303)


def _page(day: StudyDay, form: JoinForm, *, seats_left: bool = False) -> str:
    now = clock.now()
    too_late = rules.offer_ends(closes_at=min(day.registration_closes_at, day.starts_at), now=now) is None
    return render_template(
        "waiting_list/join.html",
        day=day,
        form=form,
        seats_left=seats_left,
        too_late=too_late,
        totals=queries.totals_of([day.id]).get(day.id),
    )
