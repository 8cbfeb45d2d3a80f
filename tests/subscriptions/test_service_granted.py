"""What the office gives: why, until when, by whom; and ends."""

from datetime import date

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.errors import NotOfTheOffice
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, Edition
from eventsapp.subscriptions.values import Delivery, Grant
from tests.subscriptions.looking import mails_about
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

SPEAKER = "michel.monier@exemple.fr"

pytestmark = pytest.mark.usefixtures("client", "frozen")


def _grant(*, kind: ContractKind = ContractKind.COMPLIMENTARY, **values: object) -> Contract:
    given = {"email": SPEAKER, "delivery": Delivery(name="Michel Monier"), "ends_on": date(2027, 11, 22)}
    wish = Grant(kind=kind, **given | {"reason": "Intervenant"} | values)  # type: ignore[arg-type]
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        return service.grant(make_plan(), wish, actor=organiser, now=NOW)


@pytest.mark.parametrize(("kind", "reminders"), [(ContractKind.COMPLIMENTARY, False), (ContractKind.TRIAL, True)])
def test_it_runs_at_once_until_its_day_and_says_why_and_by_whom(kind: ContractKind, reminders: bool) -> None:
    contract = queries.contract(_grant(kind=kind).id)

    assert contract is not None
    assert (contract.kind, contract.status, contract.reminders) == (kind, ContractStatus.ACTIVE, reminders)
    assert (contract.starts_on, contract.ends_on) == (NOW.date(), date(2027, 11, 22))
    assert (contract.reason, contract.granted_by is not None) == ("Intervenant", True)
    assert queries.has_active_contract(SPEAKER, NOW.date())
    assert not queries.has_active_contract(SPEAKER, date(2027, 11, 23))
    assert db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.subject_kind == "contract")).all() == [
        "subscriptions.grant"
    ]


def test_it_gets_as_many_copies_as_the_plan_says() -> None:
    wish = Grant(
        kind=ContractKind.COMPLIMENTARY,
        email=SPEAKER,
        delivery=Delivery(name="Michel Monier"),
        ends_on=date(2027, 11, 22),
        reason="Service de presse",
    )
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        given = service.grant(make_plan(edition=Edition.BOTH, copies=5), wish, actor=organiser, now=NOW)

    assert given.copies == 5


@pytest.mark.parametrize(("tell", "mails"), [(True, [SPEAKER]), (False, [])])
def test_its_reader_is_told_if_the_office_wants(tell: bool, mails: list[str]) -> None:
    _grant(tell=tell)

    assert [mail.to_address for mail in mails_about("subscriptions/granted")] == mails


def test_without_a_reason_nothing_is_given() -> None:
    with pytest.raises(Invalid):
        _grant(reason="")
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 0


def test_the_office_ends_what_it_gave_and_nothing_else() -> None:
    given, paid = _grant(), make_contract("lectrice@exemple.fr")
    administrator = make_user(RoleName.ADMINISTRATOR)
    with unit_of_work.transaction():
        service.end(given.id, actor=administrator, now=NOW)

    assert not queries.has_active_contract(SPEAKER, NOW.date())
    for contract_id in (given.id, paid.id):
        with pytest.raises(NotOfTheOffice), unit_of_work.transaction():
            service.end(contract_id, actor=administrator, now=NOW)
