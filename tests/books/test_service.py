"""The books of a period: to the cent, credit notes taken off, every entry balanced."""

from datetime import date

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.books import queries, rules, service
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice
from eventsapp.payments.models import Payment
from eventsapp.receipts import service as receipts
from eventsapp.subscriptions.statuses import Edition
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")
PERIOD = (date(2026, 1, 1), date(2026, 12, 31))


def test_tax_and_revenue_are_what_was_invoiced_less_what_was_credited() -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    day, plan = make_study_day(title="Mutualiser"), make_plan(name="Duo", edition=Edition.BOTH)
    place(seats(day), subscription(plan))
    taken_back = place(subscription(plan))
    invoice = db.session.scalars(sa.select(Invoice).where(Invoice.order_id == taken_back.id)).one()
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice, amount_cents=2900, reason="Geste", actor=accountant, now=NOW)

    rates = {rate: (row.net_cents, row.vat_cents, row.gross_cents) for rate, row in queries.vat_by_rate(*PERIOD)}
    products = {row.label: row.gross_cents for row in queries.revenue_by_product(*PERIOD)}

    assert {rate: gross for rate, (_net, _vat, gross) in rates.items()} == {2000: 62100, 210: 2 * 12900 - 2900}
    assert rates[2000] == (51750, 10350, 62100)
    assert products == {"Mutualiser": 62100, "Duo": 22900}
    assert sum(row.net_cents for row in queries.revenue_by_product(*PERIOD)) == sum(
        net for net, _vat, _g in rates.values()
    )
    assert queries.vat_by_rate(date(2025, 1, 1), date(2025, 12, 31)) == []


def test_every_entry_balances_whatever_becomes_of_the_money() -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    day = make_study_day()
    first, second = place(seats(day), payment_method="cheque"), place(subscription(make_plan()))
    paid = pay(first, 62100, reference="1")
    bounced = pay(first, 100, reference="2", surely_too_much=True)
    assert isinstance(paid, Payment)
    assert isinstance(bounced, Payment)
    with unit_of_work.transaction():
        receipts.deposit([paid.id, bounced.id], deposited_on=NOW.date(), actor=accountant, now=NOW)
        receipts.reverse(bounced.id, reversed_on=NOW.date(), reason="sans provision", actor=accountant, now=NOW)
        receipts.move(first.id, second.id, amount_cents=12900, reason="Erreur", actor=accountant, now=NOW)
        checkout.refund_by_hand(
            second.id, amount_cents=900, refunded_on=NOW.date(), reason="Geste", actor=accountant, now=NOW
        )

    entries = queries.entries(*PERIOD)

    assert all(rules.is_balanced(entry) for entry in entries)
    sums: dict[AccountKey, int] = {}
    for entry in entries:
        for line in entry.postings:
            sums[line.account] = sums.get(line.account, 0) + line.debit_cents - line.credit_cents
    # The cheque that held is at the bank, less what was given back; nothing is left on paper.
    assert (sums[AccountKey.BANK], sums[AccountKey.CHEQUES]) == (62100 - 900, 0)
    assert sums[AccountKey.CUSTOMERS] == 62100 + 12900 - (62100 - 900)


def test_entries_are_written_on_the_accounts_that_the_accountant_numbers() -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    before = queries.account_numbers()
    changed = before | {AccountKey.BANK: Account(number="512100", label="Banque postale")}

    with unit_of_work.transaction():
        service.save_accounts(changed, actor=accountant, now=NOW)

    assert before[AccountKey.CUSTOMERS].number == "411"
    assert queries.account_numbers()[AccountKey.BANK].number == "512100"
