"""The blueprint of the day pages, and what each of them begins with."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from eventsapp.accounts.access import Permission, may
from eventsapp.core import clock
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.files.reception import take_files
from eventsapp.office import refusals
from eventsapp.study_days import queries
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries as waiting_list

blueprint = Blueprint("study_days_office", __name__, url_prefix="/organisation")
take_files(blueprint, "documents", "document")


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
        now=now,
        **waiting_list.frame_of(day, now=now, with_waiting=may(Permission.REGISTRATIONS_VIEW)),
        **context,
    )


def refused(refusal: Refusal, form: FlaskForm, day: StudyDay) -> int:
    """Show on ``form`` why it was refused; return the status of the answer."""
    if isinstance(refusal, Conflict):
        refusals.show_conflict(form, kind="study_day", key=day.id, version=day.version)
    else:
        refusals.show(refusal, form)
    return refusal.status
