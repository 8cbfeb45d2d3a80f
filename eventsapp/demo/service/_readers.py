"""Who reads for the institutions of the demonstration: invited, arrived, and how often they came."""

from datetime import datetime, timedelta
from typing import Any

from eventsapp.demo import queries, reading
from eventsapp.demo.service._orders import KEY, moment_of
from eventsapp.demo.service._transaction import writing
from eventsapp.subscriptions import queries as subscription_queries
from eventsapp.subscriptions import service as subscriptions

#: Days between two visits of one reader.
_RHYTHM = 19


def load_readers(*, now: datetime) -> int:
    """Invite the people of readers.toml, and let those join who did; return how many are new."""
    return sum(_load(row, now=now) for row in reading.table("readers")["institutions"])


def _load(row: dict[str, Any], *, now: datetime) -> int:
    readership_id = queries.readership_of(f"{KEY}{row['order']}")
    if readership_id is None:
        raise LookupError(row["order"])
    (manager, *_others) = subscription_queries.managers_of(readership_id)
    known = subscription_queries.members_with(readership_id, [person["email"] for person in row["people"]])
    new = [person for person in row["people"] if person["email"] not in known]
    for person in new:
        when = moment_of(person["invited"], person["email"], now=now)
        with writing():
            subscriptions.invite(
                readership_id, f"{person['name']} <{person['email']}>", by=manager.email, locale="fr", now=when
            )
        if "joined" in person:
            _join(readership_id, person, now=now)
    return len(new)


def _join(readership_id: int, person: dict[str, Any], *, now: datetime) -> None:
    joined_at = moment_of(person["joined"], person["email"], now=now)
    with writing():
        member = subscription_queries.member_with(readership_id, person["email"])
        if member is None:
            raise LookupError(person["email"])
        subscriptions.accept(member.secret, now=joined_at)
    for visit in range(person.get("reads", 0)):
        with writing():
            subscriptions.count_read(
                readership_id, person["email"], now=min(now, joined_at + timedelta(days=visit * _RHYTHM))
            )
