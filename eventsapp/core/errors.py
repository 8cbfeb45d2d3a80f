"""Refusals: what the application answers on purpose when it cannot do what was asked."""

from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """The application says no, in words for the person who asked.

    ``errors`` maps JSON pointers (``/items/0/attendees/1/email``) to messages, for what is wrong with one field.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "La demande ne peut pas aboutir"
    status: ClassVar[int] = 409
    #: What the answer carries besides, by header.
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: str, *, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.errors: dict[str, str] = dict(errors or {})


class Invalid(Refusal):
    """What was sent does not have the shape or the values asked for."""

    code = "invalid"
    title = "Certaines données sont à corriger"
    status = 422


class NotFound(Refusal):
    """There is no such thing, or it is not for the one who asks."""

    code = "not-found"
    title = "Introuvable"
    status = 404


class Forbidden(Refusal):
    """The one who asks is known, and may not."""

    code = "forbidden"
    title = "Accès refusé"
    status = 403


class Conflict(Refusal):
    """Somebody else changed the thing meanwhile."""

    code = "conflict"
    title = "Modifié entre-temps"
    status = 409
