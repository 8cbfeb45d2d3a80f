"""A registration form as a browser sends it, and what came of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.study_days.models import StudyDay
from tests.support.makers.orders import SIRET
from tests.support.makers.study_days import make_study_day

MANDAT = {
    "submission": "un-jeton-du-formulaire",
    "attendees-0-first_name": "Claude",
    "attendees-0-last_name": "Roux",
    "attendees-0-email": "claude.roux@ville-exemple.fr",
    "attendees-0-rate": "standard",
    "buyer_attends": "y",
    "organisation": "Ville d’Exemple",
    "siret": SIRET,
    "address": "1, place de la Mairie",
    "postcode": "44000",
    "city": "Nantes",
    "payment_method": "mandat",
    "commitment_number": "EJ-2026-0417",
    "accept_terms": "y",
}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def open_day(**values: Any) -> StudyDay:
    """Make a day that is open at the time the tests really run."""
    starts_at = datetime.now(UTC) + timedelta(days=60)
    return make_study_day(**({"starts_at": starts_at, "registration_closes_at": starts_at} | values))


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def send(client: FlaskClient, day: StudyDay, changes: dict[str, str] | None = None, **more: str) -> TestResponse:
    form = MANDAT | (changes or {}) | more
    return client.post(f"/journees/{day.slug}/inscription/", data={name: text for name, text in form.items() if text})


def the_order() -> Order:
    return db.session.scalars(sa.select(Order)).one()
