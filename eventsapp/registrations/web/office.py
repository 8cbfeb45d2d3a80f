"""Registrations in the office: the list of all, and of one day."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from eventsapp.accounts.access import Permission, may, requires
from eventsapp.core import clock
from eventsapp.core.security_headers import private
from eventsapp.files import delivery
from eventsapp.office import lists
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

blueprint = Blueprint("registrations_office", __name__, url_prefix="/organisation")


@blueprint.get("/inscriptions/")
@requires(Permission.REGISTRATIONS_VIEW)
def registrations() -> ResponseReturnValue:
    """List the registrations to all days."""
    return lists.answer(
        queries.registration_list(methods=payments.method_names(), with_needs=may(Permission.REGISTRATIONS_NEEDS)),
        row_url=_order_url,
        nav="registrations",
    )


@blueprint.get("/journees/<slug>/inscriptions/")
@requires(Permission.REGISTRATIONS_TODAY)
def of_day(slug: str) -> ResponseReturnValue:
    """List the registrations to one day; the door sees who is expected at a day that is held today."""
    day = study_days.any_day(slug) or abort(404)
    if not may(Permission.REGISTRATIONS_VIEW):
        return _at_the_door(day)
    needs = may(Permission.REGISTRATIONS_NEEDS)
    asked = queries.person_questions(study_days.questions_of(day.id), with_sensitive=needs)
    return lists.answer(
        queries.registration_list(
            methods=payments.method_names(),
            study_day_id=day.id,
            with_needs=needs,
            questions=asked,
            # A column each in the file; on the page only where somebody chose one.
            with_answers=bool(asked) and (lists.FORMAT in request.args or "question-" in request.query_string.decode()),
        ),
        template="registrations/office/of_day.html",
        row_url=_order_url if may(Permission.ORDERS_VIEW) else None,
        day=day,
    )


@blueprint.get("/inscriptions/<int:seat_id>/fichiers/<code>/")
@requires(Permission.REGISTRATIONS_VIEW)
def answered_file(seat_id: int, code: str) -> ResponseReturnValue:
    """Give the file that a participant answered with; a reserved one to those who may know."""
    found = queries.answer_with_file(seat_id, code) or abort(404)
    if found.file is None or (found.question.sensitive and not may(Permission.REGISTRATIONS_NEEDS)):
        abort(404)
    return private(delivery.answer(found.file))


def _at_the_door(day: StudyDay) -> ResponseReturnValue:
    if not day.is_held_at(clock.now()):
        abort(403)
    return lists.answer(
        queries.door_list(study_day_id=day.id), template="registrations/office/of_day.html", with_files=False, day=day
    )


def _order_url(registration: Registration) -> str:
    return url_for("orders_office.order", reference=registration.order_line.order.reference)
