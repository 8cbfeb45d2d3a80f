"""What came of a seat, and the mails about its order."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import NamedBy
from eventsapp.registrations.values import Person
from tests.support.makers.study_days import NOW


def a_person(number: int = 1, **values: Any) -> Person:
    given = {
        "first_name": "Camille",
        "last_name": f"Petit{number}",
        "email": f"camille.petit{number}@ville-exemple.fr",
    }
    return Person(**given | values)


def seat_of(order: Order, position: int = 1) -> Registration:
    """Return a seat of the order as it is now, loaded as pages load it."""
    db.session.expire_all()
    key = next(row.id for row in queries.of_order(order.id) if row.position == position)
    found = queries.seat_of_order(order.id, key)
    assert found is not None
    return found


def name(order: Order, position: int = 1, *, by: NamedBy = NamedBy.BUYER, now: datetime = NOW, **person: Any) -> None:
    with unit_of_work.transaction():
        registrations.name_seat(seat_of(order, position), person=a_person(position, **person), by=by, now=now)


def invite(order: Order, position: int = 1, *, email: str = "camille@ville-exemple.fr", now: datetime = NOW) -> None:
    with unit_of_work.transaction():
        registrations.invite(seat_of(order, position), email=email, now=now)


def mails(template: str) -> list[tuple[str, str]]:
    """Return address and text of every mail ``registrations/<template>``, the first first."""
    rows = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.template == f"registrations/{template}").order_by(OutgoingMail.id)
    )
    return [(mail.to_address, mail.text) for mail in rows]
