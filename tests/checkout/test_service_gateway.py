"""What the checkout makes of Stripe's answers, and of its silence; over the wire, against the sandbox."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout import mails as checkout_mails
from eventsapp.checkout import service as checkout
from eventsapp.core import i18n, unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders import queries as order_queries
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments import service as payments
from eventsapp.payments.errors import NotPayable
from eventsapp.payments.models import CardSession, Payment, PaymentAlert
from eventsapp.payments.statuses import CardSessionStatus
from eventsapp.payments.values import CardPage
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from tests.checkout.looking import pay, statuses, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")

NOW = datetime.now(UTC)
#: After the hold, and after the patience that Stripe's silence is given.
OVER, WELL_OVER = NOW + timedelta(minutes=31), NOW + timedelta(minutes=46)
SILENT = 99


def a_day() -> StudyDay:
    return make_study_day(starts_at=NOW + timedelta(days=60))


def card_order(day: StudyDay, number: int = 1) -> Order:
    """Place an order to be paid by card and open its page."""
    order = place(seats(day, an_attendee(number)), payment_method="card", now=NOW)
    open_page(order)
    return order


def open_page(order: Order, *, now: datetime = NOW) -> None:
    """Open the page of an order; one without a hold lasts half an hour from ``now``, by Stripe's own watch."""
    checkout.open_page(checkout.prepare_page(order, now=now), now=now)


def pages(order: Order) -> list[CardSession]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(CardSession).filter_by(order_id=order.id).order_by(CardSession.attempt)))


def pay_page(sandbox: RunningSandbox, order: Order, *, amount_cents: int | None = None) -> None:
    """Pay the order's last page; Stripe's message gets lost. ``amount_cents`` is what Stripe says it took."""
    session_id = pages(order)[-1].session_id
    assert session_id is not None
    sandbox.pay(session_id, card=buyer.ACCEPTED)
    if amount_cents is not None:
        store = sandbox.sandbox.store
        session = store.find("checkout.session", session_id)
        assert session is not None
        with store.transaction():
            store.put(session | {"amount_total": amount_cents})


def cancel(day: StudyDay) -> None:
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        found = study_days.day_in_full(day.slug)
        assert found is not None
        checkout.cancel_day(found, note="", actor=organiser, now=NOW)


def state(order: Order) -> tuple[OrderStatus, PaymentStatus]:
    found = order_queries.by_reference(order.reference)
    assert found is not None
    return found.status, found.payment_status


def problems() -> list[str]:
    return list(db.session.scalars(sa.select(PaymentAlert.problem).order_by(PaymentAlert.id)))


def test_the_hold_of_a_paid_order_ends_in_its_confirmation(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)

    assert checkout.expire_due(now=OVER) == 0

    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)


def test_a_paid_order_that_does_not_fit_is_not_expired_until_the_office_dealt_with_it(sandbox: RunningSandbox) -> None:
    day = a_day()
    order = card_order(day)
    pay_page(sandbox, order, amount_cents=62099)

    assert [checkout.expire_due(now=OVER) for _ in range(2)] == [0, 0]

    assert (state(order), taken(day)) == ((OrderStatus.PENDING, PaymentStatus.DUE), 1)
    assert problems() == ["payé 62099 centimes au lieu de 62100"]
    alert = db.session.scalars(sa.select(PaymentAlert)).one()
    with unit_of_work.transaction():
        payments.handle_alert(alert.id, note="Remboursé", actor=make_user(RoleName.ACCOUNTANT), now=OVER)
    assert checkout.expire_due(now=OVER) == 1
    assert (state(order), taken(day)) == ((OrderStatus.EXPIRED, PaymentStatus.DUE), 0)


def test_the_return_of_the_buyer_and_the_reconciliation_raise_the_same_alert_once(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order, amount_cents=1)

    assert checkout.ask_gateway(order.id, now=NOW).refused == 1
    assert checkout.reconcile(now=NOW) == 0

    assert problems() == ["payé 1 centimes au lieu de 62100"]
    entries = db.session.execute(
        sa.select(AuditEntry.subject_id, AuditEntry.changes).filter_by(action="payments.alert")
    )
    assert entries.all() == [(order.id, {"amount_cents": 1, "reason": "payé 1 centimes au lieu de 62100"})]


def test_a_payment_that_no_message_told_is_found_once(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)

    assert [checkout.reconcile(now=NOW) for _ in range(2)] == [1, 0]

    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)


def test_pages_opened_more_than_four_days_ago_are_not_asked_for(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)

    assert checkout.reconcile(now=NOW + timedelta(days=4, seconds=1)) == 0

    assert state(order) == (OrderStatus.PENDING, PaymentStatus.DUE)


def test_silence_ends_the_hold_after_a_while_but_no_page(sandbox: RunningSandbox) -> None:
    day = a_day()
    order = card_order(day)
    pay_page(sandbox, order)
    sandbox.turn(reset_next=SILENT)

    assert checkout.expire_due(now=OVER) == 0
    assert checkout.expire_due(now=WELL_OVER) == 1
    assert [page.status for page in pages(order)] == [CardSessionStatus.OPEN]

    sandbox.turn(reset_next=0)
    assert checkout.reconcile(now=WELL_OVER) == 1
    assert (state(order), taken(day)) == ((OrderStatus.CONFIRMED, PaymentStatus.PAID), 1)


