"""How many copies of each number a renewal has."""

from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.subscriptions import service
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Edition
from eventsapp.subscriptions.values import Delivery
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def opened(plan: Plan, **values: Any) -> Contract:
    return service.open_contract(
        plan, line=None, email="lectrice@exemple.fr", delivery=Delivery(), organisation_id=None, now=NOW, **values
    )


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

    assert [opened(wanted, renews=contract).copies for wanted in (plan, larger)] == [same, other]


@pytest.mark.parametrize(
    ("wanted", "by_now", "renewed"),
    [
        pytest.param(None, 5, 5, id="all of them, and the plan has more"),
        pytest.param(None, 2, 2, id="all of them, and the plan has fewer"),
        pytest.param(2, 5, 2, id="fewer wanted, and the plan has more"),
        pytest.param(2, 1, 1, id="fewer wanted than the plan had, more than it has"),
    ],
)
def test_a_renewal_takes_the_number_of_the_plan_by_now_unless_fewer_were_wanted(
    wanted: int | None, by_now: int, renewed: int
) -> None:
    plan = make_plan(edition=Edition.PRINT, copies=3)
    contract = opened(plan, copies=wanted)
    plan.copies = by_now

    following = opened(plan, renews=contract)

    assert following.copies == renewed
    assert opened(plan, renews=following).copies == renewed, "and so does the one after it"


@pytest.mark.parametrize(
    ("said", "by_now", "renewed"),
    [
        pytest.param(4, 5, 6, id="one more than the plan had then"),
        pytest.param(2, 5, 2, id="fewer"),
    ],
)
def test_what_the_office_said_is_kept_beside_a_plan_that_changes(said: int, by_now: int, renewed: int) -> None:
    actor, plan = make_user(RoleName.ADMINISTRATOR), make_plan(edition=Edition.PRINT, copies=3)
    contract = opened(plan)
    service.set_copies(contract, copies=said, actor=actor, now=NOW)
    plan.copies = by_now

    assert opened(plan, renews=contract).copies == renewed


def test_what_the_office_raised_to_the_plan_as_it_is_by_now_is_nothing_added() -> None:
    actor, plan = make_user(RoleName.ADMINISTRATOR), make_plan(edition=Edition.PRINT, copies=3)
    contract = opened(plan)
    plan.copies = 5
    service.set_copies(contract, copies=5, actor=actor, now=NOW)

    assert opened(plan, renews=contract).copies == 5
