"""Where paper goes: changed from a day on, its history kept; copies that came back."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.errors import NotOnPaper
from eventsapp.subscriptions.models import Contract, ContractAddress
from eventsapp.subscriptions.statuses import ContractStatus, Edition, UndeliveredReason
from eventsapp.subscriptions.values import Delivery
from tests.subscriptions.looking import in_full, mails_about
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

HOME = Delivery(name="Claude Roux", address="1, place de la Mairie", postcode="44000", city="Nantes")
NEW = Delivery(name="Claude Roux", address="18 rue des Jardiniers", postcode="38000", city="Grenoble")
TODAY = NOW.date()
TOLD = "subscriptions/address_changed"
ASKED = "subscriptions/undelivered"
OF_CONTRACT = AuditEntry.subject_kind == "contract"

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


@pytest.fixture
def actor(transaction: None) -> User:
    return make_user(RoleName.ORGANISER)


def on_paper(email: str = "lectrice@exemple.fr", **values: Any) -> Contract:
    home = {
        "delivery_name": HOME.name,
        "delivery_address": HOME.address,
        "delivery_postcode": HOME.postcode,
        "delivery_city": HOME.city,
    }
    return make_contract(email, **{"plan": make_plan(edition=Edition.BOTH), **home, **values})


def change(contract: Contract, delivery: Delivery = NEW, **values: Any) -> None:
    with unit_of_work.transaction():
        service.change_address(in_full(contract), delivery, now=NOW, **values)


def came_back(contract: Contract, actor: User, **values: Any) -> None:
    with unit_of_work.transaction():
        given: dict[str, Any] = {"reason": UndeliveredReason.UNKNOWN, "on": TODAY, "actor": actor, "now": NOW}
        service.mark_undelivered(in_full(contract), **given | values)


def history(contract: Contract) -> list[tuple[date, str, bool]]:
    rows = queries.addresses_of(contract.id)
    return [(row.from_on, row.city, row.applied_at is not None) for row in rows]


def test_a_change_from_today_counts_at_once_and_its_history_is_kept() -> None:
    contract = on_paper()

    change(contract)

    assert in_full(contract).delivery == NEW
    assert history(contract) == [(TODAY, "Grenoble", True), (date(2026, 6, 1), "Nantes", True)]
    (mail,) = mails_about(TOLD)
    assert mail.to_address == "lectrice@exemple.fr"
    assert f"/abonnements/adresse/{contract.secret}/" in mail.text
    told = db.session.execute(sa.select(AuditEntry.actor_label, AuditEntry.changes)).one()
    assert told.actor_label == "lectrice@exemple.fr"
    assert told.changes["city"] == ["Nantes", "Grenoble"]


def test_a_change_from_a_day_to_come_counts_from_that_day_on_whenever_the_sweep_runs() -> None:
    contract = on_paper()
    day = TODAY + timedelta(days=20)
    change(contract, from_on=day)

    assert in_full(contract).delivery == HOME
    for later, applied in ((19, 0), (25, 1), (25, 0)):
        assert service.apply_addresses(now=NOW + timedelta(days=later)) == applied
    assert in_full(contract).delivery == NEW
    assert history(contract)[0] == (day, "Grenoble", True)


def test_of_two_days_that_were_missed_the_later_address_counts() -> None:
    contract = on_paper()
    change(contract, from_on=TODAY + timedelta(days=5))
    last = Delivery(name="Claude Roux", address="3 quai Sud", postcode="69000", city="Lyon")
    change(contract, last, from_on=TODAY + timedelta(days=9))

    assert service.apply_addresses(now=NOW + timedelta(days=30)) == 1
    assert in_full(contract).delivery == last


def test_a_second_change_for_the_same_day_replaces_the_first() -> None:
    contract, day = on_paper(), TODAY + timedelta(days=5)
    change(contract, from_on=day)
    change(contract, HOME, from_on=day)

    assert history(contract) == [(day, "Nantes", False), (date(2026, 6, 1), "Nantes", True)]


def test_a_renewal_that_went_to_the_same_place_moves_too_and_one_sent_elsewhere_does_not() -> None:
    contract = on_paper()
    following = on_paper(renews_id=contract.id, starts_on=date(2027, 6, 1), ends_on=date(2028, 5, 31))
    apart = on_paper("b@exemple.fr")
    own = on_paper(
        "b@exemple.fr", renews_id=apart.id, starts_on=date(2027, 6, 1), ends_on=date(2028, 5, 31), delivery_city="Brest"
    )

    change(contract)
    change(apart)

    assert in_full(following).delivery == NEW
    assert in_full(own).delivery_city == "Brest"
    assert len(mails_about(TOLD)) == 2


def test_the_office_changes_it_in_its_own_name(actor: User) -> None:
    contract = on_paper()
    change(contract, actor=actor)

    assert queries.addresses_of(contract.id)[0].written_by_id == actor.id
    assert db.session.scalars(sa.select(AuditEntry.actor_id).where(OF_CONTRACT)).one() == actor.id


@pytest.mark.parametrize(
    ("delivery", "days", "places"),
    [
        (Delivery(name="Claude Roux"), 0, ["/address", "/city", "/postcode"]),
        (NEW, -1, ["/from_on"]),
        (NEW, 400, ["/from_on"]),
    ],
)
def test_an_address_that_cannot_be_is_refused(delivery: Delivery, days: int, places: list[str]) -> None:
    contract = on_paper()

    with pytest.raises(Invalid) as refused:
        change(contract, delivery, from_on=TODAY + timedelta(days=days))

    assert sorted(refused.value.errors) == places
    assert db.session.scalar(sa.select(sa.func.count(ContractAddress.id))) == 0


@pytest.mark.parametrize(
    "values",
    [
        {"plan": None, "status": ContractStatus.ACTIVE},
        {"status": ContractStatus.CANCELLED},
        {"status": ContractStatus.EXPIRED},
        {"status": ContractStatus.EXPIRED, "issues": 3, "issues_sent": 3},
    ],
)
def test_what_sends_nothing_more_has_no_address_to_change(values: dict[str, Any]) -> None:
    with pytest.raises(NotOnPaper):
        change(on_paper(**values))


def test_what_has_ended_and_owes_numbers_still_has_one() -> None:
    contract = on_paper(status=ContractStatus.EXPIRED, issues=3, issues_sent=2)
    change(contract)

    assert in_full(contract).delivery == NEW


def test_a_copy_that_came_back_is_told_once_and_mended_by_a_new_address(actor: User) -> None:
    contract = on_paper()
    came_back(contract, actor)
    came_back(contract, actor, reason=UndeliveredReason.ADDRESS)

    (mail,) = mails_about(ASKED)
    assert mail.to_address == "lectrice@exemple.fr"
    assert "inconnu à l’adresse" in mail.text
    assert f"/abonnements/adresse/{contract.secret}/" in mail.text
    found = in_full(contract)
    assert (found.undelivered_on, found.undelivered_reason) == (TODAY, UndeliveredReason.ADDRESS)

    change(contract)
    found = in_full(contract)
    assert (found.undelivered_on, found.undelivered_reason) == (None, None)


def test_a_move_to_come_mends_it_when_its_day_comes(actor: User) -> None:
    contract = on_paper()
    came_back(contract, actor)
    change(contract, from_on=TODAY + timedelta(days=3))
    assert in_full(contract).undelivered_on == TODAY

    service.apply_addresses(now=NOW + timedelta(days=3))
    assert in_full(contract).undelivered_on is None


def test_the_office_may_keep_quiet_and_may_find_that_the_address_is_right(actor: User) -> None:
    contract = on_paper()
    came_back(contract, actor, tell=False)
    assert mails_about(ASKED) == []

    with unit_of_work.transaction():
        service.mend(in_full(contract), actor=actor, now=NOW)
        service.mend(in_full(contract), actor=actor, now=NOW)
    assert in_full(contract).undelivered_on is None
    actions = db.session.scalars(sa.select(AuditEntry.action).where(OF_CONTRACT).order_by(AuditEntry.id)).all()
    assert actions == ["subscriptions.undelivered", "subscriptions.delivered"]


def test_nothing_comes_back_tomorrow(actor: User) -> None:
    with pytest.raises(Invalid):
        came_back(on_paper(), actor, on=TODAY + timedelta(days=1))


def test_copies_are_changed_and_that_is_told(actor: User) -> None:
    contract = on_paper()
    with unit_of_work.transaction():
        service.set_copies(in_full(contract), copies=3, actor=actor, now=NOW)
        service.set_copies(in_full(contract), copies=3, actor=actor, now=NOW)

    assert in_full(contract).copies == 3
    assert db.session.scalars(sa.select(AuditEntry.changes).where(OF_CONTRACT)).all() == [{"copies": [1, 3]}]
