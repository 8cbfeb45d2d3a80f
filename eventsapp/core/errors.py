"""Refusals: what the application answers on purpose when it cannot do what was asked."""

from collections.abc import Mapping
from typing import ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _l


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error of the program
    """The application says no, in words for the person who asked.

    ``message`` is a French sentence, kept in the language in use (``scripts/translations.py`` collects it as it
    stands). One made of parts, and the texts of ``errors``, are translated where they are made. ``errors`` maps JSON
    pointers (``/items/0/attendees/1/email``) to messages, for what is wrong with one field.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str] = _l("La demande ne peut pas aboutir")
    status: ClassVar[int] = 409
    #: What the answer carries besides, by header.
    headers: ClassVar[Mapping[str, str]] = {}

    def __init__(self, message: str, *, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = str(gettext(message))
        self.errors: dict[str, str] = dict(errors or {})


class Invalid(Refusal):
    """What was sent does not have the shape or the values asked for."""

    code = "invalid"
    title = _l("Certaines données sont à corriger")
    status = 422


class NotFound(Refusal):
    """There is no such thing, or it is not for the one who asks."""

    code = "not-found"
    title = _l("Introuvable")
    status = 404


class Forbidden(Refusal):
    """The one who asks is known, and may not."""

    code = "forbidden"
    title = _l("Accès refusé")
    status = 403


class Conflict(Refusal):
    """Somebody else changed the thing meanwhile."""

    code = "conflict"
    title = _l("Modifié entre-temps")
    status = 409
