"""How many copies of each number a renewal has."""

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from eventsapp.subscriptions import service
from eventsapp.subscriptions.statuses import Edition
from eventsapp.subscriptions.values import Delivery
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.mark.parametrize(
    ("before", "same", "other"),
    [
        pytest.param(3, 3, 5, id="all of them"),
        pytest.param(2, 2, 5, id="fewer than the plan has"),
        pytest.param(4, 4, 6, id="one that the office added"),
    ],
)
def test_a_renewal_has_as_many_as_before_and_by_another_plan_what_was_added(before: int, same: int, other: int) -> None:
    plan, larger = make_plan(edition=Edition.PRINT, copies=3), make_plan(edition=Edition.PRINT, copies=5)
    contract = make_contract("lectrice@exemple.fr", plan=plan, copies=before)
    set_committed_value(contract, "plan", plan)

    made = [
        service.open_contract(
            wanted, line=None, email=contract.email, delivery=Delivery(), organisation_id=None, now=NOW, renews=contract
        ).copies
        for wanted in (plan, larger)
    ]

    assert made == [same, other]
