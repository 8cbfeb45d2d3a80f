"""Two at the same moment: readers of one gift, payments of one renewal, sweeps of one reminder."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.subscriptions import service
from eventsapp.subscriptions.errors import GiftTaken
from eventsapp.subscriptions.models import Contract, Gift
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.values import Delivery, Reader
from tests.checkout.looking import PRIVATE, pay
from tests.support.at_once import at_once, committing_app
from tests.support.makers.orders import a_gift, a_renewal, place
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

READER = "lectrice@exemple.fr"

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        yield app


def _each(app: Flask, *people: Callable[[], object]) -> list[object]:
    """Let each act at once in a transaction of their own; return what each got, the refusal where there was one."""

    def act(person: Callable[[], object]) -> object:
        try:
            with unit_of_work.transaction():
                return person()
        except Refusal as refusal:
            return refusal

    return at_once(app, *(partial(act, person) for person in people))


def test_of_two_readers_of_one_gift_one_has_it(served: Flask) -> None:
    with served.app_context(), writing():
        order = place(a_gift(make_plan()), payment_method="card", billing=PRIVATE)
        pay(order, order.total_cents)
        secret = db.session.scalars(sa.select(Gift.secret)).one()
        db.session.remove()

    def redeem(email: str) -> str:
        service.redeem(secret, reader=Reader(email=email, delivery=Delivery()), locale="fr", now=NOW)
        return email

    answers = _each(served, *(partial(redeem, f"lecteur{number}@exemple.fr") for number in range(4)))

    winners = [answer for answer in answers if isinstance(answer, str)]
    assert len(winners) == 1
    assert [type(answer) for answer in answers if not isinstance(answer, str)] == [GiftTaken] * 3
    with served.app_context():
        assert db.session.execute(sa.select(Contract.email, Contract.status)).all() == [
            (winners[0], ContractStatus.ACTIVE)
        ]
        started = OutgoingMail.template == "subscriptions/gift_started"
        assert db.session.scalars(sa.select(OutgoingMail.to_address).where(started)).all() == winners
        db.session.remove()


def test_of_two_renewals_paid_at_once_one_extends_and_the_other_is_to_be_given_back(served: Flask) -> None:
    with served.app_context(), writing():
        plan = make_plan()
        contract = make_contract(READER, plan=plan)
        orders = [
            place(a_renewal(contract, plan), payment_method=method, billing=PRIVATE).id for method in ("card", "cheque")
        ]
        db.session.remove()

    def settle(order_id: int, method: str) -> bool:
        money = MoneyReceived(method=method, amount_cents=12900, reference=method)
        return checkout.settle(order_id, money, received_on=NOW.date(), now=NOW) is not None

    answers = _each(served, partial(settle, orders[0], "card"), partial(settle, orders[1], "cheque"))

    assert answers == [True, True]
    with served.app_context():
        renewals = db.session.execute(
            sa.select(Contract.status, Contract.starts_on, Contract.ends_on)
            .where(Contract.renews_id.is_not(None))
            .order_by(Contract.status)
        ).all()
        assert [tuple(row) for row in renewals] == [
            (ContractStatus.ACTIVE, date(2027, 6, 1), date(2028, 5, 31)),
            (ContractStatus.CANCELLED, None, None),
        ]
        flagged = db.session.execute(sa.select(Order.paid_without_seat, Order.status)).all()
        assert sorted(map(tuple, flagged)) == [(False, OrderStatus.CONFIRMED), (True, OrderStatus.CANCELLED)]
        db.session.remove()


def test_two_sweeps_at_once_remind_each_reader_once(served: Flask) -> None:
    with served.app_context(), writing():
        for number in range(5):
            make_contract(f"lectrice{number}@exemple.fr")
        db.session.remove()
    now = NOW + (date(2027, 5, 31) - timedelta(days=60) - NOW.date())

    sent = at_once(served, lambda: service.remind_due(now=now), lambda: service.remind_due(now=now))

    assert sum(sent) == 5
    assert _most_mails_to_one(served) == 1


def test_two_sweeps_at_once_announce_each_gift_once(served: Flask) -> None:
    with served.app_context(), writing():
        for number in range(3):
            order = place(
                a_gift(make_plan(), recipient_email=f"lecteur{number}@exemple.fr"),
                payment_method="card",
                billing=PRIVATE,
            )
            pay(order, order.total_cents)
        db.session.execute(sa.delete(OutgoingMail))
        db.session.commit()
        db.session.remove()

    told = at_once(served, lambda: service.announce_due(now=NOW), lambda: service.announce_due(now=NOW))

    assert sum(told) == 3
    assert _most_mails_to_one(served) == 1


def _most_mails_to_one(app: Flask) -> int:
    with app.app_context():
        addresses = db.session.scalars(sa.select(OutgoingMail.to_address)).all()
        db.session.remove()
    return max(Counter(addresses).values())
