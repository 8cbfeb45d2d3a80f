"""Issuing and crediting: one number after the other, nothing twice, to the cent."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries
from eventsapp.invoices import service as invoices
from eventsapp.invoices.errors import CreditTooHigh, NotCreditable, NothingToInvoice, NotInvoiceable
from eventsapp.invoices.models import Invoice, NumberSeries
from eventsapp.invoices.statuses import Check, DocumentKind
from eventsapp.invoices.values import Circumstances, CreditPart
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments.statuses import InvoiceMoment
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.payments import set_method
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")

SUPPLIED = Circumstances(
    goods=False,
    services=True,
    supplied_from=date(2027, 4, 1),
    supplied_to=date(2027, 4, 1),
    payment_days=30,
    paid_cents=0,
    payment_means="30",
    payment_label="Mandat administratif",
    public=True,
    purchase_order="BC-2026-118",
)


@pytest.fixture(autouse=True)
def invoiced_when_paid(transaction: None) -> None:
    """Confirmed orders by transfer wait for their invoice, so that the tests issue it."""
    set_method("transfer", invoice_at=InvoiceMoment.PAYMENT)


def a_mixed_order() -> Order:
    """Two seats at 20 % and a subscription at 2.10 %, confirmed and not invoiced yet."""
    items = seats(make_study_day(), an_attendee(1), an_attendee(2)), subscription(make_plan())
    return place(*items, payment_method="transfer")


def issue(order: Order) -> Invoice:
    with unit_of_work.transaction():
        return invoices.issue(orders.lock(order.id), SUPPLIED, now=NOW)


def issue_twice(order: Order) -> None:
    with unit_of_work.transaction():
        locked = orders.lock(order.id)
        invoices.issue(locked, SUPPLIED, now=NOW)
        invoices.issue(locked, SUPPLIED, now=NOW)


def credit(order: Order, invoice: Invoice, amount_cents: int | None = None) -> Invoice:
    """Credit so much of the first line of an order; without an amount all of the invoice."""
    with unit_of_work.transaction():
        locked = orders.lock(order.id)
        parts = [CreditPart(order_line_id=locked.lines[0].id, amount_cents=amount_cents)]
        whole = amount_cents is None
        return invoices.credit(locked, invoice.id, parts=[] if whole else parts, reason="Annulation", now=NOW)


def test_an_invoice_says_what_was_ordered_to_the_cent() -> None:
    order = a_mixed_order()

    content = queries.content_of(issue(order))

    assert content.total_cents == order.total_cents
    assert content.vat_cents == order.vat_cents
    assert [line.gross_cents for line in content.lines] == [line.total_cents for line in order.lines]
    assert (content.buyer.name, content.buyer.siret) == ("Ville d’Exemple", order.siret)
    assert content.buyer.purchase_order == "BC-2026-118"
    assert "R2192-31" in content.terms.late_penalty
    assert content.due_on == content.issued_on + timedelta(days=30)


def test_an_order_is_invoiced_once_and_again_only_when_all_is_credited() -> None:
    order = a_mixed_order()
    first = issue(order)

    with pytest.raises(NothingToInvoice):
        issue(order)
    credit(order, first)

    assert [issue(order).number, first.number] == ["F-2026-00002", "F-2026-00001"]


@pytest.mark.parametrize("status", [OrderStatus.PENDING, OrderStatus.EXPIRED, OrderStatus.CANCELLED])
def test_what_is_not_firm_is_not_invoiced(status: OrderStatus) -> None:
    order = a_mixed_order()
    order.status = status
    db.session.commit()

    with pytest.raises(NotInvoiceable):
        issue(order)


def test_money_without_a_seat_is_not_invoiced() -> None:
    order = a_mixed_order()
    order.paid_without_seat = True
    db.session.commit()

    with pytest.raises(NotInvoiceable):
        issue(order)


def test_a_credit_note_is_not_taken_back() -> None:
    order = a_mixed_order()
    note = credit(order, issue(order), 100)

    with pytest.raises(NotCreditable):
        credit(order, note)


def test_a_free_order_has_no_invoice() -> None:
    order = a_mixed_order()
    order.total_cents = 0

    with pytest.raises(NothingToInvoice):
        invoices.issue(order, SUPPLIED, now=NOW)


def test_credit_notes_in_part_and_the_rest_take_back_all_of_it_to_the_cent() -> None:
    order = a_mixed_order()
    invoice = issue(order)

    notes = [credit(order, invoice, 3_333), credit(order, invoice, 1), credit(order, invoice)]

    assert sum(note.total_cents for note in notes) == invoice.total_cents
    assert sum(note.net_cents for note in notes) == invoice.net_cents
    assert sum(note.vat_cents for note in notes) == invoice.vat_cents
    assert [note.number for note in notes] == ["A-2026-00001", "A-2026-00002", "A-2026-00003"]
    said = queries.content_of(notes[0])
    assert said.credits is not None
    assert (said.credits.number, said.credits.issued_on) == (invoice.number, invoice.issued_on)


@pytest.mark.parametrize("amount", [0, -1, 10**9])
def test_no_more_is_credited_than_is_left(amount: int) -> None:
    order = a_mixed_order()
    invoice = issue(order)

    with pytest.raises(CreditTooHigh):
        credit(order, invoice, amount)


def test_an_invoice_credited_whole_has_nothing_left() -> None:
    order = a_mixed_order()
    invoice = issue(order)
    with unit_of_work.transaction():
        locked = orders.lock(order.id)
        notes = invoices.credit_rest(locked, reason="Annulation", now=NOW)
        again = invoices.credit_rest(locked, reason="Annulation", now=NOW)

    assert ([note.total_cents for note in notes], again) == ([invoice.total_cents], [])


def test_a_transaction_given_up_gives_its_number_back() -> None:
    order = a_mixed_order()
    with pytest.raises(NothingToInvoice):
        issue_twice(order)

    assert issue(order).number == "F-2026-00001"
    assert db.session.scalars(sa.select(NumberSeries.last)).all() == [1]


def test_a_trial_uses_up_no_real_number() -> None:
    trial = place(seats(make_study_day()), payment_method="transfer", is_test=True)
    numbers = [issue(trial).number, issue(a_mixed_order()).number]

    assert numbers == ["ESSAI-F-2026-00001", "F-2026-00001"]


def test_each_year_begins_at_one() -> None:
    first, second = a_mixed_order(), place(seats(make_study_day(), an_attendee(3)), payment_method="transfer")
    issue(first)
    with unit_of_work.transaction():
        later = invoices.issue(orders.lock(second.id), SUPPLIED, now=NOW + timedelta(days=365))

    assert later.number == f"F-{NOW.year + 1}-00001"


def test_what_is_issued_waits_for_the_worker() -> None:
    invoice = issue(a_mixed_order())

    assert (invoice.kind, invoice.check, invoice.pdf_id) == (DocumentKind.INVOICE, Check.PENDING, None)
