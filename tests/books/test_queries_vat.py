"""The tax that is due of a period follows the money, and the periods add up to what was invoiced and paid."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.books import queries
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.values import Take
from eventsapp.payments.models import Payment
from eventsapp.receipts import service as receipts
from eventsapp.subscriptions import queries as subscriptions
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("transaction")
MONEY = MoneyReceived(method="transfer", amount_cents=12000)
DECEMBER = datetime(2026, 12, 10, 9, tzinfo=UTC)
JANUARY = datetime(2027, 1, 12, 9, tzinfo=UTC)
MONTHS = {11: (date(2026, 11, 1), date(2026, 11, 30)), 12: (date(2026, 12, 1), date(2026, 12, 31)),
          1: (date(2027, 1, 1), date(2027, 1, 31))}  # fmt: skip


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


@pytest.fixture
def order(transaction: None) -> Order:
    """A seat at 20 % and a subscription at 2,1 %, invoiced in November, to be paid by transfer."""
    return place(seats(make_study_day()), subscription(make_plan()), payment_method="transfer")


def due(month: int) -> dict[int, tuple[int, int]]:
    """Rate → net and tax that became due in a month; rates of which nothing did are left out."""
    found = queries.vat_due_by_rate(*MONTHS[month])
    return {rate: (row.net_cents, row.vat_cents) for rate, row in found if row.net_cents or row.vat_cents}


def invoice_of(order: Order) -> Invoice:
    return db.session.scalars(sa.select(Invoice).where(Invoice.order_id == order.id).order_by(Invoice.id)).first()  # type: ignore[return-value]


def credit(order: Order, cents: int, *, actor: User, now: datetime) -> None:
    with unit_of_work.transaction():
        checkout.credit_invoice(invoice_of(order), amount_cents=cents, reason="Geste", actor=actor, now=now)


def give_back(order: Order, cents: int, *, actor: User, now: datetime) -> None:
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=cents, refunded_on=now.date(), reason="Geste", actor=actor, now=now
        )


def test_tax_is_due_when_the_money_comes_not_when_it_is_invoiced(order: Order) -> None:
    assert (due(11), [rate for rate, _row in queries.vat_by_rate(*MONTHS[11])]) == ({}, [2000, 210])

    pay(order, 10000, now=DECEMBER, reference="1")
    pay(order, 65000, now=JANUARY, reference="2")

    assert due(12) == {2000: (6900, 1380), 210: (1685, 35)}
    # What is left of each rate: the two months make the invoice, to the cent.
    assert due(1) == {2000: (51750 - 6900, 10350 - 1380), 210: (12635 - 1685, 265 - 35)}


def test_a_refund_is_taken_off_in_its_own_month(order: Order, accountant: User) -> None:
    pay(order, 75000, now=NOW)
    give_back(order, 10000, actor=accountant, now=DECEMBER)

    assert due(11) == {2000: (51750, 10350), 210: (12635, 265)}
    assert due(12) == {2000: (-6900, -1380), 210: (-1685, -35)}


def test_a_cheque_that_bounced_is_taken_off_in_its_own_month(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    paid = pay(order, 62100, now=NOW)
    assert isinstance(paid, Payment)
    with unit_of_work.transaction():
        receipts.reverse(paid.id, reversed_on=DECEMBER.date(), reason="sans provision", actor=accountant, now=DECEMBER)

    assert (due(11), due(12)) == ({2000: (51750, 10350)}, {2000: (-51750, -10350)})


def test_a_credit_note_of_what_was_paid_is_taken_off_in_its_month_and_its_refund_not_again(
    order: Order, accountant: User
) -> None:
    pay(order, 75000, now=NOW)
    credit(order, 75000, actor=accountant, now=DECEMBER)
    give_back(order, 75000, actor=accountant, now=JANUARY)

    assert due(11) == {2000: (51750, 10350), 210: (12635, 265)}
    assert due(12) == {2000: (-51750, -10350), 210: (-12635, -265)}
    assert due(1) == {}


def test_a_credit_note_of_what_was_not_paid_takes_nothing_off(order: Order, accountant: User) -> None:
    credit(order, 75000, actor=accountant, now=DECEMBER)

    assert due(12) == {}


def test_too_much_money_is_no_turnover(order: Order, accountant: User) -> None:
    pay(order, 80000, now=NOW, surely_too_much=True)
    give_back(order, 5000, actor=accountant, now=DECEMBER)

    assert due(11) == {2000: (51750, 10350), 210: (12635, 265)}
    assert due(12) == {}


def test_money_moved_to_another_order_is_due_there(order: Order, accountant: User) -> None:
    other = place(seats(make_study_day()), payment_method="transfer")
    pay(order, 62100, now=NOW, reference="1")
    with unit_of_work.transaction():
        receipts.move(order.id, other.id, amount_cents=62100, reason="Erreur", actor=accountant, now=DECEMBER)

    first = due(11)
    assert sum(net + vat for net, vat in first.values()) == 62100
    assert due(12) == {2000: (51750 - first[2000][0], 10350 - first[2000][1]), 210: (-first[210][0], -first[210][1])}


def test_a_payment_before_the_invoice_is_due_for_what_is_ordered_until_the_order_is_cancelled(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    with unit_of_work.transaction():
        # Not all of it: a card order is invoiced once it is paid.
        checkout.settle(order.id, MONEY, received_on=NOW.date(), now=NOW + timedelta(minutes=1), actor=accountant)
    assert invoices.of_order(order.id) == []

    assert due(11) == {2000: (10000, 2000)}

    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="À leur demande", actor=accountant, now=DECEMBER)
    give_back(order, 12000, actor=accountant, now=JANUARY)

    assert (due(11), due(12), due(1)) == ({2000: (10000, 2000)}, {2000: (-10000, -2000)}, {})


def test_what_is_taken_back_before_the_invoice_moves_what_was_paid_to_what_stays(accountant: User) -> None:
    order = place(
        seats(make_study_day(rates={"standard": 12_000})),
        subscription(make_plan(price_cents=12_000)),
        payment_method="card",
    )

    def receive(cents: int, now: datetime) -> None:
        money = MoneyReceived(method="transfer", amount_cents=cents)
        with unit_of_work.transaction():
            checkout.settle(order.id, money, received_on=now.date(), now=now, actor=accountant)

    receive(10_000, NOW + timedelta(minutes=1))
    (contract,) = subscriptions.standing_of_order(order.id)
    with unit_of_work.transaction():
        checkout.cancel_part(
            order.id, seat_ids=[], contract_ids=[contract.id], fee_cents=0, reason="Parti", actor=accountant,
            now=DECEMBER,
        )  # fmt: skip
    assert invoices.of_order(order.id) == []
    receive(2_000, JANUARY)

    assert due(11) == {2000: (4167, 833), 210: (4897, 103)}
    assert due(12) == {2000: (8333 - 4167, 1667 - 833), 210: (-4897, -103)}
    assert due(1) == {2000: (10_000 - 8333, 2000 - 1667)}
    ((rate, whole),) = [
        (rate, row) for rate, row in queries.vat_due_by_rate(MONTHS[11][0], MONTHS[1][1]) if row.gross_cents
    ]
    assert (rate, whole.net_cents, whole.vat_cents) == (2000, 10_000, 2_000)


def test_parts_of_what_is_left_are_divided_as_integers_to_the_cent(accountant: User) -> None:
    plan = make_plan(price_cents=10_001, parts=[("Magazine", "press", 6_668), ("Base", "standard", 3_333)])
    order = place(seats(make_study_day(rates={"standard": 12_000})), subscription(plan), payment_method="card")
    with unit_of_work.transaction():
        checkout.settle(order.id, MONEY, received_on=NOW.date(), now=NOW + timedelta(minutes=1), actor=accountant)
    with unit_of_work.transaction():
        locked = orders.lock(order.id)
        line = next(line for line in locked.lines if line.total_cents == 10_001)
        orders.take_back(locked, {line.id: Take(credited_cents=100)}, reason="Geste", now=NOW)

    with counting_queries() as asked:
        found = due(11)

    # 120,00 € of a seat and 32,99 € of the base at 20 %, 66,02 € of the magazine: 120,00 € of them are paid.
    assert {rate: net + tax for rate, (net, tax) in found.items()} == {2000: 8_383, 210: 3_617}
    assert not any("floor" in statement.lower() for statement in asked.statements)


def test_under_the_option_it_is_due_with_the_invoice(accountant: User) -> None:
    invoices.terms().vat_on_debits = True
    db.session.commit()
    order = place(seats(make_study_day()), payment_method="transfer")
    invoices.terms().vat_on_debits = False
    db.session.commit()

    pay(order, 62100, now=DECEMBER)
    credit(order, 62100, actor=accountant, now=JANUARY)

    # The rule is that of the invoice's day, for its credit note too.
    assert (due(11), due(12), due(1)) == ({2000: (51750, 10350)}, {}, {2000: (-51750, -10350)})


def test_an_exempt_sale_is_turnover_without_tax() -> None:
    order = place(subscription(make_plan(vat_rate=0)), payment_method="transfer")
    pay(order, 12900, now=NOW)

    assert due(11) == {0: (12900, 0)}


def test_trials_are_due_to_nobody_once_there_is_a_real_order(order: Order) -> None:
    trial = place(seats(make_study_day(), an_attendee(9)), payment_method="transfer", is_test=True)
    pay(trial, 62100, now=NOW)

    assert due(11) == {}


def test_the_detail_names_each_order_and_makes_the_sums(order: Order) -> None:
    other = place(seats(make_study_day()), payment_method="transfer")
    pay(order, 75000, now=DECEMBER)
    pay(other, 100, now=DECEMBER)

    lines = list(queries.vat_due_lines(*MONTHS[12]))

    assert [(line.order, line.rate, line.net_cents, line.vat_cents) for line in lines] == [
        (order.reference, 2000, 51750, 10350),
        (order.reference, 210, 12635, 265),
        (other.reference, 2000, 83, 17),
    ]
    assert {line.customer for line in lines} == {"Ville d’Exemple"}
