"""Invoices that wait for the last day of their order."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import BillingClosed
from eventsapp.checkout.service import _invoice as checkout_invoice
from eventsapp.checkout.service import _invoice_later
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.registrations import queries as registrations
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client", "frozen")


@pytest.fixture(autouse=True)
def choice(client: FlaskClient) -> None:
    set_method("mandat", invoice_choice=True)


def later(*items: Any, **values: Any) -> Order:
    return place(*items, invoice_at="delivery", **values)


def numbers(order: Order) -> list[str]:
    db.session.expire_all()
    return [row.number for row in invoices.of_order(order.id)]


def morning_after(day: StudyDay, *, days: int = 1) -> Any:
    return day.ends_at + timedelta(days=days)


def test_the_buyer_chooses_and_who_says_nothing_has_what_the_method_says() -> None:
    day = make_study_day()

    first, second = place(seats(day)), later(seats(day, an_attendee(2)))

    assert (numbers(first), numbers(second)) == (["F-2026-00001"], [])
    assert payments.terms_of(second).invoice_at is InvoiceMoment.DELIVERY
    assert second.due_on == day.last_date + timedelta(days=30)


def test_where_the_method_leaves_no_choice_nobody_is_heard() -> None:
    set_method("mandat", invoice_choice=False)

    assert numbers(later(seats(make_study_day()))) == ["F-2026-00001"]


def test_without_a_day_there_is_nothing_to_wait_for() -> None:
    assert numbers(later(subscription(make_plan()))) == ["F-2026-00001"]


def test_it_is_issued_once_the_last_day_is_over_however_late_and_once() -> None:
    day = make_study_day()
    last = make_study_day(starts_at=day.starts_at + timedelta(days=7))
    order = later(seats(day), seats(last))

    between = checkout.invoice_due(now=morning_after(day))
    same_evening = checkout.invoice_due(now=last.ends_at)
    weeks_after = checkout.invoice_due(now=morning_after(last, days=40))
    again = checkout.invoice_due(now=morning_after(last, days=41))

    assert (between, same_evening, weeks_after, again) == (0, 0, 1, 0)
    assert numbers(order) == ["F-2027-00001"]
    (invoice,) = invoices.of_order(order.id)
    assert db.session.get_one(Order, order.id).due_on == invoice.due_on


def test_killed_half_way_it_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    day = make_study_day()
    orders = [later(seats(day, an_attendee(number))) for number in range(1, 4)]
    issue, issued = checkout_invoice.invoice_at, list[int]()

    def dies(order: Order, *arguments: Any, **values: Any) -> Any:
        if len(issued) == 1:
            raise SystemExit
        issued.append(order.id)
        return issue(order, *arguments, **values)

    monkeypatch.setattr(_invoice_later, "invoice_at", dies)
    with pytest.raises(SystemExit):
        checkout.invoice_due(now=morning_after(day))
    db.session.rollback()
    monkeypatch.undo()

    assert checkout.invoice_due(now=morning_after(day)) == 2
    assert sorted(number for order in orders for number in numbers(order)) == [
        "F-2027-00001", "F-2027-00002", "F-2027-00003",
    ]  # fmt: skip


def test_one_that_cannot_be_invoiced_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    day = make_study_day()
    broken, fine = later(seats(day)), later(seats(day, an_attendee(2)))
    issue = checkout_invoice.invoice_at

    def fails(order: Order, *arguments: Any, **values: Any) -> Any:
        if order.id == broken.id:
            raise RuntimeError
        return issue(order, *arguments, **values)

    monkeypatch.setattr(_invoice_later, "invoice_at", fails)

    assert checkout.invoice_due(now=morning_after(day)) == 1
    assert (numbers(broken), numbers(fine)) == ([], ["F-2027-00001"])


def test_a_day_put_off_a_cancelled_order_and_paid_ones_wait_for_nothing() -> None:
    day, put_off = make_study_day(), make_study_day()
    waiting, cancelled = later(seats(put_off)), later(seats(day))
    paid = later(seats(day, an_attendee(2)))
    pay(paid, paid.total_cents)
    with unit_of_work.transaction():
        checkout.cancel_order(cancelled.id, reason="À leur demande", actor=make_user(RoleName.ACCOUNTANT), now=NOW)
    db.session.execute(sa.update(StudyDay).where(StudyDay.id == put_off.id).values(status=StudyDayStatus.POSTPONED))
    db.session.commit()

    assert checkout.invoice_due(now=morning_after(day)) == 0
    assert (numbers(waiting), numbers(cancelled), numbers(paid)) == ([], [], ["F-2026-00001"])


def test_service_done_in_the_dossier_comes_first_and_is_the_only_one() -> None:
    day = make_study_day()
    order = later(seats(day))
    with unit_of_work.transaction():
        checkout.invoice_order(order.id, actor=make_user(RoleName.ACCOUNTANT), now=NOW)

    assert checkout.invoice_due(now=morning_after(day)) == 0
    assert numbers(order) == ["F-2026-00001"]


def test_the_office_has_it_wait_or_issues_it_and_the_history_says_so() -> None:
    day, actor = make_study_day(), make_user(RoleName.ACCOUNTANT)
    order = later(seats(day))

    with unit_of_work.transaction():
        checkout.choose_moment(order.id, InvoiceMoment.ORDER, actor=actor, now=NOW)

    assert numbers(order) == ["F-2026-00001"]
    with pytest.raises(BillingClosed):
        checkout.choose_moment(order.id, InvoiceMoment.DELIVERY, actor=actor, now=NOW)
    db.session.rollback()
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.invoice_moment")).one()
    assert entry.changes == {"invoice_at": ["delivery", "order"]}


def test_an_invoice_taken_back_may_wait_for_the_day() -> None:
    day, actor = make_study_day(), make_user(RoleName.ACCOUNTANT)
    order = place(seats(day))
    with unit_of_work.transaction():
        invoice = invoices.of_order(order.id)[0]
        checkout.credit_invoice(invoice, redo=True, reason="Trop tôt", actor=actor, now=NOW)
    with unit_of_work.transaction():
        checkout.choose_moment(order.id, InvoiceMoment.DELIVERY, actor=actor, now=NOW)

    assert db.session.get_one(Order, order.id).due_on == day.last_date + timedelta(days=30)
    assert checkout.invoice_due(now=morning_after(day)) == 1
    assert numbers(order)[-1] == "F-2027-00001"


def test_where_no_seat_is_left_the_rest_is_invoiced_without_waiting() -> None:
    order = later(seats(day := make_study_day()), subscription(make_plan()))
    (seat,) = registrations.of_order(order.id)
    before = checkout.invoice_due(now=NOW)

    with unit_of_work.transaction():
        checkout.cancel_part(
            order.id, seat_ids=[seat.id], fee_cents=0, reason="Malade", actor=make_user(RoleName.ACCOUNTANT), now=NOW
        )

    assert (before, checkout.invoice_due(now=NOW), checkout.invoice_due(now=morning_after(day))) == (0, 1, 0)
    assert [row.total_cents for row in invoices.of_order(order.id)] == [12900]


def test_a_method_that_invoices_after_the_day_does_it_at_once_where_there_is_none() -> None:
    set_method("mandat", invoice_choice=False, invoice_at=InvoiceMoment.DELIVERY)

    order = place(subscription(make_plan()))

    assert numbers(order) == ["F-2026-00001"]
    assert payments.terms_of(order).invoice_at is InvoiceMoment.ORDER


def test_a_method_that_invoices_what_is_paid_waits_for_the_money_day_or_not() -> None:
    assert numbers(place(subscription(make_plan()), payment_method="card")) == []
