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


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("bon.pdf", "bon.pdf"),
        ("b" * 46 + ".pdf", "b" * 46 + ".pdf"),
        ("b" * 47 + ".pdf", "b" * 46 + ".pdf"),
        ("b" * 60, "b" * 50),
        ("bon." + "x" * 60, "bon." + "x" * 46),
    ],
)
def test_a_name_is_cut_to_what_the_portal_takes(name: str, taken: str) -> None:
    assert rules.attachment_name(name) == taken
    assert len(taken) <= rules.ATTACHMENT_NAME


def test_what_the_portal_would_refuse_is_said_before() -> None:
    megabytes = 1024 * 1024

    none = rules.portal_problems(frozenset(), {}, {"bon.pdf": 10 * megabytes}, paper_bytes=megabytes)
    all_of_it = rules.portal_problems(
        frozenset({"service_code"}), {"service_code": ""}, {"bon.pdf": 11 * megabytes}, paper_bytes=110 * megabytes
    )

    assert none == []
    assert [sentence.split("\u00a0: ")[0] for sentence in all_of_it] == [
        "Indiquez le code service",
        "«\u00a0bon.pdf\u00a0» pèse plus de 10 Mo",
        "Facture et pièces pèsent plus de 120 Mo",
    ]
