"""The messages of one day: everything that was written to its people, and its reminders."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.errors import Refusal
from eventsapp.mailings import queries, rules, service
from eventsapp.mailings.web.forms import RemindersForm
from eventsapp.office import lists, refusals
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("day_messages", __name__, url_prefix="/organisation/journees/<slug>/messages")


@blueprint.get("/")
@requires(Permission.MAIL_VIEW)
def mails(slug: str) -> ResponseReturnValue:
    """List what was written about the day and to whom: confirmations, reminders, messages, postponements."""
    day = _day(slug)
    return lists.answer(
        queries.day_mail_list(day.id),
        template="mailings/office/of_day.html",
        row_url=lambda mail: url_for("mail_office.mail", mail_id=mail.id),
        reminders=queries.reminder_settings(day.id),
        reports_told=queries.reports_told(day.id),
        **_frame(day),
    )


@blueprint.route("/rappels/", methods=["GET", "POST"])
@requires(Permission.MAILINGS_SEND)
def reminders(slug: str) -> ResponseReturnValue:
    """Say which reminders of the day leave, and what they say above the practical sheet."""
    day = _day(slug)
    form = RemindersForm(data=RemindersForm.of(queries.reminder_settings(day.id)))
    if not form.validate_on_submit():
        return _page(day, form), 422 if form.errors else 200
    try:
        service.save_reminders(day, form.wanted(), actor=current_user, now=clock.now())
    except Refusal as refusal:
        refusals.show(refusal, form)
        return _page(day, form), refusal.status
    flash(_("C’est enregistré."), "success")
    return redirect(url_for(".mails", slug=slug), 303)


def _day(slug: str) -> StudyDay:
    return study_days.day_in_full(slug) or abort(404)


def _page(day: StudyDay, form: RemindersForm) -> str:
    return render_template("mailings/office/reminders.html", form=form, placeholders=rules.PLACEHOLDERS, **_frame(day))


def _frame(day: StudyDay) -> dict[str, Any]:
    """Return what the frame of a day's pages asks for."""
    now = clock.now()
    return {
        "day": day,
        "standing": study_days.standing_in_office(day, now=now),
        "past": day.ends_at <= now,
        "waiting": waiting_list.totals_of([day.id]).get(day.id) if may(Permission.REGISTRATIONS_VIEW) else None,
    }
