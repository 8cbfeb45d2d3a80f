"""Who gets a number on paper: exactly once, exactly as many as were promised, at the address of then."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import NotFound, Refusal
from eventsapp.ops import doctor
from eventsapp.shipments import queries, service
from eventsapp.shipments.errors import NothingToSend
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractStatus, Edition, UndeliveredReason
from eventsapp.subscriptions.values import Delivery
from tests.checkout.looking import PRIVATE
from tests.subscriptions.looking import in_full
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_issue
from tests.support.makers.orders import place, subscription
from tests.support.makers.study_days import NOW
from tests.support.makers.subscriptions import make_contract, make_plan

HOME = Delivery(name="Claude Roux", address="1, place de la Mairie", postcode="44000", city="Nantes")
ELSEWHERE = Delivery(name="Claude Roux", address="18 rue des Jardiniers", postcode="38000", city="Grenoble")
DAY = date(2026, 12, 5)

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def actor(transaction: None) -> User:
    return make_user(RoleName.ORGANISER)


def on_paper(email: str = "lectrice@exemple.fr", *, issues: int | None = None, **values: Any) -> Contract:
    """Make a running subscription on paper, of so many numbers if said, sent home."""
    plan = values.pop("plan", None) or make_plan(edition=Edition.PRINT, issues=issues)
    home = {
        "delivery_name": HOME.name,
        "delivery_address": HOME.address,
        "delivery_postcode": HOME.postcode,
        "delivery_city": HOME.city,
    }
    return make_contract(email, plan=plan, issues=plan.issues, **home | values)


def freeze(number: int, actor: User, *, now: Any = NOW) -> int:
    """Freeze the labels of a number; return how many were made."""
    with unit_of_work.transaction():
        return service.freeze(number, actor=actor, now=now)[1]


def sent(number: int) -> list[str]:
    """Return to whom the number went, by address."""
    return sorted(
        db.session.scalars(
            sa.select(Contract.email)
            .join(ShipmentLabel, ShipmentLabel.contract_id == Contract.id)
            .join(Shipment, Shipment.id == ShipmentLabel.shipment_id)
            .join(Shipment.issue)
            .where(sa.text("issues.number = :number").bindparams(number=number))
        )
    )


def test_who_has_paper_on_the_day_of_the_number_gets_it_and_nobody_else(actor: User) -> None:
    place(subscription(make_plan()), billing=PRIVATE, payment_method="card")
    number = make_issue(published_on=DAY).number
    before, after = DAY - timedelta(days=1), DAY + timedelta(days=1)
    on_paper("papier@exemple.fr")
    on_paper("les-deux@exemple.fr", plan=make_plan(edition=Edition.BOTH))
    on_paper("premier-jour@exemple.fr", starts_on=DAY)
    on_paper("dernier-jour@exemple.fr", ends_on=DAY)
    on_paper("fini-depuis@exemple.fr", ends_on=DAY, status=ContractStatus.EXPIRED)
    on_paper("en-ligne@exemple.fr", plan=make_plan(edition=Edition.DIGITAL))
    on_paper("trop-tot@exemple.fr", starts_on=after)
    on_paper("trop-tard@exemple.fr", ends_on=before)
    on_paper("suspendu@exemple.fr", status=ContractStatus.PENDING)
    on_paper("attend@exemple.fr", status=ContractStatus.PENDING, starts_on=None, ends_on=None)
    on_paper("annule@exemple.fr", status=ContractStatus.CANCELLED)
    on_paper("essai@exemple.fr", is_test=True)
    on_paper("sans-adresse@exemple.fr", delivery_address="")
    on_paper("revenu@exemple.fr", undelivered_on=before, undelivered_reason=UndeliveredReason.UNKNOWN)

    assert freeze(number, actor) == 5

    assert sent(number) == [
        "dernier-jour@exemple.fr", "fini-depuis@exemple.fr", "les-deux@exemple.fr", "papier@exemple.fr",
        "premier-jour@exemple.fr",
    ]  # fmt: skip
    issue = queries.held_issue(number)
    assert issue is not None
    counted = queries.counted(issue, on=DAY)
    assert (counted.contracts, counted.copies, counted.aside) == (0, 0, 2)


def test_a_number_goes_to_nobody_twice_and_a_second_shipment_completes_the_first(actor: User) -> None:
    number = make_issue(published_on=DAY).number
    on_paper("a@exemple.fr")
    assert freeze(number, actor) == 1
    with pytest.raises(NothingToSend):
        freeze(number, actor)

    on_paper("b@exemple.fr", copies=3)
    assert freeze(number, actor) == 1

    issue = queries.held_issue(number)
    assert issue is not None
    shipped = [(shipment.rank, labels, copies) for shipment, labels, copies in queries.shipments_of(issue.id)]
    assert shipped == [(1, 1, 1), (2, 1, 3)]
    assert db.session.scalars(
        sa.select(AuditEntry.changes).where(AuditEntry.action == "shipments.freeze").order_by(AuditEntry.id)
    ).all() == [{"rank": 1, "labels": 1}, {"rank": 2, "labels": 1}]


def test_what_is_frozen_stays_whatever_changes_afterwards(actor: User) -> None:
    number = make_issue(published_on=NOW.date()).number
    contract = on_paper()
    freeze(number, actor)
    with unit_of_work.transaction():
        subscriptions.change_address(in_full(contract), ELSEWHERE, now=NOW)
    contract.status = ContractStatus.CANCELLED
    db.session.commit()

    label = db.session.scalars(sa.select(ShipmentLabel)).one()

    assert (label.address, label.city) == (HOME.address, HOME.city)
    assert label.written.lines == ("Claude Roux", "1 place de la Mairie", "44000 NANTES")


def test_a_move_told_for_before_the_day_of_the_number_counts_and_one_for_after_does_not(actor: User) -> None:
    number = make_issue(published_on=DAY).number
    for email, day in (("avant@exemple.fr", DAY), ("apres@exemple.fr", DAY + timedelta(days=1))):
        with unit_of_work.transaction():
            subscriptions.change_address(in_full(on_paper(email)), ELSEWHERE, from_on=day, now=NOW)

    freeze(number, actor)

    rows = db.session.execute(
        sa.select(Contract.email, ShipmentLabel.city).join(ShipmentLabel.contract).order_by(Contract.email)
    ).all()
    assert [tuple(row) for row in rows] == [("apres@exemple.fr", "Nantes"), ("avant@exemple.fr", "Grenoble")]


def test_who_was_left_aside_gets_the_number_once_the_address_is_mended(actor: User) -> None:
    number = make_issue(published_on=DAY).number
    contract = on_paper()
    with unit_of_work.transaction():
        subscriptions.mark_undelivered(
            in_full(contract), reason=UndeliveredReason.UNKNOWN, on=NOW.date(), actor=actor, now=NOW
        )
    with pytest.raises(NothingToSend):
        freeze(number, actor)

    with unit_of_work.transaction():
        subscriptions.change_address(in_full(contract), ELSEWHERE, now=NOW)

    assert freeze(number, actor) == 1
    assert db.session.scalars(sa.select(ShipmentLabel.city)).one() == "Grenoble"


def test_it_begins_with_the_number_that_the_buyer_chose(actor: User) -> None:
    out, following = make_issue(376, published_on=date(2026, 11, 1)).number, make_issue(377, published_on=DAY).number
    begins = date(2026, 11, 20)
    on_paper("paru@exemple.fr", starts_on=begins, first_issue=out)
    on_paper("prochain@exemple.fr", starts_on=begins, first_issue=following)
    on_paper("apres-le-prochain@exemple.fr", starts_on=begins, first_issue=378)
    on_paper("sans-choix@exemple.fr", starts_on=begins)

    freeze(out, actor)
    freeze(following, actor)

    assert sent(out) == ["paru@exemple.fr"]
    assert sent(following) == ["paru@exemple.fr", "prochain@exemple.fr", "sans-choix@exemple.fr"]


def test_as_many_numbers_go_out_as_were_promised_not_one_more_nor_less(actor: User) -> None:
    numbers = [make_issue(400 + month, published_on=date(2027, month, 1)).number for month in range(1, 11)]
    # Ends after the fifth number, and three are left: they go out all the same.
    late = on_paper("plus-longtemps@exemple.fr", issues=8, starts_on=date(2026, 12, 1), ends_on=date(2027, 5, 15))
    on_paper("moins-longtemps@exemple.fr", issues=2, starts_on=date(2026, 12, 1), ends_on=date(2027, 11, 30))
    on_paper("a-la-date@exemple.fr", starts_on=date(2026, 12, 1), ends_on=date(2027, 5, 15))
    for number in numbers:
        issue = queries.held_issue(number)
        assert issue is not None
        assert issue.published_on is not None
        with unit_of_work.transaction():
            subscriptions.expire_due(today=issue.published_on)
        if queries.counted(issue, on=issue.published_on).contracts:
            freeze(number, actor)

    rows = db.session.execute(sa.select(Contract.email, Contract.issues_sent, Contract.issues).order_by(Contract.id))
    assert [tuple(row) for row in rows] == [
        ("plus-longtemps@exemple.fr", 8, 8), ("moins-longtemps@exemple.fr", 2, 2), ("a-la-date@exemple.fr", 5, None),
    ]  # fmt: skip
    assert sent(numbers[7]) == ["plus-longtemps@exemple.fr"]
    assert sent(numbers[8]) == []
    assert in_full(late).issues_left == 0


def test_a_renewal_waits_until_what_it_renews_has_all_its_numbers(actor: User) -> None:
    numbers = [make_issue(500 + month, published_on=date(2027, month, 1)).number for month in range(1, 6)]
    first = on_paper(issues=3, starts_on=date(2026, 12, 1), ends_on=date(2027, 1, 31))
    plan = db.session.get_one(Plan, first.plan_id)
    on_paper(plan=plan, renews_id=first.id, starts_on=date(2027, 2, 1), ends_on=date(2027, 12, 31))

    for number in numbers:
        freeze(number, actor)

    rows = db.session.scalars(sa.select(Contract.issues_sent).order_by(Contract.id)).all()
    assert rows == [3, 2]


def test_numbers_missed_while_its_money_was_missing_follow(actor: User) -> None:
    numbers = [make_issue(600 + month, published_on=date(2027, month, 1)).number for month in range(1, 4)]
    contract = on_paper(issues=6, starts_on=date(2026, 12, 1), ends_on=date(2027, 12, 31))
    on_paper("autre@exemple.fr", starts_on=date(2026, 12, 1), ends_on=date(2027, 12, 31))
    freeze(numbers[0], actor)
    contract.status = ContractStatus.PENDING
    db.session.commit()
    freeze(numbers[1], actor)
    contract.status = ContractStatus.ACTIVE
    db.session.commit()

    assert freeze(numbers[1], actor) == 1
    assert freeze(numbers[2], actor) == 2
    assert in_full(contract).issues_sent == 3


def test_the_doctor_names_a_contract_whose_count_is_not_that_of_its_labels(actor: User) -> None:
    contract = on_paper()
    freeze(make_issue(published_on=DAY).number, actor)
    assert dict(doctor.by_query(now=NOW))["numbers sent"] == []

    contract.issues_sent = 3
    db.session.commit()

    told = dict(doctor.by_query(now=NOW))["numbers sent"]
    assert told == [f"contract {contract.id}: 3 numbers sent by its row, 1 labels"]


def test_a_number_that_does_not_exist_has_no_labels(actor: User) -> None:
    with pytest.raises(NotFound):
        freeze(9999, actor)


def test_two_who_freeze_at_once_make_one_label_each(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            actor = make_user(RoleName.ORGANISER)
            number, key = make_issue(published_on=DAY).number, actor.id
            for reader in range(5):
                on_paper(f"lectrice{reader}@exemple.fr", issues=3)
            db.session.remove()

        def act() -> str:
            try:
                with unit_of_work.transaction():
                    return str(service.freeze(number, actor=db.session.get_one(User, key), now=NOW)[1])
            except Refusal as refusal:
                return type(refusal).__name__

        answers = at_once(app, act, act, act)

        assert sorted(answers) == ["5", "NothingToSend", "NothingToSend"]
        with app.app_context():
            assert db.session.scalars(sa.select(Contract.issues_sent)).all() == [1] * 5
            db.session.remove()


def test_whatever_happens_nobody_gets_more_than_was_promised_and_counts_are_those_of_the_labels(actor: User) -> None:
    chance = random.Random(3)  # noqa: S311 - for variety
    plans = {count: make_plan(edition=Edition.PRINT, issues=count) for count in (1, 4, 10, None)}
    contracts = []
    for reader in range(30):
        plan = chance.choice(list(plans.values()))
        starts_on = date(2027, 1, 1) + timedelta(days=chance.randrange(300))
        ends_on = starts_on + timedelta(days=chance.randrange(60, 400))
        contracts.append(on_paper(f"r{reader}@exemple.fr", plan=plan, starts_on=starts_on, ends_on=ends_on))
    for month in range(24):
        day = date(2027 + month // 12, month % 12 + 1, 15)
        number = make_issue(700 + month, published_on=day).number
        for contract in chance.sample(contracts, 3):
            if contract.status is not ContractStatus.EXPIRED:
                contract.status = chance.choice([ContractStatus.ACTIVE, ContractStatus.PENDING])
        db.session.commit()
        for _run in range(chance.choice([1, 1, 2])):
            issue = queries.held_issue(number)
            assert issue is not None
            if queries.counted(issue, on=day).contracts:
                freeze(number, actor)
    counts = sa.select(ShipmentLabel.contract_id, sa.func.count()).group_by(ShipmentLabel.contract_id)
    labels = {row[0]: row[1] for row in db.session.execute(counts)}

    for row in db.session.scalars(sa.select(Contract)):
        assert row.issues_sent == labels.get(row.id, 0)
        assert row.issues is None or row.issues_sent <= row.issues
    assert any(row.issues == row.issues_sent == 4 for row in db.session.scalars(sa.select(Contract)))
