"""Venues."""

import itertools
from typing import Any

from eventsapp.core.db import db
from eventsapp.places.models import City, Venue
from tests.support.makers.study_days import make_city

_numbers = itertools.count(1)


def make_venue(city: City | None = None, **values: Any) -> Venue:
    """Make a venue in ``city``."""
    number = next(_numbers)
    venue = Venue(**{"slug": f"lieu-{number}", "name": f"Centre {number}", "city": city or make_city()} | values)
    db.session.add(venue)
    db.session.commit()
    return venue
