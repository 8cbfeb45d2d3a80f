"""Subscriptions that begin, two of one reader at the same moment."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.subscriptions import service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

#: Seconds that a transaction goes on after its last statement, so that the other meets it.
GOES_ON = 0.3
READER = "claude@ville-exemple.fr"


@pytest.mark.parametrize("known", [False, True])
def test_of_two_subscriptions_paid_at_once_one_begins_when_the_other_ends(
    database: str, tmp_path: Path, known: bool
) -> None:
    def pay(contract_id: int) -> None:
        with unit_of_work.transaction():
            contract = db.session.scalars(
                sa.select(Contract).where(Contract.id == contract_id).options(joinedload(Contract.plan))
            ).one()
            service.start(contract, today=clock.local_date(NOW), now=NOW)
            db.session.flush()
            time.sleep(GOES_ON)

    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            plan = make_plan()
            waiting = {"plan": plan, "status": ContractStatus.PENDING, "starts_on": None, "ends_on": None}
            one, other = (make_contract(READER, **waiting).id for _ in range(2))
            if known:
                make_user(email=READER)
            db.session.remove()

        at_once(app, lambda: pay(one), lambda: pay(other))

        with app.app_context():
            first, second = db.session.scalars(sa.select(Contract).order_by(Contract.starts_on)).all()
            assert first.ends_on is not None
            assert second.starts_on == first.ends_on + timedelta(days=1)
            db.session.remove()
