"""Liveness and readiness, in JSON."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from eventsapp.ops import queries

blueprint = Blueprint("ops", __name__, url_prefix="/sante")


@blueprint.get("/vif")
def alive() -> ResponseReturnValue:
    """Say that the process answers; nothing else is asked."""
    return _uncached(jsonify(status="ok"))


@blueprint.get("/pret")
def ready() -> ResponseReturnValue:
    """Say whether database and queue answer; 503 tells a balancer to wait."""
    parts = {"database": queries.database_answers(), "queue": queries.queue_answers()}
    words = {name: "ok" if answers else "away" for name, answers in parts.items()}
    status = 200 if all(parts.values()) else 503
    return _uncached(jsonify(status="ok" if status == 200 else "away", **words)), status


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
