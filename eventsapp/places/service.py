"""Making, changing and removing cities and venues."""

from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.places import queries
from eventsapp.places.errors import PlaceInUse
from eventsapp.places.models import City, Venue
from eventsapp.places.values import CityDraft, VenueDraft


def save_city(city: City | None, *, values: CityDraft, actor: User, now: datetime) -> City:
    """Make a city, or change one; its address stays what it was first."""
    before = {name: getattr(city, name) for name in asdict(values)} if city else {}
    if city is None:
        city = City(slug=slugs.free_slug(City, slugs.slugify(values.name)))
        db.session.add(city)
    _write(city, values)
    db.session.flush()
    _record("places.edit", (queries.CITY_KIND, city.id, city.name), before, values, actor, now)
    return city


def save_venue(venue: Venue | None, *, values: VenueDraft, actor: User, now: datetime) -> Venue:
    """Make a venue, or change one; its address stays what it was first. Raises ``Invalid``."""
    city = queries.city_by_id(values.city_id)
    if city is None:
        raise Invalid("Cette ville n’existe plus.", errors={"/city": _("Choisissez une autre ville.")})
    before = {name: getattr(venue, name) for name in asdict(values)} if venue else {}
    if venue is None:
        venue = Venue(slug=slugs.free_slug(Venue, slugs.slugify(f"{values.name} {city.name}")))
        db.session.add(venue)
    _write(venue, values)
    db.session.flush()
    _record("places.edit", (queries.VENUE_KIND, venue.id, venue.name), before, values, actor, now)
    return venue


def delete_city(city: City, *, actor: User, now: datetime) -> None:
    """Remove a city; raise ``PlaceInUse`` when a day or a venue is there."""
    named = (queries.CITY_KIND, city.id, city.name)
    _delete(city, _("Des journées ou des lieux sont dans cette ville ; elle reste."))
    audit.record("places.delete", actor=actor, subject=named, now=now)


def delete_venue(venue: Venue, *, actor: User, now: datetime) -> None:
    """Remove a venue; raise ``PlaceInUse`` when a day is held there."""
    named = (queries.VENUE_KIND, venue.id, venue.name)
    _delete(venue, _("Des journées se tiennent dans ce lieu ; il reste."))
    audit.record("places.delete", actor=actor, subject=named, now=now)


def _write(row: City | Venue, values: CityDraft | VenueDraft) -> None:
    for name, value in asdict(values).items():
        setattr(row, name, value)


def _delete(row: City | Venue, reason: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.delete(row)
    except IntegrityError as error:
        raise PlaceInUse(reason) from error


def _record(
    action: str,
    named: tuple[str, int, str],
    before: dict[str, object],
    values: CityDraft | VenueDraft,
    actor: User,
    now: datetime,
) -> None:
    if changes := audit.difference(before, asdict(values)):
        audit.record(action, actor=actor, subject=named, now=now, changes=changes)
