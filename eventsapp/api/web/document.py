"""The OpenAPI document: what it says of the whole, and how it describes our own kinds of members."""

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_smorest import Api
from marshmallow import Schema, fields

from eventsapp.api.web.fields import SLUG_LENGTH, SLUG_PATTERN, OneOf, OnlyTrue
from eventsapp.api.web.problems import Problem, responses
from eventsapp.api.web.resource import Resources
from eventsapp.core.slugs import SlugConverter

OPENAPI_VERSION = "3.1.0"
VERSION = "1.0.0"
#: Where the application keeps the finished document.
_KEY = "eventsapp.api"

_ABOUT = """
Tout ce que le site montre des journées d’étude, des intervenants, du magazine et des abonnements, et de quoi passer
commande. Les échanges sont en JSON, en UTF-8 ; les montants en centimes d’euro, TVA comprise ; les moments avec leur
écart à l’heure universelle. Un membre inconnu dans un corps est refusé ; de nouveaux membres peuvent paraître dans les
réponses.

Lire ce qui est public et commander ne demande pas de jeton. Le reste demande l’en-tête `Authorization: Bearer …`, avec
un jeton créé dans l’organisation du site ou par `flask tokens create`, montré une seule fois, et qui porte une ou
plusieurs portées. Une session du site n’ouvre rien ici.
""".strip()

_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Un jeton de l’équipe. Ses portées : `organiser` (inscriptions, commandes), `editor` (comptes "
        "rendus), `accountant` (commandes), `door` (accueil).",
    },
    "orderSecret": {
        "type": "http",
        "scheme": "bearer",
        "description": "Le secret d’une commande : la dernière partie de son `order_url`.",
    },
}


class Interface(Api):
    """flask-smorest with our errors: ``core/error_pages`` answers them all, and the document describes those."""

    ERROR_SCHEMA = Problem
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """Leave errors to ``core/error_pages``."""

    def register_blueprint(self, blp: Resources) -> None:
        """Register a group and describe it under its heading."""
        self._app.register_blueprint(blp)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=None)
        self.spec.tag({"name": blp.heading, "description": blp.description})

    def _register_pagination_header(self) -> None:
        """Say nothing of a header that lists do not use: they tell their pages in the body."""

    def _register_responses(self) -> None:
        for name, response in responses().items():
            self.spec.components.response(name, response, lazy=True)


def init_app(app: Flask, blueprints: tuple[Resources, ...]) -> None:
    """Register the resources of ``blueprints`` and describe them."""
    interface = Interface(
        spec_kwargs={
            "title": "API",
            "version": VERSION,
            "openapi_version": OPENAPI_VERSION,
            "info": {"description": _ABOUT},
        }
    )
    app.config.setdefault("API_TITLE", app.extensions["eventsapp.settings"].site_name)
    if isinstance(app.json, DefaultJSONProvider):
        # As it is written and in the order of the document, for whoever reads an answer with their eyes.
        app.json.ensure_ascii = app.json.sort_keys = False
    interface.init_app(app)
    interface.register_converter(SlugConverter, _slug)
    for name, scheme in _SECURITY.items():
        interface.spec.components.security_scheme(name, scheme)
    converter = interface.ma_plugin.converter
    converter.add_attribute_function(_one_of)
    converter.add_attribute_function(_only)
    for blueprint in blueprints:
        interface.register_blueprint(blueprint)
    app.extensions[_KEY] = interface


def document(app: Flask) -> dict[str, Any]:
    """Return the document; do not change it."""
    made: dict[str, Any] = app.extensions[_KEY].spec.to_dict()
    return made


def _slug(_converter: SlugConverter) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{SLUG_PATTERN}$", "maxLength": SLUG_LENGTH}


def _one_of(self: Any, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - apispec's hook
    """Describe an object of several shapes by all of them."""
    if not isinstance(field, OneOf):
        return {}
    shapes: dict[str, dict[str, Any]] = {
        kind: self.resolve_nested_schema(_instance(shape)) for kind, shape in field.shapes.items()
    }
    return {
        "oneOf": list(shapes.values()),
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind: reference["$ref"] for kind, reference in shapes.items()},
        },
    }


def _only(self: Any, field: fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - apispec's hook
    """Describe members that take one value."""
    return {"type": "boolean", "const": True} if isinstance(field, OnlyTrue) else {}


def _instance(shape: type[Schema]) -> Schema:
    return shape()
