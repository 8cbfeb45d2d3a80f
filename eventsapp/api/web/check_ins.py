"""The door, for programs and scanners: one ticket, or what a device kept while it was offline."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify

from eventsapp.api.statuses import Scope
from eventsapp.api.values import Program
from eventsapp.api.web import access
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path
from eventsapp.api.web.shapes import check_ins as shapes
from eventsapp.attendance import service as attendance
from eventsapp.attendance.statuses import Outcome
from eventsapp.attendance.values import Answer, Scan
from eventsapp.core import clock, error_pages, unit_of_work
from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay

blueprint = Resources(
    "api_check_ins", __name__, heading="Accueil", description="Faire entrer les personnes le jour même."
)

_DAY = in_path("slug", "Le nom de la journée dans les adresses.")
_REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@blueprint.route("/study-days/<slug:slug>/check-ins", methods=["POST"], parameters=_DAY)
@access.requires(Scope.DOOR)
@refuses(
    blueprint,
    *_REFUSALS,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    problems=(
        "already-admitted",
        "seat-cancelled",
        "seat-held",
        "ticket-retired",
        "day-over",
        "not-found",
        "not-for-this-day",
        "invalid",
        "key-reused",
    ),
)
@blueprint.arguments(shapes.CheckInBody)
@blueprint.response(200, shapes.Admission, description="La personne est entrée.")
@blueprint.doc(
    operationId="checkIn",
    summary="Faire entrer une personne",
    description="Un billet fait entrer une fois, quel que soit le nombre de portes. Un refus reste dans l’organisation "
    "du site, parmi ce qui est à regarder ; `admitted_at` et `device` disent alors quand et où le billet était passé. "
    "Après la journée, personne n’entre plus (`day-over`) ; ce qu’un appareil a lu le jour même s’envoie avec `at`.",
    security=[{"token": [Scope.DOOR.value]}],
)
def check_in(program: Program, body: Mapping[str, Any], slug: str) -> Response:
    """Let in whoever shows a ticket."""
    answer = attendance.check_in(_scan(body), day=_day(slug), by=program, now=clock.now())
    refusal = attendance.refusal(answer)
    if refusal is not None:
        # What was tried is kept: refused once it is committed.
        unit_of_work.after_commit(lambda: _refused(answer, refusal))
        return private(jsonify({}))
    shown = {
        "status": answer.outcome.value,
        "name": answer.name,
        "rate": answer.rate,
        "booked_by": answer.booked_by,
        "admitted_at": answer.at,
        "others": [{"id": seat.registration_id, "name": seat.name, "rate": seat.rate} for seat in answer.others],
    }
    return private(jsonify(shapes.Admission().dump(shown)))


@blueprint.route("/study-days/<slug:slug>/check-ins/batch", methods=["POST"], parameters=_DAY)
@access.requires(Scope.DOOR)
@refuses(blueprint, *_REFUSALS, problems=("not-found", "invalid", "key-reused"))
@blueprint.arguments(shapes.CheckInsBody)
@blueprint.response(200, shapes.CheckInResults, description="Chaque passage a sa réponse.")
@blueprint.doc(
    operationId="checkInMany",
    summary="Envoyer les passages d’un appareil hors ligne",
    description="Tous sont enregistrés, et ce qui est refusé n’empêche rien. Une réponse perdue se redemande avec les "
    "mêmes clés.",
    security=[{"token": [Scope.DOOR.value]}],
)
def check_in_many(program: Program, body: Mapping[str, Any], slug: str) -> Response:
    """Take what a device kept while it was offline."""
    scans = [_scan(each) for each in body["check_ins"]]
    answers = attendance.check_in_all(scans, day=_day(slug), by=program, now=clock.now())
    return private(jsonify(shapes.CheckInResults().dump({"results": [_result(answer) for answer in answers]})))


def _day(slug: str) -> StudyDay:
    return study_days.any_day(slug) or abort(404)


def _scan(body: Mapping[str, Any]) -> Scan:
    return Scan(code=body["code"], at=body["at"], device=body["device"], key=body["key"] or None)


def _result(answer: Answer) -> dict[str, Any]:
    refusal = attendance.refusal(answer)
    return {
        "code": answer.code,
        "key": answer.key or "",
        "status": answer.outcome.value,
        "name": answer.name,
        "detail": refusal.message if refusal else "",
        "admitted_at": answer.at if answer.outcome is Outcome.ADMITTED else answer.first_at,
        "device": answer.first_device,
    }


def _refused(answer: Answer, refusal: Refusal) -> Response:
    before: dict[str, object] = (
        {"admitted_at": answer.first_at.isoformat(), "device": answer.first_device} if answer.first_at else {}
    )
    return private(error_pages.refused(refusal, members=before))
