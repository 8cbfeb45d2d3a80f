"""Subscriptions go from one status to another as their table says."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import rules, service
from eventsapp.subscriptions.errors import IllegalTransition
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import NEXT, ContractStatus
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize("before", list(ContractStatus))
@pytest.mark.parametrize("after", list(ContractStatus))
def test_what_the_table_does_not_say_is_refused(before: ContractStatus, after: ContractStatus) -> None:
    if after in NEXT[before]:
        rules.require_step(before, after)
    else:
        with pytest.raises(IllegalTransition):
            rules.require_step(before, after)


@pytest.mark.usefixtures("transaction")
def test_what_has_run_out_is_not_started_again() -> None:
    key = make_contract("claude@ville-exemple.fr", status=ContractStatus.EXPIRED).id

    contract = db.session.scalars(
        sa.select(Contract).where(Contract.id == key).options(joinedload(Contract.plan))
    ).one()

    with pytest.raises(IllegalTransition):
        service.start(contract, today=TODAY, now=NOW)


@pytest.mark.usefixtures("transaction")
def test_only_what_runs_runs_out() -> None:
    for status in ContractStatus:
        make_contract("claude@ville-exemple.fr", status=status, ends_on=date(2026, 11, 22))

    with unit_of_work.transaction():
        ended = service.expire_due(today=TODAY)

    assert ended == 1
    found = db.session.scalars(sa.select(Contract.status).order_by(Contract.id)).all()
    assert found == [
        ContractStatus.PENDING, ContractStatus.EXPIRED, ContractStatus.EXPIRED, ContractStatus.CANCELLED,
    ]  # fmt: skip
