"""Whom a message is for, and a message until it leaves."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Refusal
from eventsapp.mail import service as mail_service
from eventsapp.mail.statuses import SuppressionReason
from eventsapp.mailings import queries, service
from eventsapp.mailings.errors import AudienceChanged, NobodyToWriteTo, TooLate, UnusableText
from eventsapp.mailings.models import Mailing
from eventsapp.mailings.statuses import Basis, MailingStatus, Naming, Presence, Seat
from eventsapp.mailings.values import Audience
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions.statuses import ContractStatus
from tests.mailings.looking import GONE, a_draft, ledger, make_mailing, plan, sent, to_day
from tests.registrations.looking import invite
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.readers import BUYER, invited, joined, make_institution
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.makers.waiting_list import make_entry, make_full_day
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def addresses(audience: Audience) -> list[str]:
    db.session.expire_all()
    return [person.address for person in queries.people(audience, now=NOW)]


def test_an_audience_is_kept_and_read_as_it_was() -> None:
    audience = Audience(
        days=(3, 1), rates=("elected",), seats=(Seat.HELD,), presence=Presence.ABSENT, naming=Naming.UNNAMED
    )

    assert Audience.read(audience.kept) == audience


def test_who_has_a_seat_of_an_institution_is_a_subscriber_and_who_was_only_invited_is_none() -> None:
    contract = make_institution(5)
    joined(contract, "une@ville.example")
    invited(contract, "deux@ville.example")
    make_contract("seule@exemple.fr")

    assert addresses(Audience(basis=Basis.SUBSCRIBERS)) == ["seule@exemple.fr", BUYER, "une@ville.example"]


def test_people_of_a_day_are_chosen_by_rate_status_presence_and_name_each_address_once() -> None:
    one, two, three, five, six = (f"claude.roux{number}@ville-exemple.fr" for number in (1, 2, 3, 5, 6))
    day, other = make_study_day(), make_study_day()
    place(
        seats(
            day,
            an_attendee(1),
            an_attendee(2, rate="elected"),
            an_attendee(3),
            an_attendee(4, email=one),
        )
    )
    held = place(seats(day, an_attendee(5)), payment_method="card")
    place(seats(other, an_attendee(6)))
    rows = list(db.session.scalars(sa.select(Registration).order_by(Registration.id)))
    rows[1].status, rows[2].status = RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT
    db.session.commit()

    assert held.status.value == "pending"
    assert addresses(to_day(day)) == [one, two, three]
    assert addresses(to_day(day, rates=("elected",))) == [two]
    assert addresses(to_day(day, seats=(Seat.HELD,))) == [five]
    assert addresses(to_day(day, seats=(Seat.CONFIRMED, Seat.HELD))) == [one, two, three, five]
    assert addresses(to_day(day, seats=(Seat.CANCELLED,))) == []
    assert addresses(to_day(day, presence=Presence.PRESENT)) == [two]
    assert addresses(to_day(day, presence=Presence.ABSENT)) == [three]
    assert addresses(Audience(days=(day.id, other.id))) == [one, two, three, six]


def test_of_a_seat_without_a_name_whoever_was_asked_is_written_to_or_the_buyer() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), unnamed(), unnamed(), unnamed()))
    invite(order, 2)

    people = queries.people(to_day(day, naming=Naming.UNNAMED), now=NOW)

    assert [person.address for person in people] == ["camille@ville-exemple.fr", order.email]
    assert f"/commandes/{order.reference}/{order.secret}/participants/" in people[1].facts["lien"]
    assert "/inscriptions/" in people[0].facts["lien"]
    assert addresses(to_day(day, naming=Naming.NAMED)) == ["claude.roux1@ville-exemple.fr"]


def test_who_waits_and_who_subscribes_may_be_written_to() -> None:
    day = make_full_day()
    entry = make_entry(day)
    make_contract("lectrice@exemple.fr")
    make_contract("lectrice@exemple.fr")
    make_contract("ancienne@exemple.fr", ends_on=NOW.date() - timedelta(days=1))
    make_contract("attendue@exemple.fr", status=ContractStatus.PENDING)

    assert addresses(to_day(day, basis=Basis.WAITING_LIST)) == [entry.email]
    assert addresses(Audience(basis=Basis.SUBSCRIBERS)) == ["lectrice@exemple.fr"]


@pytest.mark.parametrize("people", [3, 20])
def test_an_audience_costs_as_many_queries_whatever_its_size(people: int) -> None:
    day = make_study_day()
    for number in range(people):
        place(seats(day, an_attendee(number)))
    audience = to_day(day)
    db.session.expire_all()

    with counting_queries() as count:
        counted = service.audience_of(audience, now=NOW)

    assert counted.count == people
    assert count() == 4


def test_a_text_that_nothing_fills_is_refused_and_nothing_kept() -> None:
    day = make_study_day()

    with pytest.raises(UnusableText):
        make_mailing(to_day(day), body="{{7*7}} {order.__class__}")

    assert db.session.scalars(sa.select(Mailing)).all() == []


def test_two_who_write_at_once_do_not_overwrite_each_other() -> None:
    mailing = make_mailing(to_day(make_study_day()))
    actor = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        service.edit(mailing.id, a_draft(mailing.audience, subject="Le premier"), version=1, actor=actor, now=NOW)

    with pytest.raises(Conflict), unit_of_work.transaction():
        service.edit(mailing.id, a_draft(mailing.audience, subject="Le second"), version=1, actor=actor, now=NOW)

    assert db.session.get_one(Mailing, mailing.id).subject == "Le premier"


def test_a_message_waits_a_minute_and_can_be_taken_back_until_then() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1), an_attendee(2)))
    mailing = make_mailing(to_day(day))
    actor = make_user(RoleName.ORGANISER)
    plan(mailing)

    assert service.send_due(clock=lambda: NOW + timedelta(seconds=59)) == 0
    with unit_of_work.transaction():
        service.undo(mailing.id, actor=actor, now=NOW + timedelta(seconds=59))

    assert ledger(mailing.id) == []
    assert db.session.get_one(Mailing, mailing.id).status is MailingStatus.DRAFT
    assert service.send_due(clock=lambda: GONE) == 0
    assert sent() == []
    plan(mailing)
    with pytest.raises(TooLate), unit_of_work.transaction():
        service.undo(mailing.id, actor=actor, now=NOW + timedelta(seconds=60))
    assert service.send_due(clock=lambda: GONE) == 2


def _refused(mailing: Mailing, *, expected: int = 1, version: int = 1) -> type[Refusal]:
    with pytest.raises(Refusal) as refused, unit_of_work.transaction():
        service.plan(mailing.id, expected=expected, version=version, actor=make_user(RoleName.ORGANISER), now=NOW)
    return type(refused.value)


def test_what_was_confirmed_is_what_leaves_or_nothing_does() -> None:
    day = make_study_day()
    mailing = make_mailing(to_day(day))

    assert _refused(mailing, expected=0) is NobodyToWriteTo
    place(seats(day, an_attendee(1), an_attendee(2)))
    assert _refused(mailing) is AudienceChanged
    assert _refused(mailing, expected=2, version=2) is Conflict
    plan(mailing)
    assert _refused(mailing, expected=2) is TooLate
    with pytest.raises(TooLate), unit_of_work.transaction():
        service.delete(mailing.id, actor=make_user(RoleName.ORGANISER), now=NOW)


def test_who_wants_no_messages_is_left_out_but_not_of_what_concerns_their_own_day() -> None:
    day = make_study_day()
    past = make_study_day(starts_at=NOW - timedelta(days=30))
    for held in (day, past):
        place(seats(held, an_attendee(1), an_attendee(2)), now=NOW - timedelta(days=60))
    with unit_of_work.transaction():
        mail_service.suppress("claude.roux1@ville-exemple.fr", SuppressionReason.UNSUBSCRIBED, now=NOW)
        mail_service.suppress("claude.roux1@ville-exemple.fr", SuppressionReason.UNSUBSCRIBED, now=NOW)

    assert service.audience_of(to_day(day), now=NOW).count == 2
    counted = service.audience_of(to_day(past), now=NOW)
    assert (counted.count, counted.left_out) == (
        1,
        {"claude.roux1@ville-exemple.fr": SuppressionReason.UNSUBSCRIBED},
    )
