"""What the tests of the checkout's service look at."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing
from eventsapp.payments.models import Payment
from eventsapp.receipts import service as receipts
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.study_days import NOW

PRIVATE = Billing()


def taken(day: StudyDay) -> int:
    return db.session.scalar(sa.select(StudyDay.seats_taken).where(StudyDay.id == day.id)) or 0


def statuses() -> list[RegistrationStatus]:
    return list(db.session.scalars(sa.select(Registration.status).order_by(Registration.id)))


def pay(order: Order, cents: int, *, now: datetime = NOW, **values: Any) -> Payment | None:
    money = MoneyReceived(method=order.payment_method, amount_cents=cents, **values)
    with unit_of_work.transaction():
        return checkout.settle(order.id, money, received_on=now.date(), now=now)


def move(source: Order, target: Order, cents: int, actor: User, *, now: datetime = NOW) -> None:
    """Move money from an order to another, as the office does."""
    with unit_of_work.transaction():
        receipts.move(source.id, target.id, amount_cents=cents, reason="Erreur", actor=actor, now=now)


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(sa.select(OutgoingMail.template, OutgoingMail.to_address).order_by(OutgoingMail.id))
    return [(template, address) for template, address in rows]
