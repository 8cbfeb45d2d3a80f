"""Requests for orders, and orders placed as anybody places them."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import Item, OrderRequest, Seats, Subscription
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import queries as order_queries
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing, Buyer
from eventsapp.registrations.values import Attendee
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.values import Delivery, GiftWish
from tests.support.makers.study_days import NOW

#: The SIRET of the City of Paris: public, and valid.
SIRET = "21750001600019"

#: Whom most orders of the tests are billed to.
TOWN_HALL = Billing(
    organisation="Ville d’Exemple",
    siret=SIRET,
    address="1, place de la Mairie",
    postcode="44000",
    city="Nantes",
    service_code="FINANCES",
    commitment_number="EJ-2026-0417",
)


def an_attendee(number: int = 1, **values: Any) -> Attendee:
    given = {
        "first_name": "Claude",
        "last_name": f"Roux{number}",
        "email": f"claude.roux{number}@ville-exemple.fr",
        "rate": "standard",
    }
    return Attendee(**given | values)


def unnamed(rate: str = "standard") -> Attendee:
    """Return a seat whose person is named later."""
    return Attendee(rate=rate)


def seats(day: StudyDay, *attendees: Attendee) -> Seats:
    return Seats(study_day=day.slug, attendees=attendees or (an_attendee(),))


def subscription(plan: Plan) -> Subscription:
    delivery = Delivery(name="Claude Roux", address="1, place de la Mairie", postcode="44000", city="Nantes")
    return Subscription(plan=plan.slug, delivery=delivery)


def a_gift(plan: Plan, **values: Any) -> Subscription:
    """Return a subscription to ``plan`` offered to Claude Roux, announced at once unless said otherwise."""
    given = {"recipient_name": "Claude Roux", "recipient_email": "claude.roux@exemple.fr", "message": "Bonne lecture."}
    return Subscription(plan=plan.slug, gift=GiftWish(**given | values))


def a_renewal(contract: Contract, plan: Plan | None = None) -> Subscription:
    """Return the renewal of ``contract``, by its own plan unless said otherwise."""
    return replace(subscription(plan or db.session.get_one(Plan, contract.plan_id)), renews=contract.id)


def a_request(*items: Item, **values: Any) -> OrderRequest:
    """Return a request by a town hall, to be paid by mandat unless said otherwise."""
    given: dict[str, Any] = {
        "buyer": Buyer(email="finances@ville-exemple.fr", first_name="Dominique", last_name="Martin"),
        "billing": TOWN_HALL,
        "payment_method": "mandat",
        "items": items,
    }
    return OrderRequest(**given | values)


def place(*items: Item, now: datetime = NOW, **values: Any) -> Order:
    """Place an order as the application does, in a transaction of its own; return it with its lines loaded."""
    with unit_of_work.transaction():
        order, _bought = checkout.place_order(a_request(*items, **values), now=now)
        reference = order.reference
    found = order_queries.by_reference(reference)
    assert found is not None
    return found
