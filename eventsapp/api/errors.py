"""What the JSON interface refuses."""

from collections.abc import Mapping
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from eventsapp.core.errors import Forbidden, Refusal


class Unauthorised(Refusal):
    """No token was shown where one is asked for."""

    code = "unauthorized"
    title = _l("Authentification requise")
    status = 401
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="api"'}


class InvalidToken(Unauthorised):
    """The token shown is unknown or was revoked; nobody is told which."""

    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}


class MissingScope(Forbidden):
    """The token is good, and not for this."""


class Malformed(Refusal):
    """The body of a request is not JSON."""

    code = "malformed"
    title = _l("Corps illisible")
    status = 400


class NotJson(Refusal):
    """The body of a request says that it is something else than JSON."""

    code = "not-json"
    title = _l("Type de contenu refusé")
    status = 415


class Gone(Refusal):
    """There was something at this address, and it was taken away."""

    code = "gone"
    title = _l("Retiré")
    status = 410


class NoScope(Refusal):
    """A token without any scope would open nothing."""

    code = "invalid"
    title = _l("Portée manquante")
    status = 422


class AlreadyRevoked(Refusal):
    """The token was revoked before."""

    code = "already-revoked"
    title = _l("Jeton déjà révoqué")
