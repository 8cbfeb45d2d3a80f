"""The blueprint of the day pages, and what each of them begins with."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from eventsapp.accounts.access import Permission, may
from eventsapp.core import clock
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.files.rules import MOST_BYTES
from eventsapp.office import refusals
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("study_days_office", __name__, url_prefix="/organisation")

#: What a form weighs beside its file, in bytes.
_FORM = 256 * 1024


@blueprint.url_value_preprocessor
def make_room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take larger requests where files are sent."""
    if endpoint in {"study_days_office.documents", "study_days_office.document"}:
        request.max_content_length = MOST_BYTES + _FORM


def managed(slug: str) -> StudyDay:
    """Return the day, in full; lead a former address to the present one."""
    day = queries.day_in_full(slug)
    if day is None:
        present = queries.present_address(slug) or abort(404)
        values = {**(request.view_args or {}), "slug": present}
        abort(redirect(url_for(str(request.endpoint), **values), 308))
    return day


def page(template: str, day: StudyDay, **context: Any) -> str:
    """Draw a page about ``day``."""
    now = clock.now()
    return render_template(
        f"study_days/office/{template}.html",
        day=day,
        standing=queries.standing_in_office(day, now=now),
        past=day.ends_at <= now,
        now=now,
        waiting=waiting_list.totals_of([day.id]).get(day.id) if may(Permission.REGISTRATIONS_VIEW) else None,
        **context,
    )


def refused(refusal: Refusal, form: FlaskForm, day: StudyDay) -> int:
    """Show on ``form`` why it was refused; return the status of the answer."""
    if isinstance(refusal, Conflict):
        refusals.show_conflict(form, kind="study_day", key=day.id, version=day.version)
    else:
        refusals.show(refusal, form)
    return refusal.status
