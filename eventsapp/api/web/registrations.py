"""Participants of a day, for its organisers' programs."""

from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify

from eventsapp.api.statuses import Scope
from eventsapp.api.values import Program
from eventsapp.api.web import access
from eventsapp.api.web.problems import refuses
from eventsapp.api.web.resource import Resources, in_path
from eventsapp.api.web.shapes.registrations import ParticipantList
from eventsapp.core.security_headers import private
from eventsapp.registrations import queries
from eventsapp.study_days import queries as study_days

blueprint = Resources(
    "api_registrations",
    __name__,
    heading="Inscriptions",
    description="Les personnes inscrites, pour les organisateurs.",
)


@blueprint.route(
    "/study-days/<slug:slug>/registrations", parameters=in_path("slug", "Le nom de la journée dans les adresses.")
)
@access.requires(Scope.ORGANISER)
@refuses(blueprint, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
@blueprint.response(200, ParticipantList, description="Les personnes inscrites.")
@blueprint.doc(
    operationId="listRegistrations",
    summary="Lister les personnes inscrites",
    description="Toutes les places retenues et confirmées d’une journée, par nom, sur une page ; celles que l’acheteur "
    "n’a pas encore nommées ont un nom vide.",
    security=[{"token": [Scope.ORGANISER.value]}],
)
def registrations(_program: Program, slug: str) -> Response:
    """List who has a seat at a day, whatever the state of the day."""
    day = study_days.any_day(slug) or abort(404)
    answers = queries.answers_of_day(day.id)
    items: list[dict[str, Any]] = [
        {
            "first_name": row.first_name,
            "last_name": row.last_name,
            "email": row.email,
            "named": row.is_named,
            "code": row.ticket_code if row.has_ticket else "",
            "job_title": row.job_title,
            "organisation": row.order_line.order.billing_name,
            "status": row.status.value,
            "rate": row.rate.code,
            "order_reference": row.order_line.order.reference,
            "answers": answers.get(row.id, {}),
        }
        for row in queries.of_day(day.id)
    ]
    shown = {"items": items, "page": 1, "pages": 1, "total": len(items)}
    return private(jsonify(ParticipantList().dump(shown)))