def test_a_page_that_outlived_its_order_is_closed_by_the_reconciliation(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    sandbox.turn(reset_next=SILENT)
    checkout.expire_due(now=WELL_OVER)
    sandbox.turn(reset_next=0)

    assert checkout.reconcile(now=WELL_OVER) == 0

    assert [page.status for page in pages(order)] == [CardSessionStatus.EXPIRED]
    assert [session["status"] for session in sandbox.objects("checkout.session")] == ["expired"]


@pytest.mark.parametrize("asked", ["verify", "expire"])
def test_a_page_found_paid_counts_although_another_gets_no_answer(sandbox: RunningSandbox, asked: str) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)
    lost = CardPage(session_id="cs_test_lost", url="u", expires_at=OVER)
    with unit_of_work.transaction():
        payments.remember_page(order.id, attempt=2, amount_cents=62100, page=lost, expires_at=OVER, now=NOW)
    sandbox.turn(reset_next=SILENT, fault_path="cs_test_lost")

    if asked == "verify":
        checkout.ask_gateway(order.id, now=NOW)
    else:
        checkout.expire_due(now=WELL_OVER)

    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)


def test_one_broken_order_stops_no_other(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    day = a_day()
    broken, sound = (
        place(seats(day, an_attendee(number)), payment_method="card", now=NOW + timedelta(seconds=number))
        for number in (1, 2)
    )
    real, reference = checkout_mails.order_expired, broken.reference

    def fail_for_one(order: Order, *, now: datetime) -> None:
        if order.reference == reference:
            raise RuntimeError(reference)
        real(order, now=now)

    monkeypatch.setattr(checkout_mails, "order_expired", fail_for_one)

    assert checkout.expire_due(now=OVER) == 1

    assert (state(broken)[0], state(sound)[0]) == (OrderStatus.PENDING, OrderStatus.EXPIRED)
    assert f"order {broken.id} could not be expired" in caplog.text


def test_a_day_that_was_called_off_is_not_charged(sandbox: RunningSandbox) -> None:
    day = a_day()
    order = place(seats(day), payment_method="card", now=NOW)
    cancel(day)

    with pytest.raises(NotPayable, match="annulée ou reportée"):
        open_page(order)


def test_money_for_a_day_that_was_called_off_meanwhile_is_to_be_refunded(sandbox: RunningSandbox) -> None:
    day = a_day()
    order = card_order(day)
    pay_page(sandbox, order)
    cancel(day)

    assert checkout.reconcile(now=NOW) == 1

    found = order_queries.by_reference(order.reference)
    assert found is not None
    assert (found.status, found.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.OVERPAID)
    assert found.paid_without_seat
    assert statuses() == [RegistrationStatus.CANCELLED]
    assert checkout.expire_due(now=OVER) == 0


def test_a_part_paid_order_asks_for_the_rest_and_closes_the_page_that_asked_for_all(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay(order, 10000, now=NOW, reference="chq")

    open_page(order)

    assert [(page.status, page.amount_cents) for page in pages(order)] == [
        (CardSessionStatus.EXPIRED, 62100), (CardSessionStatus.OPEN, 52100),
    ]  # fmt: skip
    pay_page(sandbox, order)
    assert checkout.reconcile(now=NOW) == 1
    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert sorted(db.session.scalars(sa.select(Payment.amount_cents))) == [10000, 52100]


def test_a_page_paid_before_another_payment_was_typed_is_counted_and_too_much(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)
    pay(order, 10000, now=NOW, reference="chq")

    with pytest.raises(NotPayable, match="ne payez pas de nouveau"):
        open_page(order)

    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.OVERPAID)
    assert problems() == []


def test_a_confirmed_order_that_owes_again_is_paid_on_a_page_that_the_reconciliation_leaves_open(
    sandbox: RunningSandbox,
) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)
    assert checkout.reconcile(now=NOW) == 1
    give_back(order, 20000)
    assert (order.status, order.balance_cents) == (OrderStatus.CONFIRMED, 20000)
    open_page(order, now=datetime.now(UTC))

    assert checkout.reconcile(now=NOW) == 0
    assert [page.status for page in pages(order)] == [CardSessionStatus.COMPLETE, CardSessionStatus.OPEN]

    pay_page(sandbox, order)
    assert [checkout.reconcile(now=NOW) for _ in range(2)] == [1, 0]
    assert state(order) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)


def test_a_page_that_asks_for_what_is_owed_no_more_is_closed_though_the_order_stands(sandbox: RunningSandbox) -> None:
    order = card_order(a_day())
    pay_page(sandbox, order)
    checkout.reconcile(now=NOW)
    give_back(order, 62100)
    open_page(order, now=datetime.now(UTC))
    pay(order, 30000, now=NOW, reference="VIR")

    assert checkout.reconcile(now=NOW) == 0

    assert [page.status for page in pages(order)] == [CardSessionStatus.COMPLETE, CardSessionStatus.EXPIRED]


def give_back(order: Order, cents: int) -> None:
    """Give card money back though the order stands: it owes it again."""
    with unit_of_work.transaction():
        checkout.refund_card(
            order.id,
            amount_cents=cents,
            reason="Geste",
            surely_due=True,
            actor=make_user(RoleName.ACCOUNTANT),
            now=NOW,
        )
    assert checkout.ask_refunds(now=NOW).done == 1
    db.session.expire_all()


def test_the_page_is_worded_as_the_order_whoever_asks_for_it() -> None:
    plan = make_plan(name="Numérique", name_en="Digital")
    order = place(subscription(plan), payment_method="card", locale="en", now=NOW)

    said = [checkout.prepare_page(order, now=NOW).lines]
    with i18n.speaking("en"):
        said.append(checkout.prepare_page(order, now=NOW).lines)

    assert said == [(("Subscription: Digital", 1, order.total_cents),)] * 2
