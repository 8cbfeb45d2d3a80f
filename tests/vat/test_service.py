"""Categories and rates are written, told in the history, and never change what was sold."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.orders.models import OrderLineVat
from eventsapp.vat import queries, service
from eventsapp.vat.errors import CategoryInUse, LastRate, RateInForce
from eventsapp.vat.models import VatCategory, VatRate
from eventsapp.vat.statuses import VatKind
from eventsapp.vat.values import CategoryDraft
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

NEW_YEAR = date(2027, 1, 1)
DRAFT = CategoryDraft(name="Presse en ligne", name_en="Online press", kind=VatKind.PRESS)

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def _category(code: str) -> VatCategory:
    found = queries.category(code)
    assert found is not None
    return found


def _last_entry() -> AuditEntry:
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


def _sold_at() -> list[int]:
    return list(db.session.scalars(sa.select(OrderLineVat.rate).order_by(OrderLineVat.id)))


def test_the_first_categories_are_those_of_the_law() -> None:
    known = {code: (dated.kind.value, dated.rates[-1][1]) for code, dated in queries.tariff().items()}

    assert known == {
        "standard": ("standard", 2000),
        "intermediate": ("reduced", 1000),
        "reduced": ("reduced", 550),
        "press": ("press", 210),
        "overseas": ("standard", 850),
        "overseas-press": ("press", 105),
        "exempt-training": ("exempt", 0),
    }
    assert queries.tariff()["exempt-training"].exemption_code == "VATEX-FR-CGI261-4"


def test_a_category_is_written_with_its_first_rate_and_the_history_tells_it(accountant: User) -> None:
    added = service.add_category(DRAFT, rate=210, valid_from=date(2026, 1, 1), actor=accountant, now=NOW)

    assert (added.code, _category("presse-en-ligne").rate_on(NOW.date())) == ("presse-en-ligne", 210)
    entry = _last_entry()
    assert (entry.action, entry.subject_kind, entry.changes["rate"]) == (
        "vat.create", "vat_category", [None, "2,1\xa0% au 1er\xa0janv. 2026"],
    )  # fmt: skip


def test_a_rate_to_come_counts_for_days_held_from_then_on_and_for_orders_placed_from_then_on(accountant: User) -> None:
    service.add_rate(_category("standard"), rate=2100, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW)
    service.add_rate(_category("press"), rate=300, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW)

    place(seats(make_study_day(starts_at=NOW.replace(month=12, day=14))), subscription(make_plan()))
    place(seats(make_study_day(starts_at=NOW.replace(year=2027, month=2))))

    assert _sold_at() == [2000, 210, 2100]
    assert _last_entry().action != "vat.rate"


def test_a_rate_of_the_past_is_said_to_be_one_and_what_was_sold_keeps_its_own(accountant: User) -> None:
    place(subscription(make_plan()))
    press, began = _category("press"), date(2026, 11, 1)

    with pytest.raises(RateInForce):
        service.add_rate(press, rate=550, valid_from=began, knowingly=False, actor=accountant, now=NOW)
    service.add_rate(press, rate=550, valid_from=began, knowingly=True, actor=accountant, now=NOW)
    place(subscription(make_plan(parts=[("", "press", 12900)])))

    assert _sold_at() == [210, 550]
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "vat.rate")).one().changes
    assert told == {"rate": ["2,1\xa0%", "5,5\xa0% au 1er\xa0nov. 2026"], "in_force": True}


def test_a_second_rate_of_one_day_replaces_the_first(accountant: User) -> None:
    for rate in (2100, 2200):
        service.add_rate(
            _category("standard"), rate=rate, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW
        )

    assert [(row.valid_from, row.rate) for row in _category("standard").rates] == [
        (NEW_YEAR, 2200), (date(2014, 1, 1), 2000),
    ]  # fmt: skip


def test_what_changes_nothing_or_does_not_go_with_the_kind_is_refused(accountant: User) -> None:
    for code, rate in (("standard", 2000), ("standard", 0), ("exempt-training", 2000)):
        with pytest.raises(Invalid):
            service.add_rate(
                _category(code), rate=rate, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW
            )


def test_a_rate_to_come_is_taken_back_and_one_in_force_is_not(accountant: User) -> None:
    standard = _category("standard")
    coming = service.add_rate(standard, rate=2100, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW)

    service.remove_rate(standard, coming.id, actor=accountant, now=NOW)
    db.session.commit()

    (left,) = _category("standard").rates
    with pytest.raises(RateInForce):
        service.remove_rate(_category("standard"), left.id, actor=accountant, now=NOW)


def test_the_only_rate_is_not_taken_back(accountant: User) -> None:
    coming = service.add_category(DRAFT, rate=210, valid_from=NEW_YEAR, actor=accountant, now=NOW)
    (only,) = coming.rates

    with pytest.raises(LastRate):
        service.remove_rate(coming, only.id, actor=accountant, now=NOW)
    service.add_rate(coming, rate=300, valid_from=NEW_YEAR.replace(month=2), knowingly=False, actor=accountant, now=NOW)
    service.remove_rate(coming, only.id, actor=accountant, now=NOW)
    db.session.commit()

    assert [row.rate for row in _category("presse-en-ligne").rates] == [300]


def test_of_two_people_who_add_a_rate_for_one_day_the_second_replaces_it(accountant: User) -> None:
    read_before = _category("standard")
    assert len(read_before.rates) == 1
    db.session.execute(sa.insert(VatRate).values(category_code="standard", valid_from=NEW_YEAR, rate=2100))

    service.add_rate(read_before, rate=2200, valid_from=NEW_YEAR, knowingly=False, actor=accountant, now=NOW)
    db.session.commit()

    assert [row.rate for row in _category("standard").rates] == [2200, 2000]
    assert _last_entry().changes["rate"][0] == "21\xa0%"


def test_two_people_do_not_overwrite_each_other(accountant: User) -> None:
    press = _category("press")
    service.edit_category(press, DRAFT, version=1, actor=accountant, now=NOW)

    with pytest.raises(Conflict):
        service.edit_category(press, DRAFT, version=1, actor=accountant, now=NOW)
    assert _last_entry().changes == {
        "name": ["Presse inscrite (CPPAP)", "Presse en ligne"], "name_en": ["Registered press", "Online press"],
    }  # fmt: skip


def test_a_taxed_category_does_not_turn_exempt_while_it_has_a_rate(accountant: User) -> None:
    exempt = CategoryDraft(
        name="A", name_en="A", kind=VatKind.EXEMPT, exemption="Art. 261", exemption_code="VATEX-FR-CGI261-4"
    )
    with pytest.raises(Invalid):
        service.edit_category(_category("press"), exempt, version=1, actor=accountant, now=NOW)


def test_a_category_goes_while_nothing_refers_to_it(accountant: User) -> None:
    make_plan(parts=[("", "press", 12900)])

    service.remove_category(_category("overseas-press"), actor=accountant, now=NOW)
    db.session.commit()

    assert "overseas-press" not in queries.codes()
    assert db.session.scalars(sa.select(VatRate).where(VatRate.rate == 105)).all() == []
    for code in ("press", "standard"):
        with pytest.raises(CategoryInUse):
            service.remove_category(_category(code), actor=accountant, now=NOW)


def test_a_category_that_is_sold_under_at_that_very_moment_stays(
    accountant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plan(parts=[("", "press", 12900)])
    monkeypatch.setattr(queries, "is_used", lambda _code: False)

    with pytest.raises(CategoryInUse):
        service.remove_category(_category("press"), actor=accountant, now=NOW)
    db.session.rollback()

    assert _category("press").rate_on(NOW.date()) == 210


@pytest.mark.parametrize(
    "values", [{"kind": VatKind.EXEMPT}, {"kind": VatKind.PRESS, "exemption_code": "VATEX-EU-132-1I"}]
)
def test_the_database_knows_that_an_exempt_category_says_why(values: dict[str, Any]) -> None:
    db.session.add(VatCategory(code="seule", name="Seule", position=1, **values))

    with pytest.raises(IntegrityError):
        db.session.flush()
