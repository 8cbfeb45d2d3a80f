"""A complimentary year for who spoke at a day: once a year each, told by mail, and taken back."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.mail.models import OutgoingMail
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.errors import CountChanged
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus
from tests.subscriptions.looking import mails_about
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW, make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

TODAY = NOW.date()
ENDS = date(2027, 11, 22)

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def actor(transaction: None) -> User:
    return make_user(RoleName.ORGANISER)


def a_day(*speakers: Speaker) -> StudyDay:
    day = make_study_day(slug="angers-2026")
    make_session(day, speakers=list(speakers))
    make_session(day, speakers=list(speakers[:1]))
    return day


def offer(
    speakers: list[Speaker], actor: User, *, expected: int, emails: Mapping[int, str] | None = None, days: int = 0
) -> list[str]:
    """Offer all of them a year, so many days from now; return by which addresses it began."""
    with unit_of_work.transaction():
        day = study_days.day_in_full("angers-2026")
        plan = db.session.scalars(sa.select(Plan).order_by(Plan.id).limit(1)).one()
        assert day is not None
        given = service.offer_to_speakers(
            day,
            plan,
            picked={speaker.id for speaker in speakers},
            emails=emails or {},
            expected=expected,
            ends_on=ENDS + timedelta(days=days),
            reason="Intervention à Angers",
            actor=actor,
            now=NOW + timedelta(days=days),
        )
        return [contract.email for contract in given]


def test_each_has_one_that_simply_begins_and_says_why_until_when_and_by_whom(actor: User) -> None:
    make_plan()
    speakers = [make_speaker("Agnès Delcourt", email="agnes@exemple.fr"), make_speaker("Michel Monier")]
    a_day(*speakers)

    given = offer(speakers, actor, expected=2, emails={speakers[1].id: "Michel@Exemple.fr"})

    assert given == ["agnes@exemple.fr", "michel@exemple.fr"]
    contract = db.session.scalars(sa.select(Contract).order_by(Contract.id).limit(1)).one()
    assert (contract.kind, contract.status) == (ContractKind.COMPLIMENTARY, ContractStatus.ACTIVE)
    assert (contract.starts_on, contract.ends_on) == (TODAY, ENDS)
    assert (contract.reason, contract.granted_by_id) == ("Intervention à Angers", actor.id)
    assert contract.delivery_name == "Agnès Delcourt"
    assert queries.has_active_contract("michel@exemple.fr", TODAY)
    assert [mail.to_address for mail in mails_about("subscriptions/granted")] == given
    # The address that was typed is known the next time.
    assert db.session.get_one(Speaker, speakers[1].id).email == "michel@exemple.fr"
    changes = db.session.scalars(sa.select(AuditEntry.changes).where(AuditEntry.action == "subscriptions.thank")).one()
    assert changes["count"] == 2


def test_who_has_a_subscription_or_was_given_one_within_a_year_or_has_no_address_is_passed_over(actor: User) -> None:
    plan = make_plan()
    speakers = [make_speaker(f"Personne N{number}", email=f"p{number}@exemple.fr") for number in range(6)]
    speakers.append(make_speaker("Sans Adresse"))
    a_day(*speakers)
    given = {"plan": plan, "kind": ContractKind.COMPLIMENTARY}
    make_contract("p0@exemple.fr", plan=plan)
    over = {"status": ContractStatus.EXPIRED, "ends_on": TODAY - timedelta(days=10)}
    make_contract("p1@exemple.fr", **given, **over, starts_on=TODAY - timedelta(days=364))
    make_contract("p2@exemple.fr", **given, **over, starts_on=TODAY - timedelta(days=365))
    make_contract("p3@exemple.fr", plan=plan, **over)
    make_contract("p4@exemple.fr", **given, status=ContractStatus.CANCELLED)

    assert offer(speakers, actor, expected=4) == ["p2@exemple.fr", "p3@exemple.fr", "p4@exemple.fr", "p5@exemple.fr"]


def test_a_second_time_within_the_year_gives_nothing_and_a_year_later_it_does(actor: User) -> None:
    make_plan()
    speakers = [make_speaker("Agnès Delcourt", email="agnes@exemple.fr")]
    a_day(*speakers)
    offer(speakers, actor, expected=1)

    with pytest.raises(CountChanged):
        offer(speakers, actor, expected=1)
    with unit_of_work.transaction():
        service.expire_due(today=ENDS + timedelta(days=1))
    assert offer(speakers, actor, expected=1, days=366) == ["agnes@exemple.fr"]


def test_who_was_not_picked_or_did_not_speak_gets_none(actor: User) -> None:
    make_plan()
    spoke, other = (make_speaker(f"P N{number}", email=f"p{number}@exemple.fr") for number in range(2))
    a_day(spoke)

    assert offer([spoke, other], actor, expected=1) == ["p0@exemple.fr"]


def test_an_address_typed_for_who_gets_none_is_kept_all_the_same(actor: User) -> None:
    make_plan()
    getting, reads, left_out = (make_speaker(f"P N{number}", email=f"p{number}@exemple.fr") for number in range(3))
    a_day(getting, reads, left_out)
    make_contract("nouvelle@exemple.fr")
    typed = {reads.id: "Nouvelle@Exemple.fr", left_out.id: "autre@exemple.fr", getting.id: ""}

    given = offer([getting, reads], actor, expected=1, emails=typed | {getting.id: "p0@exemple.fr"})

    assert given == ["p0@exemple.fr"]
    assert [db.session.get_one(Speaker, row.id).email for row in (reads, left_out)] == [
        "nouvelle@exemple.fr",
        "autre@exemple.fr",
    ]


def test_two_who_share_an_address_have_one_together(actor: User) -> None:
    make_plan()
    speakers = [make_speaker(f"P N{number}", email="service@exemple.fr") for number in range(2)]
    a_day(*speakers)

    assert offer(speakers, actor, expected=1) == ["service@exemple.fr"]


def test_it_is_taken_back_from_those_who_have_it_still(actor: User) -> None:
    plan = make_plan()
    speakers = [make_speaker(f"P N{number}", email=f"p{number}@exemple.fr") for number in range(3)]
    day = a_day(*speakers)
    other = make_contract("autre@exemple.fr", plan=plan, kind=ContractKind.COMPLIMENTARY)
    offer(speakers, actor, expected=3)
    with unit_of_work.transaction():
        service.end(queries.given_at_day(day.id)[0].id, actor=actor, now=NOW)

    with unit_of_work.transaction():
        assert service.take_back_from_speakers(day, actor=actor, now=NOW) == 2
        assert service.take_back_from_speakers(day, actor=actor, now=NOW) == 0

    assert not any(queries.has_active_contract(f"p{number}@exemple.fr", TODAY) for number in range(3))
    assert db.session.get_one(Contract, other.id).status is ContractStatus.ACTIVE
    # Taken back is as if it had not been given.
    assert len(offer(speakers, actor, expected=3)) == 3


def test_two_who_press_at_once_give_it_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_plan()
            speakers = [make_speaker(f"P N{number}", email=f"p{number}@exemple.fr") for number in range(3)]
            a_day(*speakers)
            key = make_user(RoleName.ORGANISER).id
            db.session.remove()

        def act() -> object:
            try:
                known = list(db.session.scalars(sa.select(Speaker)))
                return len(offer(known, db.session.get_one(User, key), expected=3))
            except Refusal as refusal:
                return type(refusal).__name__

        assert sorted(map(str, at_once(app, act, act))) == ["3", "CountChanged"]
        with app.app_context():
            told = db.session.scalars(sa.select(OutgoingMail.to_address)).all()
            assert sorted(told) == [f"p{number}@exemple.fr" for number in range(3)]
            db.session.remove()
