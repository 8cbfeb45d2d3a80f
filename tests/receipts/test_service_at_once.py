"""A cheque that bounces at the moment when it is put on a slip. On PostgreSQL: SQLite lets nobody write besides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core.db import db, writing
from eventsapp.payments.models import Deposit, Payment
from eventsapp.payments.values import Part
from eventsapp.receipts import service
from eventsapp.receipts.errors import NotDepositable
from tests.support.at_once import committing_app
from tests.support.crossing import crossed
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]

TODAY = NOW.date()


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """One cheque that waits for the bank."""
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            actor = make_user(RoleName.ACCOUNTANT)
            order = place(seats(make_study_day()), payment_method="cheque")
            money = MoneyReceived(method="cheque", amount_cents=62100)
            part = Part(order_id=order.id, amount_cents=62100)
            service.record([part], money, received_on=TODAY, actor=actor, now=NOW)
            db.session.commit()
            db.session.remove()
        yield app


def _office() -> User:
    return db.session.scalars(sa.select(User)).one()


def _cheque() -> int:
    return db.session.scalars(sa.select(Payment.id)).one()


def _deposit() -> str:
    try:
        service.deposit([_cheque()], deposited_on=TODAY, actor=_office(), now=NOW)
    except NotDepositable:
        return "refused"
    return "on the slip"


def _reverse() -> str:
    service.reverse(_cheque(), reversed_on=TODAY, reason="sans provision", actor=_office(), now=NOW)
    return "bounced"


def test_a_cheque_that_bounces_right_before_it_is_put_on_a_slip_gets_onto_none(served: Flask) -> None:
    got = crossed(
        served,
        (r"FROM orders .*FOR NO KEY UPDATE|INSERT INTO deposits", _deposit),
        (r"INSERT INTO payments", _reverse),
    )

    assert got == ["refused", "bounced"]
    with served.app_context():
        assert db.session.scalars(sa.select(Deposit)).all() == []
        assert db.session.scalars(sa.select(Payment.deposit_id)).all() == [None, None]
        db.session.remove()
