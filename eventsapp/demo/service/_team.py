"""Who signs in to the demonstration."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from eventsapp.accounts import service as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.demo import queries, reading, rules
from eventsapp.demo.service._transaction import writing

#: Everybody's password; the demonstration is refused where strangers could use it.
PASSWORD = "une-journee-a-angers"  # noqa: S105 - meant to be known
#: How long they have been there.
_SINCE = timedelta(days=500)
#: The body whose SIRET opens the subscriber rate to whoever tries it.
_SUBSCRIBER = "saint-aubry"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """An address to sign in with, whose it is, and the role it has, in the operators' language."""

    email: str
    name: str
    role: str


def load_team(*, now: datetime) -> int:
    """Make the people of the team and the reader; return how many."""
    made = 0
    with writing():
        known = {user.email for user in queries.people([row["email"] for row in _rows()])}
        for row in _rows():
            if row["email"] in known:
                continue
            first_name, _, last_name = row["name"].partition(" ")
            accounts.create_user(
                email=row["email"],
                now=now - _SINCE,
                roles=[RoleName(row["role"])] if row["role"] else [],
                password=PASSWORD,
                first_name=first_name,
                last_name=last_name,
            )
            made += 1
    return made


def actor(role: RoleName) -> User:
    """Return who of the team has ``role``."""
    return queries.people([row["email"] for row in _rows() if row["role"] == role])[0]


def team() -> list[SignIn]:
    """Return the sign-ins that exist, in the order of the file."""
    known = {user.email for user in queries.people([row["email"] for row in _rows()])}
    return [
        SignIn(
            email=row["email"],
            name=row["name"],
            role=row["role"] or "subscriber",
        )
        for row in _rows()
        if row["email"] in known
    ]


def subscribed_siret() -> tuple[str, str]:
    """Return the name and the SIRET of a body that subscribes."""
    body = reading.bodies()[_SUBSCRIBER]
    return body.name, rules.fictional_siret(body.kind, body.number)


def _rows() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = reading.table("team")["people"]
    return rows
