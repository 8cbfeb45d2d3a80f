"""An institution that renews: with as many readers, more, or fewer, when it chooses who stays."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.subscriptions import queries, rules, service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.values import Delivery
from tests.checkout.looking import PRIVATE, pay
from tests.subscriptions.looking import mails_about
from tests.support.makers.orders import a_renewal, place
from tests.support.makers.readers import (
    BUYER,
    again,
    found,
    invited,
    joined,
    make_institution,
    make_institution_plan,
    manager_of,
    readership,
    seats,
)
from tests.support.makers.study_days import NOW

PEOPLE = [f"agent{number}@ville.example" for number in range(9)]
TODAY = NOW.date()

pytestmark = pytest.mark.usefixtures("client", "frozen")


@pytest.fixture
def ten(client: object) -> Contract:
    """A contract for ten readers, all there: the buyer first, then in the order of ``PEOPLE``."""
    contract = make_institution(10)
    for number, email in enumerate(PEOPLE):
        joined(contract, email, now=NOW + timedelta(minutes=number))
    return again(contract)


def renew(contract: Contract, readers: int, *, today: date = TODAY) -> Contract:
    return make_institution(readers, renews=contract, today=today, now=_at(today))


def _at(day: date) -> datetime:
    return NOW + (day - TODAY)


def ends(contract: Contract) -> date:
    assert contract.ends_on is not None
    return contract.ends_on


def reads(email: str, on: date) -> bool:
    db.session.expire_all()
    return queries.has_active_contract(email, on)


def told(template: str) -> list[str]:
    return [mail.to_address for mail in mails_about(f"subscriptions/{template}")]


def choose(contract: Contract, *emails: str, now: datetime = NOW) -> None:
    keys = [found(contract, email).id for email in emails]
    with unit_of_work.transaction():
        service.choose(readership(contract), contract.id, keys, by=BUYER, now=now)


@pytest.mark.parametrize(("readers", "left"), [(10, 0), (20, 10)])
def test_with_as_many_or_more_everybody_keeps_a_seat_and_reads_on(ten: Contract, readers: int, left: int) -> None:
    renewal = renew(ten, readers)

    assert renewal.starts_on == ends(ten) + timedelta(days=1)
    assert (seats(renewal), renewal.readers - renewal.seats_taken) == ([BUYER, *PEOPLE], left)
    assert all(reads(email, ends(renewal)) for email in [BUYER, *PEOPLE])
    assert service.tell_ends(now=_at(ends(ten))) == 0
    assert len(told("readers_open")) == 2


def test_with_fewer_those_stay_who_arrived_first_until_somebody_chooses_and_the_manager_is_told(ten: Contract) -> None:
    renewal = renew(ten, 5)

    assert seats(renewal) == [BUYER, *PEOPLE[:4]]
    assert seats(ten) == [BUYER, *PEOPLE]
    mail = mails_about("subscriptions/readers_open")[-1]
    assert mail.to_address == BUYER
    assert f"{manager_of(ten).secret}/choisir/{renewal.id}/" in mail.text
    assert all((email in mail.text) is (email in {BUYER, *PEOPLE[:4]}) for email in [*PEOPLE, BUYER])
    last, first = ends(ten), ends(ten) + timedelta(days=1)
    assert [reads(PEOPLE[8], day) for day in (last, first)] == [True, False]
    assert [reads(PEOPLE[0], day) for day in (last, first)] == [True, True]


def test_whoever_loses_the_seat_is_told_a_week_before_when_nobody_chose_and_once(ten: Contract) -> None:
    renew(ten, 5)

    assert service.tell_ends(now=_at(ends(ten) - timedelta(days=8))) == 0
    assert service.tell_ends(now=_at(ends(ten) - timedelta(days=7))) == 5
    assert service.tell_ends(now=_at(ends(ten) - timedelta(days=6))) == 0
    assert told("reading_ends") == PEOPLE[4:]


def test_the_manager_chooses_who_stays_and_everybody_it_changes_is_told(ten: Contract) -> None:
    renewal = renew(ten, 5)

    choose(renewal, *PEOPLE[4:])

    assert seats(renewal) == PEOPLE[4:]
    assert again(renewal).readers_chosen_at == NOW
    assert told("reading_ends") == []
    assert service.tell_ends(now=NOW + rules.CHOICE_SETTLES) == 5
    assert told("reading_ends") == [BUYER, *PEOPLE[:4]]
    assert told("reader_joined")[-5:] == PEOPLE[4:]
    first = ends(ten) + timedelta(days=1)
    assert [reads(email, first) for email in (BUYER, PEOPLE[0], PEOPLE[8])] == [False, False, True]
    # The ten read on until the end of what they have.
    assert all(reads(email, ends(ten)) for email in [BUYER, *PEOPLE])
    assert service.tell_ends(now=_at(ends(ten))) == 0


def test_a_choice_that_is_mended_within_a_day_alarms_nobody(ten: Contract) -> None:
    renewal = renew(ten, 5)
    choose(renewal, *PEOPLE[4:])
    choose(renewal, BUYER, *PEOPLE[5:], now=NOW + timedelta(hours=1))

    service.tell_ends(now=NOW + rules.CHOICE_SETTLES)
    assert told("reading_ends") == []
    service.tell_ends(now=NOW + rules.CHOICE_SETTLES + timedelta(hours=1))
    assert told("reading_ends") == PEOPLE[:5]


def test_whoever_is_chosen_again_later_is_told_that_the_reading_goes_on(ten: Contract) -> None:
    renewal = renew(ten, 5)
    choose(renewal, *PEOPLE[4:])
    service.tell_ends(now=NOW + rules.CHOICE_SETTLES)
    later = NOW + timedelta(days=2)
    choose(renewal, BUYER, *PEOPLE[5:], now=later)

    assert told("reader_joined")[-1] == BUYER
    service.tell_ends(now=later + rules.CHOICE_SETTLES)
    assert told("reading_ends")[-1] == PEOPLE[4]


def test_no_more_are_chosen_than_there_are_seats_nor_nobody_nor_strangers(ten: Contract) -> None:
    renewal, other = renew(ten, 5), make_institution(5, email="autre@ville.example")
    stranger = found(other, "autre@ville.example").id

    for keys in ([found(ten, email).id for email in PEOPLE[:6]], [], [stranger]):
        with pytest.raises(Invalid), unit_of_work.transaction():
            service.choose(readership(renewal), renewal.id, keys, by=BUYER, now=NOW)
    assert seats(renewal) == [BUYER, *PEOPLE[:4]]


def test_a_late_renewal_gives_everybody_the_seat_back_and_says_so(ten: Contract) -> None:
    after = ends(ten) + timedelta(days=20)
    with unit_of_work.transaction():
        service.expire_due(today=after)
    assert service.tell_ends(now=_at(after)) == 10
    assert not reads(PEOPLE[0], after)

    renewal = renew(ten, 10, today=after)

    assert renewal.starts_on == after
    assert seats(renewal) == [BUYER, *PEOPLE]
    assert reads(PEOPLE[8], after)
    assert told("reader_joined")[-10:] == [BUYER, *PEOPLE]


def test_somebody_who_arrives_before_the_renewal_begins_has_a_seat_of_both_where_there_is_room(ten: Contract) -> None:
    with unit_of_work.transaction():
        service.remove(readership(ten), found(ten, PEOPLE[8]).id, by=BUYER, now=NOW)
    renewal = renew(ten, 10)
    joined(ten, "nouveau@ville.example")

    assert ("nouveau@ville.example" in seats(ten), "nouveau@ville.example" in seats(renewal)) == (True, True)


def test_somebody_taken_off_has_no_seat_of_what_follows_either(ten: Contract) -> None:
    renewal = renew(ten, 10)
    with unit_of_work.transaction():
        service.remove(readership(ten), found(ten, PEOPLE[0]).id, by=BUYER, now=NOW)

    assert (PEOPLE[0] in seats(ten), PEOPLE[0] in seats(renewal)) == (False, False)
    assert not reads(PEOPLE[0], ends(renewal))


def test_an_invitation_of_before_holds_for_what_follows(ten: Contract) -> None:
    with unit_of_work.transaction():
        service.remove(readership(ten), found(ten, PEOPLE[8]).id, by=BUYER, now=NOW)
    last = ends(ten)
    (member,) = invited(ten, "tard@ville.example", now=_at(last))
    with unit_of_work.transaction():
        service.expire_due(today=last + timedelta(days=3))
    renewal = renew(ten, 10, today=last + timedelta(days=3))
    with unit_of_work.transaction():
        service.accept(member.secret, now=_at(last + timedelta(days=4)))

    assert "tard@ville.example" in seats(renewal)


def test_a_renewal_that_is_ordered_gives_its_seats_once_it_is_paid(ten: Contract) -> None:
    order = place(a_renewal(ten, make_institution_plan(5, price_cents=45000)), payment_method="card", billing=PRIVATE)
    (renewal,) = queries.contracts_of_order(order.id)
    assert (renewal.readership_id, renewal.seats_taken) == (ten.readership_id, 0)

    pay(order, order.total_cents)

    assert seats(again(renewal)) == [BUYER, *PEOPLE[:4]]
    assert not reads(PEOPLE[8], ends(again(renewal)))


def test_money_taken_back_closes_the_reading_of_everybody_and_paid_again_it_is_as_it_was(ten: Contract) -> None:
    order = place(a_renewal(ten, make_institution_plan(10, price_cents=45000)), payment_method="card", billing=PRIVATE)
    pay(order, order.total_cents)
    (renewal,) = queries.contracts_of_order(order.id)
    last = ends(renewal)
    with unit_of_work.transaction():
        service.suspend_of_order(order.id, now=NOW)
    assert not reads(PEOPLE[0], last)
    assert told("reading_paused") == PEOPLE
    arrived = len(told("reader_joined"))
    with unit_of_work.transaction():
        service.start_of_order(order.id, today=TODAY, now=NOW)
    assert told("reader_joined")[arrived:] == PEOPLE

    assert reads(PEOPLE[0], last)
    assert seats(again(renewal)) == [BUYER, *PEOPLE]


@pytest.mark.parametrize("readers", [1, 5])
def test_an_institution_that_comes_back_after_its_people_were_forgotten_begins_anew(
    ten: Contract, readers: int
) -> None:
    years_later = ends(ten) + rules.KEPT_READERS + timedelta(days=2)
    with unit_of_work.transaction():
        service.expire_due(today=years_later)
        service.forget_readers(now=_at(years_later))
    mails = len(told("readers_open"))

    renewal = renew(ten, readers, today=years_later)

    assert (seats(renewal), manager_of(renewal).email) == ([BUYER], BUYER)
    assert reads(BUYER, years_later)
    assert told("readers_open")[mails:] == [BUYER]


def test_an_order_that_comes_back_gives_no_seat_to_who_was_taken_off_meanwhile(ten: Contract) -> None:
    db.session.get_one(Contract, ten.id).status = ContractStatus.CANCELLED
    db.session.commit()
    with unit_of_work.transaction():
        service.remove(readership(ten), found(ten, PEOPLE[0]).id, by=BUYER, now=NOW)
    with unit_of_work.transaction():
        service.start(again(ten), today=TODAY, now=NOW)

    assert seats(ten) == [BUYER, *PEOPLE[1:]]


def test_an_order_that_comes_back_tells_those_who_were_told_that_they_read_no_more_and_later_of_the_end(
    ten: Contract,
) -> None:
    db.session.get_one(Contract, ten.id).status = ContractStatus.CANCELLED
    db.session.commit()
    assert service.tell_ends(now=NOW) == 10
    before = len(told("reader_joined"))
    with unit_of_work.transaction():
        service.start(again(ten), today=TODAY, now=NOW)

    assert told("reader_joined")[before:] == [BUYER, *PEOPLE]
    after = ends(again(ten)) + timedelta(days=1)
    with unit_of_work.transaction():
        service.expire_due(today=after)
    assert service.tell_ends(now=_at(after)) == 10


def test_an_order_that_comes_back_gives_no_seat_to_who_was_taken_off_and_has_not_accepted_anew(ten: Contract) -> None:
    renewal = renew(ten, 10)
    db.session.get_one(Contract, renewal.id).status = ContractStatus.CANCELLED
    db.session.commit()
    with unit_of_work.transaction():
        service.remove(readership(ten), found(ten, PEOPLE[0]).id, by=BUYER, now=NOW)
    (member,) = invited(ten, PEOPLE[0])
    with unit_of_work.transaction():
        service.start(again(renewal), today=TODAY, now=NOW)

    assert seats(renewal) == [BUYER, *PEOPLE[1:]]
    with unit_of_work.transaction():
        service.accept(member.secret, now=NOW)
    assert (PEOPLE[0] in seats(ten), PEOPLE[0] in seats(renewal)) == (True, True)


def test_renewed_for_one_reader_the_first_one_keeps_the_seat(ten: Contract) -> None:
    renewal = renew(ten, 1)

    assert seats(renewal) == [BUYER]
    first = ends(ten) + timedelta(days=1)
    assert [reads(email, first) for email in (BUYER, PEOPLE[0])] == [True, False]


def test_a_contract_of_one_renewed_for_ten_has_its_reader_first_and_a_manager() -> None:
    one = make_institution(1)
    renewal = make_institution(10, renews=one, today=TODAY)

    assert (seats(renewal), manager_of(renewal).email) == ([BUYER], BUYER)
    assert reads(BUYER, ends(one))


def test_the_same_contract_bought_anew_goes_on_with_the_same_people() -> None:
    contract = make_institution(5)
    joined(contract, PEOPLE[0])
    plan = again(contract).plan
    with unit_of_work.transaction():
        anew = service.open_contract(plan, line=None, email=BUYER, delivery=Delivery(), organisation_id=None, now=NOW)
        db.session.flush()
        service.start(anew, today=TODAY, now=NOW)

    assert anew.readership_id == contract.readership_id
    assert seats(anew) == [BUYER, PEOPLE[0]]
    assert db.session.scalar(sa.select(sa.func.count(sa.distinct(Contract.readership_id)))) == 1
