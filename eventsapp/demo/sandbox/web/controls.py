"""The controls, below ``/_sandbox/``: knobs, deliveries, the dashboard's refunds and disputes; JSON in and out."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from eventsapp.demo.sandbox import refunds
from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.knobs import KnobError
from eventsapp.demo.sandbox.objects import public
from eventsapp.demo.sandbox.sandbox import Sandbox
from eventsapp.demo.sandbox.web.access import require_this_machine

#: What the dashboard's forms take, with the type of each.
_DASHBOARD_FIELDS: Mapping[str, type] = {"payment_intent": str, "charge": str, "amount": int, "reason": str}
_AMENDABLE = ("checkout.session", "payment_intent", "charge")


def create_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the controls of the sandbox; only this machine may use them."""
    blueprint = Blueprint("controls", __name__, url_prefix="/_sandbox")
    blueprint.before_request(require_this_machine)
    blueprint.register_error_handler(ApiError, _refused)
    blueprint.register_error_handler(KnobError, _wrong_knob)
    blueprint.register_error_handler(HTTPException, _http_trouble)
    _add_knobs(blueprint, sandbox)
    _add_webhooks(blueprint, sandbox)
    _add_dashboard(blueprint, sandbox)
    return blueprint


def _add_knobs(blueprint: Blueprint, sandbox: Sandbox) -> None:
    @blueprint.get("/knobs")
    def knobs() -> Response:
        return jsonify(sandbox.knobs.current)

    @blueprint.post("/knobs")
    def turn() -> Response:
        """Set the knobs named in the body; the others stay."""
        return jsonify(sandbox.knobs.turn(**_body()))

    @blueprint.post("/knobs/reset")
    def rest() -> Response:
        return jsonify(sandbox.knobs.reset())

    @blueprint.post("/reset")
    def reset() -> ResponseReturnValue:
        """Forget every object and put the knobs back."""
        sandbox.reset()
        return "", 204


def _add_webhooks(blueprint: Blueprint, sandbox: Sandbox) -> None:
    @blueprint.get("/deliveries")
    def deliveries() -> Response:
        return jsonify(sandbox.store.newest_first("delivery"))

    @blueprint.post("/resend/<event_id>")
    def resend(event_id: str) -> ResponseReturnValue:
        event = sandbox.store.find("event", event_id) or abort(404, "No such event.")
        if sandbox.postman.url is None:
            abort(409, "The sandbox was started without a webhook address.")
        sandbox.postman.resend(event)
        return {"resent": event_id}, 202


def _add_dashboard(blueprint: Blueprint, sandbox: Sandbox) -> None:
    @blueprint.post("/dashboard/refund")
    def refund() -> ResponseReturnValue:
        return public(refunds.refund(sandbox, _dashboard_form())), 201

    @blueprint.post("/dashboard/dispute")
    def dispute() -> ResponseReturnValue:
        return public(refunds.dispute(sandbox, _dashboard_form())), 201

    @blueprint.post("/bank/refunds/<refund_id>/fail")
    def fail_refund(refund_id: str) -> ResponseReturnValue:
        return public(refunds.fail(sandbox, refund_id)), 200

    @blueprint.post("/bank/disputes/<dispute_id>/<any(won, lost):decision>")
    def close_dispute(dispute_id: str, decision: str) -> ResponseReturnValue:
        return public(refunds.close_dispute(sandbox, dispute_id, won=decision == "won")), 200

    @blueprint.post("/amend/<object_id>")
    def amend(object_id: str) -> ResponseReturnValue:
        """Change fields of an object behind the seller's back, so that the API answers something unexpected."""
        changes = _body()
        with sandbox.store.transaction():
            found = [thing for kind in _AMENDABLE if (thing := sandbox.store.find(kind, object_id))]
            thing = found[0] if found else abort(404, "No such object.")
            if unknown := sorted(name for name in changes if name not in public(thing)):
                abort(400, f"No such field: {', '.join(unknown)}")
            sandbox.store.put(thing | changes)
        return public(thing | changes), 200


def _body() -> dict[str, Any]:
    body = request.get_json()
    return body if isinstance(body, dict) else abort(400, "A JSON object is expected.")


def _dashboard_form() -> dict[str, Any]:
    body = _body()
    for name, value in body.items():
        if type(value) is not _DASHBOARD_FIELDS.get(name):
            abort(400, f"{name}: unknown, or of the wrong type.")
    return body


def _refused(refusal: ApiError) -> ResponseReturnValue:
    return refusal.body(), refusal.status


def _wrong_knob(trouble: KnobError) -> ResponseReturnValue:
    return {"error": {"message": str(trouble)}}, 400


def _http_trouble(trouble: HTTPException) -> ResponseReturnValue:
    return {"error": {"message": trouble.description}}, trouble.code or 500
