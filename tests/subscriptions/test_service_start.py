"""Subscriptions that begin, two of one reader at the same moment."""

import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.subscriptions import service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus, Edition
from eventsapp.subscriptions.values import Delivery
from tests.subscriptions.looking import in_full
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


@pytest.mark.parametrize(
    ("values", "running", "kept"),
    [
        ({}, False, 377),
        # What it goes on from has the number already.
        ({}, True, None),
        # It ran out while its money was missing, and begins anew.
        ({"starts_on": date(2025, 6, 1), "ends_on": date(2026, 5, 31)}, False, None),
    ],
)
@pytest.mark.usefixtures("transaction")
def test_the_number_that_was_chosen_counts_for_what_begins_at_once(
    values: dict[str, date], running: bool, kept: int | None
) -> None:
    plan = make_plan(edition=Edition.PRINT)
    if running:
        make_contract("claude@ville-exemple.fr", plan=plan)
    waiting: dict[str, Any] = {"starts_on": None, "ends_on": None, "status": ContractStatus.PENDING, "first_issue": 377}
    contract = in_full(make_contract("claude@ville-exemple.fr", plan=plan, **waiting | values))

    with unit_of_work.transaction():
        service.start(in_full(contract), today=NOW.date(), now=NOW)

    assert in_full(contract).first_issue == kept


@pytest.mark.parametrize(
    ("before", "plan_before", "plan", "copies"),
    [
        (None, None, 2, 2),
        (2, 2, 2, 2),
        # It is of before plans said how many.
        (1, 2, 2, 2),
        # The office had let two more go out.
        (4, 2, 2, 4),
        (5, 5, 2, 2),
        (2, 2, 5, 5),
    ],
)
@pytest.mark.usefixtures("transaction")
def test_a_contract_gets_the_copies_of_its_plan_and_what_the_office_added_before(
    before: int | None, plan_before: int | None, plan: int, copies: int
) -> None:
    renews = None
    if before is not None:
        former = make_plan(edition=Edition.BOTH, copies=plan_before)
        renews = in_full(make_contract(READER, plan=former, copies=before))
    bought = make_plan(edition=Edition.BOTH, copies=plan)

    opened = service.open_contract(
        bought, line=None, email=READER, delivery=Delivery(), organisation_id=None, renews=renews, now=NOW
    )

    assert opened.copies == copies
