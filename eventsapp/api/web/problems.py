"""The refusals of the interface as its document describes them, and how a resource says which it has."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from flask_smorest import Blueprint
from marshmallow import Schema, fields

P = ParamSpec("P")
R = TypeVar("R")

MEDIA_TYPE = "application/problem+json"
_RETRY_AFTER = {
    "Retry-After": {
        "description": "Dans combien de secondes recommencer.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 42,
    }
}
_CHALLENGE = {
    "WWW-Authenticate": {
        "description": "Comment se présenter (RFC 6750).",
        "schema": {"type": "string"},
        "example": 'Bearer realm="api"',
    }
}


class Problem(Schema):
    """An error, as RFC 9457 writes it."""

    type = fields.String(
        required=True,
        metadata={
            "description": "Ce qui s’est passé, en un mot stable : `/problems/` suivi du code.",
            "example": "/problems/sold-out",
        },
    )
    title = fields.String(required=True, metadata={"description": "Le même, en clair.", "example": "Journée complète"})
    status = fields.Integer(required=True, metadata={"description": "Le code HTTP.", "example": 409})
    detail = fields.String(metadata={"description": "Une phrase pour la personne qui a demandé."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={
            "description": "Pour chaque donnée à corriger, son pointeur JSON (RFC 6901) dans le corps envoyé et ce "
            "qu’il faut y mettre. Un paramètre d’adresse est sous `/query`, un en-tête sous `/headers`.",
            "example": {"/items/0/attendees/1/email": "Cette adresse n’est pas complète : nom@domaine.fr."},
        },
    )


def _example(status: int, code: str, title: str, detail: str = "", **errors: str) -> dict[str, Any]:
    problem: dict[str, Any] = {"type": f"/problems/{code}", "title": title, "status": status}
    if detail:
        problem["detail"] = detail
    if errors:
        problem["errors"] = {"/" + pointer.replace("__", "/"): message for pointer, message in errors.items()}
    return problem


#: Status → what it means here, and an example for each problem that answers so, by code.
PROBLEMS: dict[HTTPStatus, tuple[str, dict[str, dict[str, Any]]]] = {
    HTTPStatus.BAD_REQUEST: (
        "Le corps n’est pas du JSON lisible.",
        {"malformed": _example(400, "malformed", "Corps illisible", "Le corps n’est pas du JSON lisible, en UTF-8.")},
    ),
    HTTPStatus.UNAUTHORIZED: (
        "Aucun jeton, ou un jeton inconnu ou révoqué.",
        {
            "unauthorized": _example(
                401, "unauthorized", "Authentification requise", "Ce jeton n’est pas, ou n’est plus, valable."
            )
        },
    ),
    HTTPStatus.FORBIDDEN: (
        "Le jeton est bon, mais sa portée ne couvre pas cet appel.",
        {
            "forbidden": _example(
                403, "forbidden", "Accès refusé", "Ce jeton n’a aucune des portées demandées : organiser."
            )
        },
    ),
    HTTPStatus.NOT_FOUND: (
        "Il n’y a rien à cette adresse, ou pas pour vous.",
        {
            "not-found": _example(404, "not-found", "Introuvable", "Il n’y a rien à cette adresse."),
            "not-for-this-day": _example(
                404, "not-for-this-day", "Pas pour cette journée", "Ce billet est pour une autre journée."
            ),
        },
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "L’adresse existe, mais pas avec cette méthode.",
        {
            "method-not-allowed": _example(
                405,
                "method-not-allowed",
                "Méthode refusée",
                "L’en-tête Allow dit quelles méthodes l’adresse accepte.",
            )
        },
    ),
    HTTPStatus.CONFLICT: (
        "La demande est juste, mais l’état des choses l’empêche.",
        {
            "sold-out": _example(
                409, "sold-out", "Journée complète", "Il ne reste pas assez de places pour cette journée."
            ),
            "registration-closed": _example(
                409, "registration-closed", "Inscriptions closes", "Les inscriptions à cette journée sont closes."
            ),
            "illegal-transition": _example(
                409,
                "illegal-transition",
                "Changement d’état impossible",
                "Un article « publié » ne peut pas devenir « programmé ».",
            ),
            "already-admitted": _example(
                409,
                "already-admitted",
                "Billet déjà passé",
                "Claude Roux : billet déjà passé à 9 h 05 (Porte A).",
            ),
            "day-over": _example(
                409,
                "day-over",
                "Journée passée",
                "Cette journée est passée : notez les présences d’après la feuille d’émargement, sous « Présences ».",
            ),
            "seat-cancelled": _example(
                409, "seat-cancelled", "Place annulée", "La place de Claude Roux a été annulée."
            ),
            "seat-held": _example(
                409,
                "seat-held",
                "Place non réglée",
                "La place de Claude Roux n’est que retenue : son règlement n’est pas arrivé.",
            ),
            "article-changed": _example(
                409, "article-changed", "Modifié entre-temps", "Quelqu’un d’autre vient de changer cet article."
            ),
        },
    ),
    HTTPStatus.GONE: (
        "Il y avait quelque chose à cette adresse, qui a été retiré ; le détail dit pourquoi.",
        {
            "gone": _example(410, "gone", "Retiré", "Retiré à la demande de l’auteur."),
            "ticket-retired": _example(
                410,
                "ticket-retired",
                "Billet remplacé",
                "Ce billet ne vaut plus : remplacé par Alix Petit le 12 janvier 2027.",
            ),
        },
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "Le corps dépasse 512 kio.",
        {
            "too-large": _example(
                413, "too-large", "Requête trop volumineuse", "Le corps de la requête dépasse la taille acceptée."
            )
        },
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "Le corps se déclare autrement qu’en JSON.",
        {
            "not-json": _example(
                415, "not-json", "Type de contenu refusé", "Le corps se déclare « Content-Type: application/json »."
            )
        },
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "Des données manquent ou ne conviennent pas ; `errors` dit lesquelles.",
        {
            "invalid": _example(
                422,
                "invalid",
                "Certaines données sont à corriger",
                "Certaines données sont à corriger.",
                items__0__attendees__1__email="Cette adresse n’est pas complète : nom@domaine.fr.",
            ),
            "idempotency-key-reused": _example(
                422,
                "idempotency-key-reused",
                "Clé déjà utilisée pour une autre commande",
                "Cette clé a déjà servi pour une autre commande.",
            ),
            "key-reused": _example(
                422, "key-reused", "Clé déjà employée", "Cette clé a déjà servi pour un autre billet."
            ),
            "not-ready": _example(
                422,
                "not-ready",
                "Article incomplet",
                "Avant de paraître, l’article doit avoir un titre, un chapô et un texte.",
                lead="Écrivez le chapô : il est lu par tous, abonnés ou non.",
            ),
        },
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "Le site ne peut pas répondre pour le moment ; la même requête peut être refaite.",
        {"unavailable": _example(503, "unavailable", "Service momentanément indisponible")},
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "Trop de requêtes en peu de temps.",
        {
            "too-many": _example(
                429,
                "too-many",
                "Trop de requêtes",
                "L’en-tête Retry-After dit dans combien de secondes recommencer.",
            )
        },
    ),
}
_HEADERS = {HTTPStatus.UNAUTHORIZED: _CHALLENGE, HTTPStatus.TOO_MANY_REQUESTS: _RETRY_AFTER}
#: The problem types by their code: where ``/problems/<code>`` leads.
CODES = {code: status for status, (_text, examples) in PROBLEMS.items() for code in examples}


def responses() -> dict[str, dict[str, Any]]:
    """Return the refusals as reusable responses of the document, by the name of their status."""
    return {
        status.name: {
            "description": text,
            "headers": _HEADERS.get(status, {}),
            "content": {
                MEDIA_TYPE: {
                    "schema": Problem,
                    "examples": {code: {"value": example} for code, example in examples.items()},
                }
            },
        }
        for status, (text, examples) in PROBLEMS.items()
    }


def refuses(
    blueprint: Blueprint, *statuses: HTTPStatus, problems: tuple[str, ...] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say in the document that a resource answers with these ``statuses`` too; every one may answer 429.

    With ``problems`` a status shows only the examples of these codes.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        for status in (*statuses, HTTPStatus.TOO_MANY_REQUESTS):
            view = blueprint.alt_response(int(status), **_described(status, problems))(view)
        return view

    return decorate


def _described(status: HTTPStatus, problems: tuple[str, ...]) -> dict[str, Any]:
    text, examples = PROBLEMS[status]
    chosen = {code: {"value": examples[code]} for code in examples if code in problems}
    if not chosen or len(chosen) == len(examples):
        return {"response": status.name}
    return {"schema": Problem, "content_type": MEDIA_TYPE, "description": text, "examples": chosen}
