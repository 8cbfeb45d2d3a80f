"""Reading tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from eventsapp.api import rules
from eventsapp.api.models import ApiToken
from eventsapp.api.statuses import Scope
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Kind, Listing, State
from eventsapp.core.references import same_secret

#: What each scope opens, in words.
SCOPE_LABELS: dict[Scope, str] = {
    Scope.DOOR: lazy_pgettext("scope", "Accueil"),
    Scope.ORGANISER: lazy_pgettext("scope", "Organisation"),
    Scope.EDITOR: _l("Rédaction"),
    Scope.ACCOUNTANT: _l("Comptabilité"),
}


def live_token(token: str) -> ApiToken | None:
    """Return the token that was shown, unless it is unknown or revoked.

    What the database compares is the fingerprint: how far a wrong one is right tells nothing about any token.
    """
    wanted = rules.fingerprint(token)
    found = db.session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == wanted, ApiToken.revoked_at.is_(None)))
    return found if found is not None and same_secret(wanted, found.token_hash) else None


def token(token_id: int) -> ApiToken | None:
    """Return that token, revoked or not."""
    return db.session.get(ApiToken, token_id)


def tokens() -> Sequence[ApiToken]:
    """Return every token, the newest first."""
    return db.session.scalars(sa.select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.id.desc())).all()


def token_list() -> Listing:
    """Describe the office's list of tokens."""
    return Listing(
        name="jetons",
        title=_l("Jetons d’API"),
        statement=sa.select(ApiToken),
        states=(
            State("actifs", _l("En service"), ApiToken.revoked_at.is_(None)),
            State("revoques", _l("Révoqués"), ApiToken.revoked_at.is_not(None)),
        ),
        search=(ApiToken.name,),
        search_hint=_l("Nom"),
        filters=(
            Choice(
                name="portee",
                label=_l("Portée"),
                options={scope.value: label for scope, label in SCOPE_LABELS.items()},
                where=_has_scope,
            ),
        ),
        columns=(
            Column("nom", _l("Nom"), lambda row: row.name, opens=True, sort=ApiToken.name),
            Column("portees", _l("Portées"), scope_words),
            Column("cree", _l("Créé"), lambda row: row.created_at, kind=Kind.MOMENT, sort=ApiToken.created_at),
            Column("revoque", _l("Révoqué"), lambda row: row.revoked_at, kind=Kind.MOMENT, on_phone=False),
        ),
        order=(ApiToken.created_at.desc(), ApiToken.id.desc()),
        empty=_l("Les programmes à qui vous ouvrez le site paraîtront ici."),
    )


def scope_words(row: ApiToken) -> str:
    """Return the scopes of a token in words."""
    return ", ".join(str(label) for scope, label in SCOPE_LABELS.items() if scope in row.known_scopes)


def _has_scope(code: str) -> sa.ColumnElement[bool]:
    return sa.cast(ApiToken.scopes, sa.Text()).contains(f'"{code}"', autoescape=True)
