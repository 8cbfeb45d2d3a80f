"""Letting programs in: the token in the header ``Authorization``, and what it opens.

A session of the site opens nothing here: what a browser sends by itself proves nothing, and these addresses take no
CSRF token.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from flask import request
from flask_babel import gettext as _

from eventsapp.api import queries
from eventsapp.api.errors import InvalidToken, MissingScope, Unauthorised
from eventsapp.api.statuses import Scope
from eventsapp.api.values import Program

P = ParamSpec("P")
R = TypeVar("R")

#: The longest token or secret looked at, in characters.
LONGEST = 200


def requires(*scopes: Scope) -> Callable[[Callable[Concatenate[Program, P], R]], Callable[P, R]]:
    """Let only programs into the view whose token has one of ``scopes``; the view gets the program first.

    It stands above whatever reads the body: who may not write is not told what is wrong with the writing.
    """

    def decorate(view: Callable[Concatenate[Program, P], R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            return view(require(bearer(), *scopes), *args, **kwargs)

        return guarded

    return decorate


def bearer() -> str:
    """Return the token or secret of the request; raise ``Unauthorised`` when there is none."""
    scheme, _space, credentials = request.headers.get("Authorization", "").partition(" ")
    credentials = credentials.strip()
    if scheme.lower() != "bearer" or not credentials:
        raise Unauthorised(_("Cette adresse demande l’en-tête « Authorization: Bearer … »."))
    if len(credentials) > LONGEST:
        raise _unknown()
    return credentials


def require(token: str, *scopes: Scope) -> Program:
    """Return whose token it is; raise ``InvalidToken``, and ``MissingScope`` when it has none of ``scopes``."""
    program = known(token)
    if program is None:
        raise _unknown()
    require_scope(program, *scopes)
    return program


def known(token: str) -> Program | None:
    """Return whose token it is, or ``None`` when it is unknown or revoked."""
    row = queries.live_token(token)
    return None if row is None else Program(token_name=row.name, scopes=row.known_scopes)


def require_scope(program: Program, *scopes: Scope) -> None:
    """Raise ``MissingScope`` when the program has none of ``scopes``."""
    if program.scopes.isdisjoint(scopes):
        raise MissingScope(
            _(
                "Ce jeton n’a pas la portée demandée : %(scopes)s.",
                scopes=_(" ou ").join(f"« {each} »" for each in scopes),
            )
        )


def _unknown() -> InvalidToken:
    return InvalidToken(_("Ce jeton n’est pas, ou n’est plus, valable."))
