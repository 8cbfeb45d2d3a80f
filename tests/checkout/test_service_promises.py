"""A subscription begun on a promise: its buyer is warned, it closes, it comes back with its money or by the office."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import service
from eventsapp.checkout.errors import NothingLeft
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import service as dunning
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentMethod
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import mails, move, pay
from tests.support.makers.accounts import make_user
from tests.support.makers.dunning import pay_by_hand
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client", "frozen")

WARNED, CLOSED, OPENED = (
    f"checkout/{name}" for name in ("suspension_announced", "access_suspended", "access_reopened")
)
#: Days from the order until its money is due, is called late, and its subscription closes.
DUE, LATE, CLOSES = 30, 31, 61


def promised(*, is_test: bool = False) -> tuple[Order, Contract]:
    """Return a subscription that a town hall ordered by mandat, and its contract, which runs."""
    order = place(subscription(make_plan()), is_test=is_test)
    (contract,) = subscriptions.contracts_of_order(order.id)
    assert contract.status is ContractStatus.ACTIVE
    return order, contract


def morning(days: int) -> datetime:
    """Return the morning so many days after the order."""
    day = clock.local_date(NOW) + timedelta(days=days)
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def sweep(days: int) -> int:
    return service.suspend_unpaid(now=morning(days))


def told() -> list[str]:
    return [template for template, _address in mails() if template in {WARNED, CLOSED, OPENED}]


def test_it_is_warned_of_a_week_before_and_closes_with_its_day() -> None:
    order, contract = promised()

    gone = {days: count for days in range(100) if (count := sweep(days))}

    assert gone == {CLOSES - 7: 1, CLOSES: 1}
    assert told() == [WARNED, CLOSED]
    assert contract.is_suspended
    assert order.suspends_on == clock.local_date(morning(CLOSES))
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.suspend")).one()
    assert (entry.subject_id, entry.actor_id) == (order.id, None)


def test_paid_it_runs_on_to_the_same_end() -> None:
    order, contract = promised()
    ends_on = contract.ends_on
    assert [sweep(CLOSES - 7), sweep(CLOSES)] == [1, 1]

    pay(order, order.total_cents, now=morning(CLOSES + 5), reference="VIR-1")

    db.session.expire_all()
    assert (contract.status, contract.ends_on) == (ContractStatus.ACTIVE, ends_on)
    assert sweep(CLOSES + 60) == 0


def test_a_sweep_that_did_not_run_gives_its_week_of_notice_all_the_same() -> None:
    order, contract = promised()

    assert sweep(CLOSES + 40) == 1
    assert (told(), contract.status) == ([WARNED], ContractStatus.ACTIVE)
    assert order.suspends_on == clock.local_date(morning(CLOSES + 47))
    assert [sweep(CLOSES + 46), sweep(CLOSES + 47), sweep(CLOSES + 48)] == [0, 1, 0]


def test_a_short_delay_counts_from_the_first_day_that_is_late() -> None:
    set_method("mandat", suspend_days=0)
    order, _contract = promised()

    gone = {days: count for days in range(80) if (count := sweep(days))}

    assert gone == {LATE: 1, LATE + 7: 1}
    assert order.suspends_on == clock.local_date(morning(LATE + 7))


def test_a_pause_of_the_reminders_holds_it_back_and_is_followed_by_a_new_warning() -> None:
    order, contract = promised()
    actor = make_user(RoleName.ACCOUNTANT)
    assert sweep(CLOSES - 7) == 1
    until = clock.local_date(morning(CLOSES + 20))
    with unit_of_work.transaction():
        dunning.pause(order, until=until, reason="Mandat en route", whole_customer=True, actor=actor, now=NOW)

    gone = {days: count for days in range(CLOSES - 6, CLOSES + 60) if (count := sweep(days))}

    assert gone == {CLOSES + 21: 1, CLOSES + 28: 1}
    assert told() == [WARNED, WARNED, CLOSED]
    assert contract.is_suspended


def test_a_pause_that_is_lifted_early_is_followed_by_a_new_warning() -> None:
    order, _contract = promised()
    actor = make_user(RoleName.ACCOUNTANT)
    assert sweep(CLOSES - 7) == 1
    with unit_of_work.transaction():
        until = clock.local_date(morning(CLOSES + 20))
        paused = dunning.pause(order, until=until, reason="Promis", whole_customer=False, actor=actor, now=NOW)
    assert sweep(CLOSES + 2) == 0
    with unit_of_work.transaction():
        dunning.lift(order, paused, actor=actor, now=morning(CLOSES + 3))

    gone = {days: count for days in range(CLOSES + 3, CLOSES + 30) if (count := sweep(days))}

    assert gone == {CLOSES + 3: 1, CLOSES + 10: 1}


def test_an_order_billed_anew_is_warned_anew_of_its_own_day() -> None:
    order, contract = promised()
    assert sweep(CLOSES - 7) == 1
    later = clock.local_date(morning(CLOSES + 20))
    with unit_of_work.transaction():
        orders.await_until(orders.lock(order.id), later)

    gone = {days: count for days in range(CLOSES - 6, CLOSES + 80) if (count := sweep(days))}

    assert gone == {CLOSES + 20 + 31 - 7: 1, CLOSES + 20 + 31: 1}
    assert contract.is_suspended


def test_money_that_came_and_went_is_followed_by_a_new_warning() -> None:
    order, contract = promised()
    other = place(subscription(make_plan(slug="autre")), payment_method="cheque")
    actor = make_user(RoleName.ACCOUNTANT)
    assert [sweep(CLOSES - 7), sweep(CLOSES)] == [1, 1]
    pay(order, order.total_cents, now=morning(CLOSES + 1), reference="VIR-1")
    move(order, other, order.total_cents, actor, now=morning(CLOSES + 2))

    gone = {days: count for days in range(CLOSES + 3, CLOSES + 30) if (count := sweep(days))}

    assert gone == {CLOSES + 3: 1, CLOSES + 10: 1}
    db.session.expire_all()
    assert contract.is_suspended


def test_a_plan_that_is_over_does_not_begin_anew_with_one_that_is_opened_again() -> None:
    order = place(subscription(make_plan()), subscription(make_plan(slug="court", months=2)))
    running, over = subscriptions.contracts_of_order(order.id)
    actor = make_user(RoleName.ACCOUNTANT)
    assert [sweep(CLOSES - 7), sweep(CLOSES)] == [1, 1]
    ended = over.ends_on

    with unit_of_work.transaction():
        service.reopen_subscriptions(order.id, actor=actor, now=morning(CLOSES + 30))

    db.session.expire_all()
    assert (running.status, over.status, over.ends_on) == (ContractStatus.ACTIVE, ContractStatus.PENDING, ended)


def test_whoever_paid_once_reads_that_it_is_paid_no_more() -> None:
    order, _contract = promised()
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        pay_by_hand(order, order.total_cents, actor=actor, bounces=True)
    with unit_of_work.transaction():
        service.suspend_subscriptions(order.id, reason="", actor=actor, now=morning(LATE))

    said = db.session.scalars(sa.select(OutgoingMail.text).where(OutgoingMail.template == CLOSED)).one()
    assert "n’est plus réglée" in said


@pytest.mark.parametrize("why", ["paid", "cancelled", "trial", "bounced", "no days", "placed before", "seats"])
def test_it_never_closes(why: str) -> None:
    if why == "no days":
        set_method("mandat", suspend_days=None)
    if why == "seats":
        order = place(seats(make_study_day()))
    else:
        order, _contract = promised(is_test=why == "trial")
    actor = make_user(RoleName.ACCOUNTANT)
    with unit_of_work.transaction():
        if why in {"paid", "bounced"}:
            pay_by_hand(order, order.total_cents, actor=actor, bounces=why == "bounced")
        if why == "cancelled":
            service.cancel_order(order.id, reason="Empêchement", actor=actor, now=NOW)
        if why == "placed before":
            order.payment_terms = {name: value for name, value in order.payment_terms.items() if name != "suspend_days"}

    assert [sweep(days) for days in (CLOSES - 7, CLOSES, CLOSES + 60)] == [0, 0, 0]
    assert told() == []


def test_the_office_opens_it_again_and_no_sweep_closes_it_a_second_time() -> None:
    order, contract = promised()
    actor = make_user(RoleName.ACCOUNTANT)
    ends_on = contract.ends_on
    assert [sweep(CLOSES - 7), sweep(CLOSES)] == [1, 1]

    with unit_of_work.transaction():
        service.reopen_subscriptions(order.id, actor=actor, now=morning(CLOSES + 1))

    assert (contract.status, contract.ends_on) == (ContractStatus.ACTIVE, ends_on)
    assert told() == [WARNED, CLOSED, OPENED]
    assert [sweep(CLOSES + days) for days in (1, 30, 200)] == [0, 0, 0]
    with unit_of_work.transaction(), pytest.raises(NothingLeft):
        service.reopen_subscriptions(order.id, actor=actor, now=morning(CLOSES + 2))


def test_what_is_over_or_waits_for_its_first_money_is_not_opened_by_hand() -> None:
    actor = make_user(RoleName.ACCOUNTANT)
    over, _contract = promised()
    waiting = place(subscription(make_plan(slug="autre")), payment_method="cheque")
    assert [sweep(CLOSES - 7), sweep(CLOSES)] == [1, 1]

    for order, now in ((over, morning(500)), (waiting, morning(CLOSES))):
        with unit_of_work.transaction(), pytest.raises(NothingLeft):
            service.reopen_subscriptions(order.id, actor=actor, now=now)


def test_one_that_cannot_be_closed_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = promised()[0], place(subscription(make_plan(slug="autre")))

    def fail_first(order: Order, *, on: date, now: datetime) -> None:
        if order.id == first.id:
            raise RuntimeError

    monkeypatch.setattr("eventsapp.checkout.mails.suspension_announced", fail_first)

    assert sweep(CLOSES - 7) == 1
    db.session.expire_all()
    assert (first.suspends_on, second.suspends_on is not None) == (None, True)


def test_the_method_says_after_how_many_days() -> None:
    method = db.session.scalars(sa.select(PaymentMethod).where(PaymentMethod.code == "mandat")).one()

    assert (method.payment_days, method.grace_days, method.suspend_days) == (DUE, 0, 30)
