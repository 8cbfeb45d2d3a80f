"""What payment methods of the office's own do to orders: held seats, later invoices, papers in between, reminders."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.dunning import queries as dunning
from eventsapp.dunning import service as reminders
from eventsapp.invoices import queries as invoices
from eventsapp.mandats import queries as mandats
from eventsapp.mandats import service as dossiers
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.errors import MethodUnavailable, NotPayable
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import pay, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.payments import a_held_method, a_method, make_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def _codes(order: Order) -> Codes:
    return Codes(siret=order.siret, service_code=order.service_code, commitment_number=order.commitment_number)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)


def found(order: Order) -> Order:
    db.session.expire_all()
    return db.session.get_one(Order, order.id)


class TestHeldUntilPaid:
    def test_seats_wait_for_the_transfer_and_no_card_is_asked_for(self) -> None:
        method, day = make_method(a_held_method()), make_study_day()

        order = place(seats(day), payment_method=method.code)

        assert (order.status, order.expires_at, order.due_on) == (OrderStatus.PENDING, NOW + timedelta(days=10), None)
        assert taken(day) == 1
        assert not checkout.is_paid_online(order)
        with pytest.raises(NotPayable), unit_of_work.transaction():
            checkout.prepare_page(order, now=NOW)

    def test_the_transfer_confirms_and_brings_the_invoice(self) -> None:
        order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)

        pay(order, order.total_cents)

        assert found(order).status is OrderStatus.CONFIRMED
        (invoice,) = invoices.of_order(order.id)
        assert invoice.due_on is None

    def test_without_it_the_seats_go_back_at_the_end_of_the_hold(self) -> None:
        day = make_study_day()
        order = place(seats(day), payment_method=make_method(a_held_method()).code)

        assert checkout.expire_due(now=NOW + timedelta(days=10) - timedelta(seconds=1)) == 0
        assert checkout.expire_due(now=NOW + timedelta(days=10)) == 1

        assert (found(order).status, taken(day)) == (OrderStatus.EXPIRED, 0)

    def test_a_subscription_waits_as_well(self) -> None:
        order = place(subscription(make_plan()), payment_method=make_method(a_held_method()).code)
        assert db.session.scalars(sa.select(Contract.status)).one() is ContractStatus.PENDING

        pay(order, order.total_cents)

        assert db.session.scalars(sa.select(Contract.status)).one() is ContractStatus.ACTIVE


class TestInvoicedLater:
    def test_after_the_day_the_money_is_awaited_from_there_and_the_grace_moves_along(self) -> None:
        method = make_method(
            a_method(
                name="Bon de commande", purchase_order_days=10, required_fields=("siret",), payment_days=30,
                grace_days=5, invoice_at=InvoiceMoment.DELIVERY,
            )
        )  # fmt: skip
        day, actor = make_study_day(), make_user(RoleName.ACCOUNTANT)

        order = place(seats(day), payment_method=method.code)

        last = day.last_date + timedelta(days=30)
        assert (order.due_on, order.tolerated_until) == (last, last + timedelta(days=5))
        assert invoices.of_order(order.id) == []
        with unit_of_work.transaction():
            checkout.complete_mandat(
                order.id, codes=_codes(order), brought=PurchaseOrder(number="BC-1"), now=NOW, actor=actor
            )
            checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=actor, now=day.ends_at + timedelta(days=9))

        (invoice,) = invoices.of_order(order.id)
        assert invoice.due_on == last + timedelta(days=9)
        kept = found(order)
        assert (kept.due_on, kept.tolerated_until) == (invoice.due_on, invoice.due_on + timedelta(days=5))
        claim = dunning.claim_of(order.id)
        assert claim is not None
        assert (claim.due_on, claim.tolerated_until) == (kept.due_on, kept.tolerated_until)

    def test_an_order_keeps_the_moment_of_its_invoice_when_the_method_s_changes(self) -> None:
        method = make_method(a_method(invoice_at=InvoiceMoment.PAYMENT))
        order = place(seats(make_study_day()), payment_method=method.code)
        method.invoice_at, method.payment_days = InvoiceMoment.ORDER, 10
        db.session.commit()

        with unit_of_work.transaction():
            invoice = checkout.invoice_order(order.id, actor=make_user(RoleName.ACCOUNTANT), now=NOW)

        assert invoice.due_on == invoice.issued_on + timedelta(days=45)

    def test_the_purchase_order_is_asked_for_on_the_day_that_was_said(self) -> None:
        order = place(seats(make_study_day()), payment_method="mandat")
        payments.method("mandat").purchase_order_days = 2
        db.session.commit()

        assert list(mandats.to_remind(now=NOW + timedelta(days=9))) == []
        assert len(mandats.to_remind(now=NOW + timedelta(days=10))) == 1
        assert dossiers.remind_due(now=NOW + timedelta(days=10)) == 1
        dossier = mandats.of_order(order.id)
        assert dossier is not None
        assert dossier.remind_at == NOW + timedelta(days=10)


class TestProForma:
    def test_it_stands_in_for_the_invoice_until_there_is_one(self) -> None:
        order = place(seats(make_study_day()), payment_method=make_method(a_held_method()).code)

        assert checkout.has_proforma(order)
        said = checkout.proforma(order)
        assert (said.number, said.total_cents, said.due_cents) == (order.reference, 62100, 62100)
        assert (said.payment_label, said.due_on) == ("Virement préalable", date(2026, 12, 3))

        pay(order, order.total_cents)
        assert not checkout.has_proforma(found(order))

    @pytest.mark.parametrize("why", ["other method", "expired"])
    def test_there_is_none_for(self, why: str) -> None:
        method = "transfer" if why == "other method" else make_method(a_held_method()).code
        order = place(seats(make_study_day()), payment_method=method)
        if why == "expired":
            checkout.expire_due(now=NOW + timedelta(days=11))

        assert not checkout.has_proforma(found(order))


class TestAdding:
    def test_a_new_method_is_reminded_of_as_another_is(self) -> None:
        actor = make_user(RoleName.ACCOUNTANT)
        with unit_of_work.transaction():
            code = checkout.add_payment_method(
                a_method(grace_days=3), place=1, reminders_like="transfer", actor=actor, now=NOW
            ).code
        order = place(seats(make_study_day()), payment_method=code)
        assert order.tolerated_until == date(2027, 1, 10)

        first = dunning.steps_of("transfer")[0].days
        due = order.tolerated_until + timedelta(days=first)
        assert reminders.remind_due(now=_morning(due - timedelta(days=1))) == 0
        assert reminders.remind_due(now=_morning(due)) == 1

    def test_reminders_are_not_copied_twice_nor_from_nothing(self) -> None:
        actor, method = make_user(RoleName.ACCOUNTANT), make_method()
        for like, wrong in (("card", True), ("cheque", False), ("transfer", True)):
            try:
                with unit_of_work.transaction():
                    reminders.copy_steps(method, like=like, actor=actor, now=NOW)
            except Invalid:
                assert wrong, like
            else:
                assert not wrong, like

        assert len(dunning.steps_of(method.code)) == 3


def test_a_method_that_was_withdrawn_takes_no_order_and_keeps_those_it_has() -> None:
    method = make_method()
    order = place(seats(make_study_day()), payment_method=method.code)
    method.enabled = False
    db.session.commit()

    with pytest.raises(MethodUnavailable):
        place(seats(make_study_day()), payment_method=method.code)

    pay(order, order.total_cents)
    kept = orders.by_reference(order.reference)
    assert kept is not None
    assert kept.balance_cents == 0
