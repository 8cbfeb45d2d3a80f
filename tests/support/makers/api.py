"""Tokens, and bodies as programs send them."""

import copy
import itertools
from typing import Any

from eventsapp.api import service
from eventsapp.api.statuses import Scope
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan
from tests.support.makers.orders import SIRET
from tests.support.makers.study_days import NOW

_numbers = itertools.count(1)


def make_token(*scopes: Scope, name: str = "") -> str:
    """Make a token with these scopes and return it."""
    _row, token = service.create_token(name=name or f"Programme {next(_numbers)}", scopes=scopes, now=NOW)
    db.session.commit()
    return token


def bearer(token: str) -> dict[str, str]:
    """Return the header that shows ``token``."""
    return {"Authorization": f"Bearer {token}"}


def key(value: str = "0b0a4e0c-6f0e-4b0e-9a39-0d0f6f6f4f3a") -> dict[str, str]:
    """Return the header that makes an order one."""
    return {"Idempotency-Key": value}


def attendee(number: int = 1, **values: Any) -> dict[str, Any]:
    return {
        "first_name": "Claude",
        "last_name": f"Roux{number}",
        "email": f"claude.roux{number}@ville-exemple.fr",
        "job_title": "directrice des finances",
        "rate": "standard",
        "answers": {},
    } | values


def seats(day: StudyDay, *attendees: dict[str, Any]) -> dict[str, Any]:
    return {"type": "registration", "study_day": day.slug, "attendees": list(attendees) or [attendee()]}


def subscription(plan: Plan, **values: Any) -> dict[str, Any]:
    delivery = {"name": "Claude Roux", "address": "1, place de la Mairie", "postcode": "44000", "city": "Nantes"}
    return {"type": "subscription", "plan": plan.slug, "delivery": delivery} | values


def order(*items: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return the contract's body, by a town hall, to be paid by mandat unless said otherwise."""
    given = {
        "customer": {
            "email": "finances@ville-exemple.fr",
            "first_name": "Dominique",
            "last_name": "Martin",
            "organisation": {
                "name": "Ville d’Exemple",
                "siret": SIRET,
                "address": "1, place de la Mairie",
                "postcode": "44000",
                "city": "Nantes",
                "service_code": "FINANCES",
                "commitment_number": "EJ-2026-0417",
            },
        },
        "payment_method": "mandat",
        "items": list(items),
        "promo_code": None,
        "accept_terms": True,
    }
    return given | values


def changed(body: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """Return a copy of ``body`` with the member at a JSON pointer set to ``value``; absent when it is ``...``."""
    made = copy.deepcopy(body)
    *way, last = pointer.strip("/").split("/")
    place: Any = made
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    where: Any = int(last) if isinstance(place, list) else last
    if value is ...:
        del place[where]
    else:
        place[where] = value
    return made
