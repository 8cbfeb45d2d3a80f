"""Joining, being served, leaving: on the database, in one session."""

from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.mail import queries as mails
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.errors import NotWaiting, SeatsLeft, TooLateToWait
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus, Joined, OfferOutcome
from eventsapp.waiting_list.values import Place
from tests.checkout.looking import taken
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.waiting_list import a_wish, make_entry, make_full_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def free(day: StudyDay, count: int) -> None:
    """Give seats back as whatever frees seats does."""
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=count)
        service.serve(day.id, now=NOW)


def tend(day: StudyDay, *, later: timedelta = timedelta(0)) -> int:
    with unit_of_work.transaction():
        return service.tend(day.id, now=NOW + later)


def statuses(*entries: WaitingEntry) -> list[EntryStatus]:
    db.session.expire_all()
    return [entry.status for entry in entries]


def told(entry: WaitingEntry) -> list[str]:
    return [mail.template.split("/")[1] for mail in reversed(mails.mails_about("waiting_entry", entry.id))]


def test_whoever_joins_stands_at_the_end_and_gets_a_private_link() -> None:
    day = make_full_day()
    first, second = make_entry(day, 3), make_entry(day)

    assert queries.place_of(first).position == 1
    assert queries.place_of(second) == Place(position=2, groups_before=1, seats_before=3)
    assert first.secret != second.secret
    assert len(first.secret) == 32
    (mail,) = mails.mails_about("waiting_entry", second.id)
    assert mail.to_address == second.email


def test_one_address_has_one_place_and_gets_its_link_again() -> None:
    day = make_full_day()
    entry = make_entry(day, email="claude@exemple.fr")

    with unit_of_work.transaction():
        again, how = service.join(day, a_wish(email="claude@exemple.fr"), now=NOW)

    assert (again.id, how) == (entry.id, Joined.KNOWN)
    assert told(entry) == ["joined", "joined"]


def test_the_same_form_sent_twice_is_one_place_and_one_mail() -> None:
    day, wish = make_full_day(), a_wish()
    with unit_of_work.transaction():
        entry, _how = service.join(day, wish, form_key="form-1", now=NOW)

    with unit_of_work.transaction():
        again, how = service.join(day, wish, form_key="form-1", now=NOW)

    assert (again.id, how) == (entry.id, Joined.SAME_FORM)
    assert told(entry) == ["joined"]


def test_the_database_keeps_one_place_for_an_address_whatever_the_code_does() -> None:
    day = make_full_day()
    entry = make_entry(day)

    second = WaitingEntry(
        study_day_id=day.id,
        first_name="Claude",
        last_name="Roux",
        email=entry.email,
        seats=1,
        status=EntryStatus.WAITING,
        rank=9,
        joined_at=NOW,
    )
    db.session.add(second)

    with pytest.raises(sa.exc.IntegrityError, match="waiting_entries"):
        db.session.flush()


def test_whoever_finds_seats_registers_and_does_not_wait() -> None:
    day = make_full_day(taken=8)

    with pytest.raises(SeatsLeft):
        make_entry(day, 2)

    assert make_entry(day, 3).status is EntryStatus.WAITING


def test_nobody_waits_for_more_than_the_day_has() -> None:
    with pytest.raises(Invalid):
        make_entry(make_full_day(capacity=4), 5)


@pytest.mark.parametrize(
    ("closes_in", "refusal"),
    [(timedelta(0), RegistrationClosed), (timedelta(minutes=119), TooLateToWait)],
)
def test_nobody_waits_where_nothing_can_be_offered(closes_in: timedelta, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_entry(make_full_day(registration_closes_at=NOW + closes_in))


def test_a_freed_seat_is_offered_in_the_same_transaction_and_counts_as_taken() -> None:
    day = make_full_day()
    group, one = make_entry(day, 4), make_entry(day)

    free(day, 2)

    assert statuses(group, one) == [EntryStatus.WAITING, EntryStatus.OFFERED]
    assert taken(day) == 9
    offer = queries.open_offer(one.id)
    assert offer is not None
    assert (offer.seats, offer.expires_at) == (1, NOW + timedelta(hours=48))
    assert told(one) == ["joined", "offered"]


def test_a_group_passed_over_keeps_its_place() -> None:
    day = make_full_day()
    group, one = make_entry(day, 4), make_entry(day)
    free(day, 3)
    assert statuses(group, one) == [EntryStatus.WAITING, EntryStatus.OFFERED]

    free(day, 2)

    assert statuses(group) == [EntryStatus.OFFERED]
    assert taken(day) == 10


def test_a_direct_buyer_passes_nobody_even_where_freeing_forgot_to_serve() -> None:
    day = make_full_day()
    make_entry(day)
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=1)

    with pytest.raises(SoldOut):
        place(seats(day))


def test_a_direct_buyer_may_have_what_nobody_on_the_list_fits_into() -> None:
    day = make_full_day(taken=8)
    group = make_entry(day, 3)

    place(seats(day))

    assert taken(day) == 9
    assert statuses(group) == [EntryStatus.WAITING]


