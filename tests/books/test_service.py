"""Sums of a period to the cent, credit notes taken off, and the accounts that entries are written on."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.books import queries, service
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice
from eventsapp.subscriptions.statuses import Edition
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("transaction")
PERIOD = (date(2026, 1, 1), date(2026, 12, 31))


def test_tax_and_revenue_are_what_was_invoiced_less_what_was_credited() -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    day = make_study_day(title="Mutualiser", city=make_city("Angers"))
    plan = make_plan(name="Duo", edition=Edition.BOTH)
    place(seats(day), subscription(plan))
    taken_back = place(subscription(plan), payment_method="transfer")
    invoice = db.session.scalars(sa.select(Invoice).where(Invoice.order_id == taken_back.id)).one()
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice, amount_cents=2900, reason="Geste", actor=accountant, now=NOW)

    rates = {rate: (row.net_cents, row.vat_cents, row.gross_cents) for rate, row in queries.vat_by_rate(*PERIOD)}
    products = {row.label: row.gross_cents for row in queries.revenue_by_product(*PERIOD)}
    by_method = queries.revenue_by_method(*PERIOD, methods={"transfer": "Virement"})
    methods = {row.label: row.gross_cents for row in by_method}

    assert {rate: gross for rate, (_net, _vat, gross) in rates.items()} == {2000: 62100, 210: 2 * 12900 - 2900}
    assert rates[2000] == (51750, 10350, 62100)
    assert products == {"Mutualiser, Angers, 24\u00a0février 2027": 62100, "Duo": 22900}
    assert methods == {"mandat": 75000, "Virement": 10000}
    assert sum(row.net_cents for row in queries.revenue_by_product(*PERIOD)) == sum(
        net for net, _vat, _g in rates.values()
    )
    assert queries.vat_by_rate(date(2025, 1, 1), date(2025, 12, 31)) == []


def test_two_days_of_one_title_are_two_products() -> None:
    """A day that is held again, in another town or at another date, is sold anew."""
    for town, month in (("Angers", 2), ("Angers", 4), ("Nantes", 4)):
        starts_at = datetime(2027, month, 24, 8, tzinfo=UTC)
        place(seats(make_study_day(title="Mutualiser", city=make_city(town), starts_at=starts_at)))
    place(seats(make_study_day(title="Autre chose", city=make_city("Lyon"))))

    labels = [row.label.replace("\u00a0", " ") for row in queries.revenue_by_product(*PERIOD)]

    assert labels == [
        "Autre chose, Lyon, 24 février 2027",
        "Mutualiser, Angers, 24 avril 2027",
        "Mutualiser, Angers, 24 février 2027",
        "Mutualiser, Nantes, 24 avril 2027",
    ]


def test_entries_are_written_on_the_accounts_that_the_accountant_numbers() -> None:
    accountant = make_user(RoleName.ACCOUNTANT)
    before = queries.chart()
    changed = dict(before.accounts) | {AccountKey.BANK: Account(number="512100", label="Banque postale")}
    vat = {2000: Account(number="4457120", label="TVA 20"), 1960: Account(number="4457196", label="TVA 19,6")}

    with unit_of_work.transaction():
        service.save_accounts(changed, vat, actor=accountant, now=NOW)

    after = queries.chart()
    assert before.accounts[AccountKey.CUSTOMERS].number == "411"
    assert after.accounts[AccountKey.BANK].number == "512100"
    assert {rate: after.vat[rate].number for rate in (2000, 1960, 210)} == {
        2000: "4457120", 1960: "4457196", 210: "445715",
    }  # fmt: skip


def test_a_rate_that_is_sold_at_asks_for_its_account() -> None:
    make_plan(vat_rate=1960)

    assert queries.vat_accounts()[1960] is None
    assert 0 not in queries.vat_accounts()


@pytest.mark.parametrize("orders", [3, 30])
def test_reading_the_sums_asks_the_same_number_of_queries_for_three_and_thirty_orders(orders: int) -> None:
    day, plan = make_study_day(capacity=100), make_plan()
    for number in range(orders):
        place(seats(day, an_attendee(number)), subscription(plan))

    with counting_queries() as count:
        queries.vat_by_rate(*PERIOD)
        queries.vat_due_by_rate(*PERIOD)
        queries.revenue_by_product(*PERIOD)
        list(queries.entries(*PERIOD))

    assert count() == 1 + 1 + 3 + 12
