"""Reading requests: strict JSON, and what is wrong as JSON pointers into what was sent."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NoReturn

from flask import Request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser

from eventsapp.api.errors import Malformed, NotJson
from eventsapp.core.errors import Invalid

#: The largest body taken, in bytes: a long report fits, twenty participants and their questions do easily.
MOST_BYTES = 512 * 1024
#: The most things told at once about one request, and the longest pointer to one, in characters.
MOST_ERRORS = 50
LONGEST_POINTER = 300
#: Under what a pointer stands when it leads elsewhere than into the body.
_ELSEWHERE = {"json": "", "query": "/query", "headers": "/headers"}


class Parser(FlaskParser):
    """Reads bodies as JSON and nothing else, and refuses as the rest of the application does."""

    def load_json(self, req: Request, schema: Schema) -> Any:  # noqa: ARG002 - webargs passes it
        return read_json(req)

    def handle_error(
        self,
        error: ValidationError,
        req: Request,  # noqa: ARG002
        schema: Schema,  # noqa: ARG002
        *,
        error_status_code: int | None,  # noqa: ARG002
        error_headers: Mapping[str, str] | None,  # noqa: ARG002
    ) -> NoReturn:
        raise refusal(error)


def read_json(request: Request) -> Any:
    """Return the body; raise ``NotJson`` for another type of content, ``Malformed`` for what is not JSON.

    Too large a body is refused by Flask while it is read.
    """
    if not core.is_json(request.mimetype):
        raise NotJson(_("Le corps se déclare « Content-Type: application/json »."))
    request.max_content_length = MOST_BYTES
    try:
        return json.loads(request.get_data().decode(), parse_constant=_refuse_constant)
    # Beside what is no JSON: more nesting than the reader can follow, or a number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise Malformed(_("Le corps n’est pas du JSON lisible, en UTF-8.")) from error


def refusal(error: ValidationError) -> Invalid:
    """Return what to answer to a request that has not the shape asked for."""
    messages = error.messages_dict
    found = dict(islice(_pointers(messages), MOST_ERRORS))
    return Invalid(_("Certaines données sont à corriger."), errors=found)


def _pointers(messages: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Go through the messages of webargs, by place and then as nested as the data; what is wrong first counts."""
    for place, inner in messages.items():
        yield from _walk(inner, _ELSEWHERE.get(place, f"/{place}"))


def _walk(messages: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _walk(inner, at if key == "_schema" else f"{at}/{_escaped(str(key))}")
    elif isinstance(messages, list):
        yield at, str(messages[0])
    else:
        yield at, str(messages)


def _escaped(key: str) -> str:
    """Return a member's name as a pointer writes it (RFC 6901); what UTF-8 cannot write is left out."""
    writable = key[:LONGEST_POINTER].encode("utf-8", "replace").decode()
    return writable.replace("~", "~0").replace("/", "~1")


def _refuse_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)
