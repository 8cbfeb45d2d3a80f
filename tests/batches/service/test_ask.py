"""Asking for actions on many, taking them back, and the worker that does what was put off."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.attendance import queries as attendance
from eventsapp.attendance.models import Presence
from eventsapp.audit.models import AuditEntry
from eventsapp.batches import queries, service
from eventsapp.batches.errors import NobodyConcerned, NotUndoable
from eventsapp.batches.models import Batch, BatchItem
from eventsapp.batches.statuses import BatchAction, BatchStatus, ItemOutcome
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user
from tests.support.makers.attendance import ARRIVAL, codes_of, make_door, make_open_day, scan, seats_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("transaction")

EVENING = ARRIVAL + timedelta(hours=12)
SOON = NOW + timedelta(seconds=61)


def _ask(action: BatchAction, keys: list[int], *, key: str = "form-key-of-a-batch", now: datetime = NOW) -> Batch:
    with unit_of_work.transaction():
        asked = service.ask(
            action, keys, form_key=key, reason="Journée réduite", actor=make_user(RoleName.ORGANISER), now=now
        )
        batch_id = asked.id
    return db.session.get_one(Batch, batch_id)


def _undo(batch: Batch, *, now: datetime) -> None:
    with unit_of_work.transaction():
        service.undo(batch.id, actor=make_user(RoleName.ORGANISER), now=now)


def _run(now: datetime) -> int:
    db.session.rollback()
    return service.run_due(clock=lambda: now)


def _statuses(day: StudyDay) -> list[RegistrationStatus]:
    db.session.expire_all()
    found = db.session.scalars(
        sa.select(Registration).where(Registration.study_day_id == day.id).order_by(Registration.last_name)
    )
    return [seat.status for seat in found]


def _outcomes(batch: Batch) -> dict[int, tuple[ItemOutcome, str]]:
    rows = db.session.scalars(sa.select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.id))
    return {row.registration_id: (row.outcome, row.reason) for row in rows}


def _keys(day: StudyDay) -> list[int]:
    return [seat.id for seat in seats_of(day)]


def test_presence_is_noted_for_every_half_day_and_taken_back_wholly() -> None:
    day = make_open_day(3)
    one, two, three = _keys(day)
    scan(day, codes_of(day)[2], by=make_door())

    batch = _ask(BatchAction.PRESENT, [one, two, three], now=EVENING)

    assert _statuses(day) == [RegistrationStatus.ATTENDED] * 3
    assert [len(person.present) for person in attendance.presences(day.id)][:2] == [2, 2]
    assert _outcomes(batch)[three] == (ItemOutcome.LEFT, "déjà présente")

    _undo(batch, now=EVENING + timedelta(hours=1))

    assert _statuses(day) == [RegistrationStatus.CONFIRMED, RegistrationStatus.CONFIRMED, RegistrationStatus.ATTENDED]
    left = db.session.scalars(sa.select(Presence.registration_id).distinct()).all()
    assert left == [three]
    assert {_outcomes(batch)[key][0] for key in (one, two)} == {ItemOutcome.UNDONE}


def test_what_was_changed_since_is_left_when_presence_is_taken_back() -> None:
    day = make_open_day(2)
    one, two = _keys(day)
    batch = _ask(BatchAction.PRESENT, [one, two], now=EVENING)
    fact = db.session.scalars(sa.select(Presence).where(Presence.registration_id == one)).first()
    assert fact is not None
    fact.present, fact.recorded_at = False, EVENING + timedelta(minutes=5)
    db.session.commit()

    _undo(batch, now=EVENING + timedelta(hours=1))

    assert _statuses(day) == [RegistrationStatus.ATTENDED, RegistrationStatus.CONFIRMED]
    assert _outcomes(batch)[one] == (ItemOutcome.DONE, "changée depuis : laissée comme elle est")


def test_absence_is_noted_of_those_who_are_awaited_and_taken_back() -> None:
    day = make_open_day(2)
    batch = _ask(BatchAction.ABSENT, _keys(day)[:1], now=EVENING)

    assert _statuses(day) == [RegistrationStatus.ABSENT, RegistrationStatus.CONFIRMED]

    _undo(batch, now=EVENING)

    assert _statuses(day) == [RegistrationStatus.CONFIRMED] * 2
    with pytest.raises(NotUndoable):
        service.undo(batch.id, actor=make_user(RoleName.ORGANISER), now=EVENING)


def test_nothing_is_asked_where_nobody_is_concerned() -> None:
    day = make_open_day(1)

    with pytest.raises(NobodyConcerned):
        service.ask(BatchAction.ABSENT, _keys(day), form_key="k" * 20, actor=make_user(RoleName.ORGANISER), now=NOW)


def test_the_same_form_sent_twice_is_one_action_with_one_line_of_history() -> None:
    day = make_open_day(2)

    first = _ask(BatchAction.TICKETS, _keys(day))
    second = _ask(BatchAction.TICKETS, _keys(day))

    assert first.id == second.id
    assert db.session.scalar(sa.select(sa.func.count(BatchItem.id))) == 2
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "batches.tickets")).all()
    assert [entry.subject_label for entry in entries] == ["Claude Roux1, Claude Roux2"]


def test_tickets_leave_after_a_minute_once_each() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1), unnamed()))
    before = db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) or 0
    batch = _ask(BatchAction.TICKETS, _keys(day))

    assert _run(NOW + timedelta(seconds=59)) == 0
    assert _run(SOON) == 1
    assert _run(SOON) == 0

    mails = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id).offset(before)).all()
    assert [mail.to_address for mail in mails] == ["claude.roux1@ville-exemple.fr"]
    assert [why for _outcome, why in _outcomes(batch).values()] == ["", "personne n’est encore nommé à cette place"]
    db.session.refresh(batch)
    assert batch.status is BatchStatus.DONE


def test_what_is_taken_back_within_its_minute_never_happens() -> None:
    day = make_open_day(2)
    batch = _ask(BatchAction.CANCEL, _keys(day))

    _undo(batch, now=NOW + timedelta(seconds=59))

    assert _run(SOON) == 0
    assert _statuses(day) == [RegistrationStatus.CONFIRMED] * 2
    assert {outcome for outcome, _why in _outcomes(batch).values()} == {ItemOutcome.UNDONE}


def test_after_its_minute_it_is_too_late() -> None:
    day = make_open_day(1)
    batch = _ask(BatchAction.CANCEL, _keys(day))

    with pytest.raises(NotUndoable):
        service.undo(batch.id, actor=make_user(RoleName.ORGANISER), now=NOW + timedelta(seconds=60))


def test_a_cancellation_says_what_it_changes_leaves_what_is_paid_and_frees_the_seats() -> None:
    day = make_study_day(capacity=10)
    part = place(seats(day, an_attendee(1), an_attendee(2)))
    paid = place(seats(day, an_attendee(3)))
    with unit_of_work.transaction():
        money = MoneyReceived(method="cheque", amount_cents=paid.total_cents, reference="7")
        checkout.settle(paid.id, money, received_on=NOW.date(), now=NOW)
    one, _two, three = _keys(day)

    plan = service.plan(BatchAction.CANCEL, [one, three], now=NOW)
    told = (plan.unasked_cents, plan.orders, [seat.id for seat, _why in plan.left])
    batch = _ask(BatchAction.CANCEL, [one, three])
    _run(SOON)

    assert told == (62100, 1, [three])
    assert _statuses(day) == [RegistrationStatus.CANCELLED, RegistrationStatus.CONFIRMED, RegistrationStatus.CONFIRMED]
    assert _outcomes(batch)[three][1].startswith("de l’argent est reçu")
    order = db.session.get_one(Order, part.id)
    assert (order.status, order.credited_cents, order.kept_cents) == (OrderStatus.CONFIRMED, 62100, 0)
    assert db.session.get_one(StudyDay, day.id).seats_taken == 2


def test_what_is_paid_within_the_minute_is_left() -> None:
    day = make_open_day(1)
    batch = _ask(BatchAction.CANCEL, _keys(day))
    order = db.session.scalars(sa.select(Order)).one()
    with unit_of_work.transaction():
        money = MoneyReceived(method="cheque", amount_cents=100, reference="7")
        checkout.settle(order.id, money, received_on=NOW.date(), now=NOW)

    _run(SOON)

    assert _statuses(day) == [RegistrationStatus.CONFIRMED]
    assert [outcome for outcome, _why in _outcomes(batch).values()] == [ItemOutcome.LEFT]
    assert queries.counts_of(batch.id)[ItemOutcome.LEFT] == 1


def test_a_plan_asks_as_many_queries_for_many() -> None:
    few, many = make_open_day(1), make_study_day()
    for number in range(6):
        place(seats(many, an_attendee(2 * number), an_attendee(2 * number + 1)))
    keys = [_keys(few), _keys(many)]
    asked = set()
    for of_day in keys:
        db.session.expunge_all()
        with counting_queries() as count:
            service.plan(BatchAction.CANCEL, of_day, now=NOW)
        asked.add(count())

    assert asked == {2}
