"""The tax that waits becomes due as the report says; what proves a movement; one cheque for several orders."""

from datetime import date, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.books import queries
from eventsapp.books.statuses import AccountKey
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.payments.models import Payment
from eventsapp.payments.values import Part
from eventsapp.receipts import service as receipts
from tests.books.looking import collected, read
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def month(of: date) -> tuple[date, date]:
    first = of.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def due_in(of: date) -> dict[int, int]:
    return {rate: row.vat_cents for rate, row in queries.vat_due_by_rate(*month(of)) if row.vat_cents}


def test_the_tax_of_an_invoice_waits_until_it_is_paid_month_by_month_as_the_report_says(accountant: User) -> None:
    order = place(seats(make_study_day()), subscription(make_plan()), payment_method="transfer")
    november = read()

    pay(order, 10000, now=NOW + timedelta(days=15), reference="1")
    pay(order, 65000, now=NOW + timedelta(days=60), reference="2")
    # Told late, of a day before: each month has what the report says now.
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=5000, refunded_on=date(2026, 12, 20), reason="Geste", actor=accountant,
            now=NOW + timedelta(days=61),
        )  # fmt: skip

    assert collected(november) == {}
    assert collected(november, AccountKey.WAITING_VAT) == {2000: 10350, 210: 265}
    for of in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        assert collected(read(*month(of))) == due_in(of)
    both = read(date(2026, 1, 1), date(2027, 12, 31))
    left = collected(both, AccountKey.WAITING_VAT)
    assert {rate: left.get(rate, 0) + cents for rate, cents in collected(both).items()} == {2000: 10350, 210: 265}
    assert [entry.piece for entry in both if entry.label.startswith("TVA exigible")] == ["F-2026-00001"] * 4


def test_under_the_option_the_invoice_credits_the_tax_at_once(accountant: User) -> None:
    invoices.terms().vat_on_debits = True
    db.session.commit()
    order = place(seats(make_study_day()), payment_method="transfer")
    pay(order, 62100, now=NOW + timedelta(days=15), reference="1")

    assert collected(read(*month(date(2026, 11, 1)))) == due_in(date(2026, 11, 1)) == {2000: 10350}
    assert collected(read(*month(date(2026, 12, 1)))) == due_in(date(2026, 12, 1)) == {}
    assert collected(read(), AccountKey.WAITING_VAT) == {}


def test_what_proves_a_movement_is_a_piece_and_why_it_moved_is_said_in_words(accountant: User) -> None:
    first, second = place(seats(make_study_day()), payment_method="cheque"), place(subscription(make_plan()))
    pay(first, 62100, reference="CHQ-1")
    bounced = pay(first, 100, reference="CHQ-2", surely_too_much=True)
    assert isinstance(bounced, Payment)
    with unit_of_work.transaction():
        receipts.reverse(bounced.id, reversed_on=NOW.date(), reason="sans provision", actor=accountant, now=NOW)
    with unit_of_work.transaction():
        receipts.move(first.id, second.id, amount_cents=12900, reason="Erreur", actor=accountant, now=NOW)
    with unit_of_work.transaction():
        refund = checkout.refund_by_hand(
            second.id, amount_cents=900, refunded_on=NOW.date(), reason="Geste", actor=accountant, now=NOW
        )
    assert refund is not None

    moved = [entry for entry in read() if entry.journal == "BQ" or "Transfert" in entry.label]

    assert [entry.piece for entry in moved] == [
        "CHQ-1", "CHQ-2", "CHQ-2", first.reference, f"RB-{refund.id:06}",
    ]  # fmt: skip
    reasons = ("", "", "(sans provision)", "(Erreur)", "(Geste)")
    assert all(entry.label.endswith(reason) for entry, reason in zip(moved, reasons, strict=True))


def test_one_transfer_that_pays_several_orders_is_once_at_the_bank(accountant: User) -> None:
    day = make_study_day()
    orders = [place(seats(day, an_attendee(number))) for number in range(3)]
    money = MoneyReceived(method="transfer", amount_cents=3 * 62100, reference="VIR-9", form_key="form-of-the-page")
    with unit_of_work.transaction():
        receipts.record(
            [Part(order_id=order.id, amount_cents=62100) for order in orders],
            money, received_on=NOW.date(), actor=accountant, now=NOW,
        )  # fmt: skip
    pay(place(subscription(make_plan()), payment_method="transfer"), 12900, reference="VIR-9")

    together, alone = (entry for entry in read() if entry.journal == "BQ")

    assert [(line.account, line.debit_cents, line.credit_cents) for line in together.postings] == [
        (AccountKey.BANK, 186300, 0), *[(AccountKey.CUSTOMERS, 0, 62100)] * 3,
    ]  # fmt: skip
    assert (together.piece, together.number, alone.number) == ("VIR-9", "BQ-2026-000001", "BQ-2026-000002")
    assert all(order.reference in together.label for order in orders)
