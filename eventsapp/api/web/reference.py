"""The OpenAPI document as its readable page shows it: groups, calls, members in words, examples."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventsapp.core.i18n import number
from eventsapp.core.slugs import slugify

_JSON = "application/json"
_METHODS = ("get", "post", "patch", "put", "delete")
_WORDS = {
    "string": _l("texte"),
    "integer": _l("nombre entier"),
    "number": _l("nombre"),
    "boolean": _l("vrai ou faux"),
    "object": _l("objet"),
    "null": _l("nul"),
}
_FORMATS = {
    "date-time": _l("date et heure"),
    "date": _l("date"),
    "uri": _l("adresse"),
    "email": _l("courriel"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of an object, or a parameter."""

    name: str
    #: The objects it stands in, from the outside: ``items[registration]``, ``attendees[]``.
    within: tuple[str, ...] = ()
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way a call is answered."""

    status: str
    description: str
    #: Problem type → what it says.
    problems: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A method of a resource."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    #: What must be shown to be let in, in words; empty when nobody asks.
    needs: Sequence[str]
    parameters: Sequence[Member]
    sent: Sequence[Member]
    sent_example: str
    answered: Sequence[Member]
    answer_example: str
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Calls under one heading."""

    anchor: str
    name: str
    description: str
    calls: Sequence[Call]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Return the calls of the document under their headings, in its order."""
    reader = _Reader(document)
    calls: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                shared = methods.get("parameters", [])
                call = reader.call(method, path, methods[method], shared)
                calls.setdefault(methods[method]["tags"][0], []).append(call)
    return [
        Group(
            anchor=slugify(tag["name"]),
            name=tag["name"],
            description=tag["description"],
            calls=calls.get(tag["name"], []),
        )
        for tag in document["tags"]
    ]


class _Reader:
    """Follows the references of one document."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def call(self, method: str, path: str, operation: Mapping[str, Any], shared: Sequence[Any]) -> Call:
        parameters = [self._found(parameter) for parameter in [*shared, *operation.get("parameters", [])]]
        body = operation.get("requestBody", {}).get("content", {}).get(_JSON)
        answer = self._answer(operation["responses"])
        return Call(
            anchor=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=operation["summary"],
            description=operation.get("description", ""),
            needs=list(self._needs(operation.get("security", []))),
            parameters=[self._parameter(parameter) for parameter in parameters],
            sent=list(self._members(self._plain(body["schema"]))) if body else [],
            sent_example=_written(body.get("example", self._example(body["schema"]))) if body else "",
            answered=list(self._members(self._plain(answer))) if answer else [],
            answer_example=_written(self._example(answer)) if answer else "",
            outcomes=[
                self._outcome(str(status), response) for status, response in sorted(_by_status(operation["responses"]))
            ],
        )

    def _found(self, thing: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a reference leads to, or the thing itself."""
        while "$ref" in thing:
            place: Any = self._document
            for step in thing["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            thing = place
        return thing

    def _answer(self, responses: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the schema of the first answer that is no refusal and has a body."""
        for status, response in sorted(_by_status(responses)):
            content = self._found(response).get("content", {})
            if status.startswith("2") and _JSON in content:
                schema: Mapping[str, Any] = content[_JSON]["schema"]
                return schema
        return None

    def _needs(self, security: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for choice in security:
            for scheme, scopes in choice.items():
                if scheme == "orderSecret":
                    yield _("le secret de la commande")
                else:
                    yield _("un jeton de portée %(scopes)s", scopes=_(" ou ").join(scopes))

    def _parameter(self, parameter: Mapping[str, Any]) -> Member:
        places = {"query": _("paramètre"), "header": _("en-tête"), "path": _("dans l’adresse")}
        return Member(
            name=parameter["name"],
            kind=f"{self._kind(parameter['schema'])}, {places[parameter['in']]}",
            required=parameter.get("required", False),
            description=parameter.get("description") or parameter["schema"].get("description", ""),
        )

    def _members(self, schema: Mapping[str, Any], within: tuple[str, ...] = ()) -> Iterator[Member]:
        """Go through the members of an object and of those within it."""
        for name, member in schema.get("properties", {}).items():
            yield Member(
                name=name,
                within=within,
                kind=self._kind(member),
                required=name in schema.get("required", ()),
                description=member.get("description", ""),
            )
            for place, inner in self._inside(name, member):
                yield from self._members(inner, (*within, place))

    def _inside(self, name: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Return the objects that stand in a member, each with the name of its place."""
        whole = self._plain(schema)
        if _type(whole) != "array":
            yield name, whole
            return
        item = self._plain(whole["items"])
        for kind, reference in item.get("discriminator", {}).get("mapping", {}).items():
            yield f"{name}[{kind}]", self._found({"$ref": reference})
        yield f"{name}[]", item

    def _plain(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the schema behind a reference, null left aside."""
        choices = [choice for choice in schema.get("anyOf", ()) if choice.get("type") != "null"]
        return self._found(choices[0] if len(choices) == 1 else schema)

    def _kind(self, schema: Mapping[str, Any]) -> str:
        """Return what may stand there, in words."""
        whole = self._plain(schema)
        nullable = "anyOf" in schema or "null" in _types(schema)
        kind = _type(whole)
        if "const" in whole:
            words = f"`{json.dumps(whole['const'])}`"
        elif "enum" in whole:
            words = ", ".join(f"`{value}`" for value in whole["enum"] if value is not None)
        elif kind == "array":
            words = self._list(whole["items"])
        elif whole.get("format") in _FORMATS:
            words = str(_FORMATS[whole["format"]])
        else:
            words = str(_WORDS.get(kind, _WORDS["object"]))
        return ", ".join([words, *_bounds(whole)]) + (_(", ou nul") if nullable and kind != "null" else "")

    def _list(self, item: Mapping[str, Any]) -> str:
        """Return what a list holds, in words; the members of objects are told one by one."""
        inner = self._plain(item)
        holds_objects = "properties" in inner or "oneOf" in inner
        return str(_("liste") if holds_objects else _("liste, chacun : %(kind)s", kind=self._kind(inner)))

    def _example(self, schema: Mapping[str, Any]) -> Any:
        """Return an example put together from those of the members."""
        if "example" in schema:
            return schema["example"]
        whole = self._plain(schema)
        if "example" in whole:
            return whole["example"]
        if "oneOf" in whole:
            return self._example(whole["oneOf"][0])
        if _type(whole) == "array":
            return [self._example(whole["items"])]
        if "properties" in whole:
            return {name: self._example(member) for name, member in whole["properties"].items()}
        if "enum" in whole:
            return whole["enum"][0]
        return "…" if _type(whole) == "string" else None

    def _outcome(self, status: str, response: Mapping[str, Any]) -> Outcome:
        whole = self._found(response)
        problems = [
            (example["value"]["type"].removeprefix("/problems/"), example["value"]["title"])
            for media_type, content in whole.get("content", {}).items()
            if media_type != _JSON
            for example in content.get("examples", {}).values()
        ]
        return Outcome(status=status, description=whole["description"], problems=problems)


def _by_status(responses: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for status, response in responses.items():
        yield str(status), response


def _types(schema: Mapping[str, Any]) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _type(schema: Mapping[str, Any]) -> str:
    kinds = [kind for kind in _types(schema) if kind != "null"] or _types(schema)
    return kinds[0] if kinds else ""


def _bounds(schema: Mapping[str, Any]) -> Iterator[str]:
    for least, most in (("minimum", "maximum"), ("minItems", "maxItems")):
        if least in schema and most in schema:
            yield _("de %(least)s à %(most)s", least=number(schema[least]), most=number(schema[most]))
        elif most in schema:
            yield _("%(most)s au plus", most=number(schema[most]))
    if "maxLength" in schema:
        yield _("%(most)s caractères au plus", most=number(schema["maxLength"]))


def _written(example: Any) -> str:
    return json.dumps(example, indent=2, ensure_ascii=False)