def test_an_offer_that_lapses_serves_the_next_at_once() -> None:
    day = make_full_day()
    first, second = make_entry(day), make_entry(day)
    free(day, 1)

    assert tend(day, later=timedelta(hours=47, minutes=59)) == 0
    assert tend(day, later=timedelta(hours=48)) == 2

    assert statuses(first, second) == [EntryStatus.LAPSED, EntryStatus.OFFERED]
    assert taken(day) == 10
    assert told(first) == ["joined", "offered", "lapsed"]
    assert tend(day, later=timedelta(hours=48)) == 0


def test_declining_serves_the_next_at_once() -> None:
    day = make_full_day()
    first, second = make_entry(day), make_entry(day)
    free(day, 1)

    with unit_of_work.transaction():
        service.leave(first, now=NOW)

    assert statuses(first, second) == [EntryStatus.DECLINED, EntryStatus.OFFERED]
    assert [offer.outcome for offer in queries.offers_of(first.id)] == [OfferOutcome.DECLINED]
    assert taken(day) == 10


def test_leaving_before_anything_is_offered_moves_the_others_up() -> None:
    day = make_full_day()
    first, second = make_entry(day), make_entry(day)

    with unit_of_work.transaction():
        service.leave(first, now=NOW)

    assert queries.place_of(second).position == 1
    with pytest.raises(NotWaiting), unit_of_work.transaction():
        service.leave(first, now=NOW)


def test_whoever_left_may_join_again_at_the_end() -> None:
    day = make_full_day()
    first, second = make_entry(day, email="claude@exemple.fr"), make_entry(day)
    with unit_of_work.transaction():
        service.leave(first, now=NOW)

    again = make_entry(day, email="claude@exemple.fr")

    assert again.id != first.id
    assert queries.place_of(again).position == 2
    assert queries.place_of(second).position == 1


def test_near_the_day_an_offer_ends_with_registrations() -> None:
    closes_at = NOW + timedelta(hours=5)
    day = make_full_day(registration_closes_at=closes_at)
    entry = make_entry(day)

    free(day, 1)

    offer = queries.open_offer(entry.id)
    assert offer is not None
    assert offer.expires_at == closes_at


def test_nothing_is_offered_when_too_little_time_is_left_nor_after_registrations_closed() -> None:
    day = make_full_day(registration_closes_at=NOW + timedelta(hours=3))
    entry = make_entry(day)
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=1)

    tend(day, later=timedelta(hours=1, minutes=1))
    assert statuses(entry) == [EntryStatus.WAITING]
    assert tend(day, later=timedelta(hours=3)) == 1

    assert statuses(entry) == [EntryStatus.DISSOLVED]
    assert told(entry) == ["joined", "ended"]


def test_a_closing_moved_forward_shortens_the_offers() -> None:
    day = make_full_day()
    entry = make_entry(day)
    free(day, 1)
    day.registration_closes_at = NOW + timedelta(hours=10)
    db.session.commit()

    tend(day)

    offer = queries.open_offer(entry.id)
    assert offer is not None
    assert offer.expires_at == NOW + timedelta(hours=10)
    assert told(entry) == ["joined", "offered", "offered"]


def test_a_day_that_is_not_on_offer_makes_no_offers() -> None:
    day = make_full_day()
    entry = make_entry(day)
    day.status = StudyDayStatus.POSTPONED
    db.session.commit()

    free(day, 1)
    tend(day, later=timedelta(days=300))

    assert statuses(entry) == [EntryStatus.WAITING]


def test_the_worker_stopped_for_three_days_only_delays() -> None:
    days = [make_full_day() for _ in range(2)]
    groups = [[make_entry(day), make_entry(day)] for day in days]
    for day in days:
        free(day, 1)

    done = service.tend_all(now=NOW + timedelta(days=3))

    assert done == 4
    assert [statuses(*group) for group in groups] == [[EntryStatus.LAPSED, EntryStatus.OFFERED]] * 2
    late = queries.open_offer(groups[0][1].id)
    assert late is not None
    assert late.expires_at == NOW + timedelta(days=5)
    assert service.tend_all(now=NOW + timedelta(days=3)) == 0


def test_one_list_that_fails_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = make_full_day(), make_full_day()
    make_entry(broken)
    entry = make_entry(sound)
    with unit_of_work.transaction():
        study_days.free_seats(sound.id, count=1)
    lock = study_days.lock

    def fail_once(day_id: int) -> object:
        if day_id == broken.id:
            raise RuntimeError
        return lock(day_id)

    monkeypatch.setattr(study_days, "lock", fail_once)

    service.tend_all(now=NOW)

    assert statuses(entry) == [EntryStatus.OFFERED]


@pytest.mark.parametrize("groups", [1, 4])
def test_the_totals_of_lists_are_asked_for_at_once(
    groups: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    days = [make_full_day() for _ in range(groups)]
    for day in days:
        make_entry(day, 2)
        make_entry(day)
        free(day, 1)

    keys = [day.id for day in days]

    with count_queries as count:
        totals = queries.totals_of(keys)

    assert count() == 1
    assert [(one.groups, one.seats, one.offered_seats) for one in totals.values()] == [(1, 2, 1)] * groups
    assert queries.totals_of([make_study_day().id]) == {}
