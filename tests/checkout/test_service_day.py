"""A day that is called off or moved tells its people."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.checkout.statuses import ItemOutcome
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import service as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.statuses import RefundState
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.errors import IllegalTransition
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import mails, pay, taken
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import paid_by_card
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def loaded(day: StudyDay) -> StudyDay:
    found = study_days.day_in_full(day.slug)
    assert found is not None
    return found


def credited(order: Order) -> list[int]:
    notes = [row for row in invoice_queries.of_order(order.id) if row.kind is DocumentKind.CREDIT_NOTE]
    return [note.total_cents for note in notes]


def told(template: str) -> list[str]:
    return sorted(address for name, address in mails() if name == template)


def test_a_cancelled_day_is_told_once_to_each_participant_and_buyer() -> None:
    day = make_study_day(city=make_city("Angers"))
    place(seats(day, an_attendee(1), an_attendee(2, email="finances@ville-exemple.fr")))
    place(seats(day, an_attendee(1, first_name="Dominique"), an_attendee(3)))
    cancelled = place(seats(day, an_attendee(4)))
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(cancelled.id, reason="Empêchement", actor=organiser, now=NOW)

    with unit_of_work.transaction():
        count = checkout.cancel_day(loaded(day), note="La salle est fermée.", actor=organiser, now=NOW)
    assert told("registrations/day_cancelled") == []

    assert [checkout.cancel_orders_of_days(now=NOW) for _ in range(2)] == [2, 0]

    assert count == 3
    assert told("registrations/day_cancelled") == [
        "claude.roux1@ville-exemple.fr", "claude.roux3@ville-exemple.fr", "finances@ville-exemple.fr",
    ]  # fmt: skip
    text = db.session.scalar(sa.select(OutgoingMail.text).where(OutgoingMail.template == "registrations/day_cancelled"))
    assert text is not None
    assert "mercredi 24\u00a0février 2027 à Angers, n’aura pas lieu." in text
    assert "La salle est fermée." in text


def test_only_the_buyer_learns_of_the_order() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1)))
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=make_user(RoleName.ORGANISER), now=NOW)
    checkout.cancel_orders_of_days(now=NOW)

    texts = dict(
        db.session.execute(
            sa.select(OutgoingMail.to_address, OutgoingMail.text).where(
                OutgoingMail.template == "registrations/day_cancelled"
            )
        ).all()
    )

    assert order.secret in texts["finances@ville-exemple.fr"]
    assert "/commandes/" not in texts["claude.roux1@ville-exemple.fr"]


def test_orders_of_a_day_called_off_are_cancelled_credited_and_their_card_money_asked_back(
    sandbox: RunningSandbox,
) -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=60))
    by_card = paid_by_card(sandbox, day, 1, now=now)
    by_cheque = place(seats(day, an_attendee(2)), payment_method="cheque", now=now)
    pay(by_cheque, 62100, now=now)
    owed = place(seats(day, an_attendee(3)), now=now)
    held = place(seats(day, an_attendee(4)), payment_method="card", now=now)
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=make_user(RoleName.ORGANISER), now=now)

    checkout.cancel_orders_of_days(now=now)
    checkout.ask_refunds(now=now)

    db.session.expire_all()
    assert {order.status for order in (by_card, by_cheque, owed, held)} == {OrderStatus.CANCELLED}
    assert (by_card.returnable_cents, by_cheque.returnable_cents, owed.returnable_cents) == (0, 62100, 0)
    assert [refund["amount"] for refund in sandbox.objects("refund")] == [62100]
    assert [credited(order) for order in (by_card, by_cheque, owed, held)] == [[62100], [62100], [62100], []]
    assert taken(day) == 0
    progress = queries.progress_of(day)
    assert progress is not None
    assert (progress.total, progress.waiting, dict(progress.refunds)) == (4, 0, {RefundState.DONE: 1})
    assert [item.order.reference for item in progress.to_look_at] == [by_cheque.reference]


def test_of_an_order_that_bought_more_than_the_day_that_part_is_credited_and_the_rest_stays() -> None:
    day, other = make_study_day(), make_study_day()
    order = place(seats(day), seats(other), subscription(make_plan()), payment_method="cheque")
    pay(order, 137100)
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=make_user(RoleName.ORGANISER), now=NOW)

    checkout.cancel_orders_of_days(now=NOW)

    db.session.expire_all()
    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.OVERPAID)
    assert (order.credited_cents, order.balance_cents, credited(order)) == (62100, -62100, [62100])
    assert (taken(day), taken(other)) == (0, 1)
    assert [row.status for row in subscriptions.contracts_of_order(order.id)] == [ContractStatus.ACTIVE]
    assert len(told("registrations/day_cancelled")) == 2
    assert len(told("checkout/part_cancelled") + told("registrations/seat_cancelled")) == 0
    progress = queries.progress_of(day)
    assert progress is not None
    assert [item.outcome for item in progress.to_look_at] == [ItemOutcome.PART]
    assert broken() == []


def test_who_came_before_it_was_called_off_is_left_to_the_office() -> None:
    day = make_study_day()
    order = place(seats(day))
    with unit_of_work.transaction():
        registrations.of_order(order.id)[0].status = RegistrationStatus.ATTENDED
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=make_user(RoleName.ORGANISER), now=NOW)

    checkout.cancel_orders_of_days(now=NOW)

    db.session.expire_all()
    progress = queries.progress_of(day)
    assert progress is not None
    assert [item.outcome for item in progress.to_look_at] == [ItemOutcome.BY_HAND]
    assert (order.status, order.credited_cents) == (OrderStatus.CONFIRMED, 0)


def test_two_days_of_one_order_called_off_cancel_it_whole_and_tell_of_each_once() -> None:
    day, other = make_study_day(), make_study_day()
    order = place(seats(day), seats(other))
    for called_off in (day, other):
        with unit_of_work.transaction():
            checkout.cancel_day(loaded(called_off), note="", actor=make_user(RoleName.ORGANISER), now=NOW)

    assert checkout.cancel_orders_of_days(now=NOW) == 2

    db.session.expire_all()
    assert (order.status, credited(order)) == (OrderStatus.CANCELLED, [124200])
    assert len(told("registrations/day_cancelled")) == 4
    assert broken() == []


def test_one_order_that_goes_wrong_stops_no_other_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    day = make_study_day()
    broken, sound = place(seats(day, an_attendee(1))), place(seats(day, an_attendee(2)))
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=make_user(RoleName.ORGANISER), now=NOW)
    real, broken_id = invoices.credit, broken.id

    def fail_for_one(order: Order, invoice_id: int, **values: Any) -> Any:
        if order.id == broken_id:
            raise RuntimeError("plus de papier")
        return real(order, invoice_id, **values)

    with monkeypatch.context() as patched:
        patched.setattr(invoices, "credit", fail_for_one)
        assert checkout.cancel_orders_of_days(now=NOW) == 1
    db.session.expire_all()
    assert (broken.status, sound.status) == (OrderStatus.CONFIRMED, OrderStatus.CANCELLED)
    progress = queries.progress_of(day)
    assert progress is not None
    assert [item.problem for item in progress.to_look_at] == ["RuntimeError: plus de papier"]

    assert checkout.cancel_orders_of_days(now=NOW) == 1
    db.session.expire_all()
    assert broken.status is OrderStatus.CANCELLED


def test_a_postponed_day_is_told_with_both_dates_and_keeps_its_seats() -> None:
    day = make_study_day()
    place(seats(day))
    organiser = make_user(RoleName.ORGANISER)

    with unit_of_work.transaction():
        checkout.postpone_day(loaded(day), to=date(2027, 3, 24), note="", reopen=False, actor=organiser, now=NOW)

    assert told("registrations/day_postponed") == ["claude.roux1@ville-exemple.fr", "finances@ville-exemple.fr"]
    text = db.session.scalar(sa.select(OutgoingMail.text).where(OutgoingMail.template == "registrations/day_postponed"))
    assert text is not None
    assert "prévue le mercredi 24\u00a0février 2027" in text
    assert "Nouvelle date\u00a0: mercredi 24\u00a0mars 2027." in text
    assert day.seats_taken == 1


def test_a_day_is_called_off_once() -> None:
    day = make_study_day()
    place(seats(day))
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)

    with pytest.raises(IllegalTransition), unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)
    checkout.cancel_orders_of_days(now=NOW)

    assert len(told("registrations/day_cancelled")) == 2
