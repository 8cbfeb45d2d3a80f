"""Steps of a dossier, and what the portal wants."""

import pytest

from eventsapp.mandats import rules
from eventsapp.mandats.errors import DossierClosed, IllegalStep, NotReadyForDeposit
from eventsapp.mandats.statuses import NEXT, OPEN, MandatStatus

pytestmark = pytest.mark.usefixtures("client")


@pytest.mark.parametrize("before", MandatStatus)
@pytest.mark.parametrize("after", MandatStatus)
def test_only_the_steps_of_the_table_are_legal(before: MandatStatus, after: MandatStatus) -> None:
    if after in NEXT[before]:
        rules.require_step(before, after)
    else:
        with pytest.raises(IllegalStep):
            rules.require_step(before, after)


def test_money_pays_a_dossier_wherever_it_stands_and_nothing_follows() -> None:
    assert {status for status in MandatStatus if MandatStatus.PAID in NEXT[status]} == {*MandatStatus} - {
        MandatStatus.PAID
    }
    assert NEXT[MandatStatus.PAID] == frozenset()


@pytest.mark.parametrize("status", sorted(set(MandatStatus) - OPEN))
def test_what_is_deposited_or_paid_is_closed(status: MandatStatus) -> None:
    with pytest.raises(DossierClosed):
        rules.require_open(status)


def test_a_deposit_names_each_code_that_is_missing() -> None:
    wanted = frozenset({"service_code", "commitment_number"})

    with pytest.raises(NotReadyForDeposit) as refused:
        rules.require_ready(wanted, {"service_code": "  ", "commitment_number": "EJ-1"}, invoiced=True)

    assert list(refused.value.errors) == ["/service_code"]
    with pytest.raises(NotReadyForDeposit):
        rules.require_ready(frozenset(), {}, invoiced=False)
