"""The towns and the made-up buildings that the days are held in, written with the first day there."""

from datetime import datetime
from typing import Any

from eventsapp.accounts.models import User
from eventsapp.core import french, slugs
from eventsapp.demo import queries, reading
from eventsapp.places import service as places
from eventsapp.places.models import City, Venue
from eventsapp.places.values import CityDraft, VenueDraft


def town(slug: str, *, actor: User, now: datetime) -> City:
    """Return the town with that slug."""
    known = queries.city(slug)
    if known is not None:
        return known
    row = next(row for row in reading.table("places")["cities"] if slugs.slugify(row["name"]) == slug)
    return places.save_city(None, values=CityDraft(**row), actor=actor, now=now)


def building(key: str, *, opens: datetime | None, actor: User, now: datetime) -> tuple[City, Venue]:
    """Return the building with that key, and its town; the pin on the map is the middle of the town.

    ``opens`` is when registration begins, for a place that is told only then.
    """
    row: dict[str, Any] = dict(next(row for row in reading.table("venues")["venues"] if row["key"] == key))
    del row["key"]
    where = town(row.pop("city"), actor=actor, now=now)
    if opens is not None:
        row["name"] = row["name"].format(month_of_opening=french.MONTHS[opens.month - 1])
    known = queries.venue(slugs.slugify(f"{row['name']} {where.name}"))
    if known is not None:
        return where, known
    if "address" in row:
        row |= {"latitude": where.latitude, "longitude": where.longitude}
    return where, places.save_venue(None, values=VenueDraft(city_id=where.id, **row), actor=actor, now=now)
