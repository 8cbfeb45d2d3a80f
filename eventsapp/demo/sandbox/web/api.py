"""Stripe's HTTP API, as far as ``endpoints`` goes: keys, parameters, idempotency, faults, errors."""

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.form import decoded
from eventsapp.demo.sandbox.idempotency import Answer
from eventsapp.demo.sandbox.knobs import Fault
from eventsapp.demo.sandbox.objects import new_id
from eventsapp.demo.sandbox.sandbox import Cause, Sandbox
from eventsapp.demo.sandbox.shapes import checked
from eventsapp.demo.sandbox.web.endpoints import ENDPOINTS, Call, Endpoint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Set in the WSGI environment of a call whose connection must be reset instead of answered.
_RESET = "sandbox.reset"


def create_blueprint(sandbox: Sandbox) -> Blueprint:
    """Return the API of the sandbox, below ``/v1/``."""
    blueprint = Blueprint("api", __name__, url_prefix="/v1")
    for endpoint in ENDPOINTS:
        blueprint.add_url_rule(
            f"/{endpoint.path}",
            endpoint=f"{endpoint.method} {endpoint.path}",
            view_func=_view(sandbox, endpoint),
            methods=[endpoint.method],
        )
    blueprint.add_url_rule("/<path:path>", view_func=_unknown_address, methods=["GET", "POST", "DELETE"])
    return blueprint


def resetting(app: "WSGIApplication") -> "WSGIApplication":
    """Wrap the application so that a call marked by ``reset_next`` breaks the connection once it is handled."""

    def wrapped(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = app(environ, start_response)
        if environ.get(_RESET):
            raise ConnectionResetError("reset on purpose")
        return answer

    return wrapped


def _view(sandbox: Sandbox, endpoint: Endpoint) -> Callable[..., Response]:
    def view(object_id: str = "") -> Response:
        request_id = new_id("req_", 14)
        fault = sandbox.knobs.take_fault(request.path)
        try:
            answer = _answered(sandbox, endpoint, object_id, request_id, fault)
        except ApiError as refusal:
            answer = _refused(refusal, request_id)
        if fault.reset:
            request.environ[_RESET] = True
        if fault.nonsense:
            return Response("<html><body><h1>It works!</h1></body></html>", 200, mimetype="text/html")
        return _response(answer, request_id)

    return view


def _answered(sandbox: Sandbox, endpoint: Endpoint, object_id: str, request_id: str, fault: Fault) -> Answer:
    _require_key(sandbox)
    source = request.form if endpoint.method == "POST" else request.args
    pairs = list(source.items(multi=True))
    key = request.headers.get("Idempotency-Key") if endpoint.method == "POST" else None
    call = Call(
        sandbox=sandbox,
        params=checked(endpoint.params, decoded(pairs)),
        object_id=object_id,
        base_url=(sandbox.public_url or request.host_url).rstrip("/"),
        path=request.path,
        cause=Cause(request_id=request_id, idempotency_key=key),
    )

    def work() -> Answer:
        if fault.status is not None and not fault.after_processing:
            return _failed(fault.status, request_id)
        try:
            answer = Answer(200, _json(endpoint.answer(call)), request_id)
        except ApiError as refusal:
            answer = _refused(refusal, request_id)
        return answer if fault.status is None else _failed(fault.status, request_id)

    with sandbox.answers.claim(key):
        sandbox.stopping.wait(fault.hang_seconds)
        return sandbox.answers.answer(key, path=request.path, pairs=pairs, work=work)


def _require_key(sandbox: Sandbox) -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic" and request.authorization:
        given = request.authorization.username or ""
    if not given:
        raise ApiError("You did not provide an API key.", status=401)
    expected = sandbox.secret_key
    if given != expected if expected else not given.startswith("sk_test_"):
        raise ApiError(f"Invalid API Key provided: {given[:8]}***", status=401)


def _failed(status: int, request_id: str) -> Answer:
    """Return an answer that fails on purpose; like Stripe's, only a 500 is kept under the idempotency key."""
    kind, code = {
        409: ("invalid_request_error", "lock_timeout"),
        429: ("invalid_request_error", "rate_limit"),
    }.get(status, ("api_error", None))
    refusal = ApiError("The sandbox fails on purpose.", code=code, status=status, kind=kind)
    return Answer(status, _json(refusal.body()), request_id, remembered=status == 500)


def _refused(refusal: ApiError, request_id: str) -> Answer:
    return Answer(refusal.status, _json(refusal.body()), request_id)


def _unknown_address(path: str) -> Response:
    refusal = ApiError(f"Unrecognized request URL ({request.method}: /v1/{path}).", status=404)
    return _response(_refused(refusal, new_id("req_", 14)), new_id("req_", 14))


def _response(answer: Answer, request_id: str) -> Response:
    response = Response(answer.body, answer.status, mimetype="application/json")
    response.headers["Request-Id"] = request_id
    for name in ("Stripe-Version", "Idempotency-Key"):
        if name in request.headers:
            response.headers[name] = request.headers[name]
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
        response.headers["Original-Request"] = answer.request_id
    if answer.status == 500 and answer.remembered:
        response.headers["Stripe-Should-Retry"] = "false"
    response.headers["Cache-Control"] = "no-store"
    return response


def _json(body: Any) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False)
