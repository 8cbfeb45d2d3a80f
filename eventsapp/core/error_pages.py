"""What is answered when something is refused, missing or broken: a page, or problem+json to programs."""

import json
import logging
from collections.abc import Mapping

from flask import Flask, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from eventsapp.core.errors import Refusal
from eventsapp.core.security_headers import private

log = logging.getLogger(__name__)

#: Addresses under which programs ask.
_FOR_PROGRAMS = ("/api/", "/sante/", "/paiement/")
#: Pages of our own; every other status is shown by the nearest.
_PAGES = frozenset({400, 403, 404, 410, 413, 429, 500, 503})
#: What programs are told of plain HTTP errors: problem type, title, detail.
PROBLEMS = {
    400: ("bad-request", _l("Requête illisible"), _l("La requête n’a pas pu être lue.")),
    401: ("unauthorized", _l("Authentification requise"), _l("Cette adresse demande un jeton.")),
    403: ("forbidden", _l("Accès refusé"), _l("Ce que vous demandez ne vous est pas ouvert.")),
    404: ("not-found", _l("Introuvable"), _l("Il n’y a rien à cette adresse.")),
    405: ("method-not-allowed", _l("Méthode refusée"), _l("L’en-tête Allow dit quelles méthodes l’adresse accepte.")),
    413: ("too-large", _l("Requête trop volumineuse"), _l("Le corps de la requête dépasse la taille acceptée.")),
    429: ("too-many", _l("Trop de requêtes"), _l("L’en-tête Retry-After dit dans combien de secondes recommencer.")),
}
_OTHER_PROBLEM = _l("Requête refusée")


def init_app(app: Flask) -> None:
    """Handle every error of ``app`` in one place."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(Exception, _broken)


def problem(
    status: int,
    *,
    code: str,
    title: str,
    detail: str = "",
    errors: dict[str, str] | None = None,
    members: Mapping[str, object] | None = None,
) -> Response:
    """Return an RFC 9457 answer, with ``members`` of its type besides."""
    body: dict[str, object] = {"type": f"/problems/{code}", "title": title, "status": status}
    if detail:
        body["detail"] = detail
    if errors:
        body["errors"] = errors
    body |= members or {}
    response = make_response(json.dumps(body, ensure_ascii=False), status)
    response.content_type = "application/problem+json"
    response.headers["Cache-Control"] = "no-store"
    return response


def refused(refusal: Refusal, *, members: Mapping[str, object] | None = None) -> Response:
    """Return the answer to a program that something is refused."""
    return problem(
        refusal.status,
        code=refusal.code,
        title=str(refusal.title),
        detail=refusal.message,
        errors=refusal.errors,
        members=members,
    )


def _refusal(refusal: Refusal) -> ResponseReturnValue:
    if _asked_by_program():
        response = refused(refusal)
    else:
        response = _page(refusal.status, title=refusal.title, message=refusal.message)
    response.headers.update(refusal.headers)
    return response


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if _asked_by_program():
        code, title, detail = PROBLEMS.get(error.code, (f"http-{error.code}", _OTHER_PROBLEM, ""))
        response = problem(error.code, code=code, title=str(title), detail=str(detail))
    else:
        response = _page(error.code)
    for name, value in error.get_headers(request.environ):
        if name in {"Retry-After", "Allow", "WWW-Authenticate"}:
            response.headers[name] = value
    return response


def _stale_form(error: CSRFError) -> ResponseReturnValue:
    """A form whose token is missing or too old: nothing was written, the visitor opens it again."""
    if _asked_by_program():
        return problem(400, code="csrf", title=str(_OTHER_PROBLEM), detail=str(error.description))
    return _page(400)


def _database_away(error: OperationalError) -> ResponseReturnValue:
    log.error("the database does not answer", exc_info=error)
    if _asked_by_program():
        response = problem(503, code="unavailable", title=_("Service momentanément indisponible"))
    else:
        response = _page(503)
    response.headers["Retry-After"] = "30"
    return response


def _broken(error: Exception) -> ResponseReturnValue:
    # Never the address: it may hold the secret of an order, or let somebody choose a password.
    log.error("%s %s failed", request.method, request.endpoint, exc_info=error)
    if _asked_by_program():
        return problem(500, code="internal", title=_("Erreur interne"))
    return _page(500)


def _asked_by_program() -> bool:
    return request.path.startswith(_FOR_PROGRAMS)


def _page(status: int, *, title: str = "", message: str = "") -> Response:
    shown = status if status in _PAGES else 500 if status >= 500 else 400
    page = render_template(
        f"errors/{shown}.html",
        status=status,
        refusal_title=title,
        refusal_message=message,
        # Nothing is asked of a database that may be away, and no address is told that is none.
        current_issue=None,
        canonical_url=None,
        alternate_url=None,
    )
    return private(make_response(page, status))
