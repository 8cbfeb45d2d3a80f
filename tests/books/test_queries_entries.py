"""The entries of whatever happened balance one by one and as a whole, and leave on each account what lies there."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.books import queries, rules, service
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Entry, Payout
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.values import Buyer
from eventsapp.payments import queries as payment_queries
from eventsapp.payments import service as payments
from eventsapp.payments.models import Payment
from eventsapp.receipts import queries as receipts_queries
from eventsapp.receipts import service as receipts
from eventsapp.subscriptions.statuses import Edition
from tests.books.looking import collected, read
from tests.checkout.looking import PRIVATE, pay
from tests.support.database import undone
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day, tax_day
from tests.support.makers.subscriptions import make_plan

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
JANUARY = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def sums(entries: list[Entry]) -> dict[AccountKey, int]:
    found: dict[AccountKey, int] = defaultdict(int)
    for entry in entries:
        for line in entry.postings:
            found[line.account] += line.debit_cents - line.credit_cents
    return found


def bank_numbers(entries: list[Entry]) -> list[str]:
    return [entry.number for entry in entries if entry.journal == "BQ"]


def test_every_entry_balances_and_nothing_is_left_on_paper(accountant: User) -> None:
    first, second = place(seats(make_study_day()), payment_method="cheque"), place(subscription(make_plan()))
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

    entries = read()

    assert all(rules.is_balanced(entry) for entry in entries)
    found = sums(entries)
    # The cheque that held is at the bank, less what was given back.
    assert (found[AccountKey.BANK], found[AccountKey.CHEQUES]) == (62100 - 900, 0)
    assert found[AccountKey.CUSTOMERS] == 62100 + 12900 - (62100 - 900)


def test_a_cancelled_slip_is_taken_back_by_an_entry_of_its_own(accountant: User) -> None:
    """What was numbered before stays as it was: the FEC of last week is a part of that of today."""
    order = place(seats(make_study_day()), payment_method="cheque")
    paid = pay(order, 62100, reference="1")
    assert isinstance(paid, Payment)
    with unit_of_work.transaction():
        slip = receipts.deposit([paid.id], deposited_on=NOW.date(), actor=accountant, now=NOW)
    before = read()
    with unit_of_work.transaction():
        receipts.cancel_deposit(slip.id, actor=accountant, now=NOW + timedelta(days=1))

    after = read()

    assert after[: len(before)] == before
    (last,) = after[len(before) :]
    assert (last.piece, last.label) == (f"R-{slip.id:06}", f"Annulation de la remise de chèques n° {slip.id}")
    assert (sums(after)[AccountKey.BANK], sums(after)[AccountKey.CHEQUES]) == (0, 62100)


def accounts_of(entries: list[Entry]) -> set[str]:
    return {line.customer for entry in entries for line in entry.postings if line.account is AccountKey.CUSTOMERS}


def test_a_customer_has_one_account_whatever_it_orders(accountant: User) -> None:
    first, second = (place(seats(make_study_day())) for _each in range(2))
    alone = place(subscription(make_plan()), payment_method="transfer", billing=PRIVATE)
    pay(first, 62100, reference="1")

    assert first.customer_number == second.customer_number == first.siret
    assert accounts_of(read()) == {first.siret, alone.customer_number}


def test_two_who_left_no_address_at_the_door_have_an_account_each(accountant: User) -> None:
    nobody = Buyer(email="", first_name="Camille", last_name="Durand")
    unknown: dict[str, Any] = {"payment_method": "transfer", "billing": PRIVATE, "buyer": nobody}
    first, second = (place(subscription(make_plan()), **unknown) for _each in range(2))
    for order in (first, second):
        pay(order, order.total_cents, reference=order.reference)

    assert accounts_of(read()) == {first.reference, second.reference}


def test_an_order_from_before_customers_had_numbers_keeps_its_account(accountant: User) -> None:
    order = place(seats(make_study_day()))
    order.customer_number = None
    db.session.commit()
    pay(order, 62100, reference="1")

    assert accounts_of(read()) == {order.reference}


def test_numbers_are_continuous_by_journal_whatever_the_transfers(accountant: User) -> None:
    """The proof of a gap: a transfer is of another journal than the movements around it."""
    first, second = place(seats(make_study_day()), payment_method="transfer"), place(subscription(make_plan()))
    pay(first, 62100, reference="1")
    with unit_of_work.transaction():
        receipts.move(first.id, second.id, amount_cents=12900, reason="Erreur", actor=accountant, now=NOW)
    pay(first, 12900, reference="2")

    entries = read()

    assert bank_numbers(entries) == ["BQ-2026-000001", "BQ-2026-000002"]
    assert [entry.number for entry in entries if entry.journal == "OD"] == ["OD-2026-000001"]
    assert [entry.number for entry in entries if entry.journal == "VE"] == ["VE-2026-000001", "VE-2026-000002"]


def test_a_number_is_the_same_whatever_period_is_asked_for(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="transfer")
    for number, days in enumerate((20, 1, 10)):
        pay(order, 100, now=NOW + timedelta(days=days), reference=str(number))
    of_year = {entry.piece: entry.number for entry in read() if entry.journal != "TV"}

    december = [entry for entry in read(date(2026, 12, 1), date(2026, 12, 31)) if entry.journal != "TV"]

    assert [(entry.piece, entry.number) for entry in december] == [("0", "BQ-2026-000001"), ("2", "BQ-2026-000003")]
    assert of_year == of_year | {entry.piece: entry.number for entry in december}


def test_what_is_typed_late_stands_behind_and_in_the_next_year_once_its_own_is_closed(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    early = pay(order, 100, reference="1")
    assert isinstance(early, Payment)
    with unit_of_work.transaction():
        payments.close_year(2026, is_test=False, actor=accountant, now=JANUARY)
        slip = receipts.deposit([early.id], deposited_on=NOW.date(), actor=accountant, now=JANUARY)
        checkout.settle(
            order.id,
            MoneyReceived(method="cheque", amount_cents=200, reference="2"),
            received_on=date(2026, 12, 30),
            now=JANUARY,
            actor=accountant,
        )

    late = [entry for entry in read(date(2027, 1, 1), date(2027, 12, 31)) if entry.journal == "BQ"]

    assert bank_numbers(read()) == ["BQ-2026-000001"]
    assert [(entry.piece, entry.number, entry.dated, entry.piece_dated) for entry in late] == [
        ("2", "BQ-2027-000001", date(2027, 1, 1), date(2026, 12, 30)),
        (f"R-{slip.id:06}", "BQ-2027-000002", date(2027, 1, 1), NOW.date()),
    ]


@pytest.mark.parametrize(("way", "account"), [("cheque", AccountKey.BANK), ("transfer", AccountKey.BANK)])
def test_what_was_given_back_by_hand_left_the_bank_however_it_had_come(
    way: str, account: AccountKey, accountant: User
) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    pay(order, 62100, gateway_reference="pi_1")
    with unit_of_work.transaction():
        refund = checkout.refund_by_hand(
            order.id, amount_cents=100, refunded_on=NOW.date(), reason="Geste", actor=accountant, now=NOW, method=way
        )

    assert refund is not None
    assert refund.method == way
    assert sums(read())[AccountKey.CARDS] == 62100
    assert sums(read())[account] == -100


def test_the_account_of_cards_clears_as_the_gateway_pays_out(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="card")
    pay(order, 62100, gateway_reference="pi_1")
    with unit_of_work.transaction():
        paid = payment_queries.payment_by_gateway_reference("pi_1")
        assert paid is not None
        payments.record_refund(
            order, method="card", amount_cents=2100, refunded_on=NOW.date(), now=NOW, payment_id=paid.id
        )
        payout = Payout(reference="po_1", arrived_on=NOW.date(), net_cents=59043, fee_cents=957)
        service.record_payout(payout, actor=accountant, now=NOW)

    found = sums(read())

    assert (found[AccountKey.CARDS], found[AccountKey.BANK], found[AccountKey.FEES]) == (0, 59043, 957)
    assert queries.card_balance(NOW.date()).left_cents == 0


STEP = st.tuples(
    st.sampled_from(["order", "pay", "pay", "refund", "credit", "bounce", "move", "deposit", "payout", "cancel"]),
    st.integers(0, 30),
    st.integers(1, 100),
)


@given(st.lists(STEP, min_size=4, max_size=24))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_books_of_random_orders_balance(app: Flask, steps: list[tuple[str, int, int]]) -> None:
    with undone(app):
        office = Office()
        for kind, which, share in steps:
            office.do(kind, which, share)
        entries = read()

        assert all(rules.is_balanced(entry) for entry in entries)
        assert sum(sums(entries).values()) == 0
        seen: Counter[str] = Counter()
        for entry in entries:
            seen[entry.journal] += 1
            assert entry.number == f"{entry.journal}-2026-{seen[entry.journal]:06}"
        # What each customer's account says is what was invoiced for its orders, less what it paid.
        owed: dict[str, int] = defaultdict(int)
        for entry in entries:
            for line in entry.postings:
                if line.account is AccountKey.CUSTOMERS:
                    owed[line.customer] += line.debit_cents - line.credit_cents
        expected: dict[str, int] = defaultdict(int)
        turnover = 0
        for order in db.session.scalars(sa.select(Order)):
            issued = invoices.of_order(order.id)
            billed = sum(row.total_cents if row.kind is DocumentKind.INVOICE else -row.total_cents for row in issued)
            received = order.paid_cents - order.refunded_cents
            assert order.customer_number is not None
            expected[order.customer_number] += billed - received
            stands = order.status in {OrderStatus.PENDING, OrderStatus.CONFIRMED}
            # Where more went back than came in, nothing is due.
            turnover += max(0, min(received, billed if issued else order.total_cents if stands else 0))
        assert {account: cents for account, cents in owed.items() if cents} == {
            account: cents for account, cents in expected.items() if cents
        }
        # What the books credit to the tax of a rate is what the report says is due.
        assert collected(entries) == {
            rate: row.vat_cents for rate, row in queries.vat_due_by_rate(*YEAR) if row.vat_cents
        }
        # Tax is due on what was paid of what is billed, and on nothing else, to the cent.
        assert sum(row.gross_cents for _rate, row in queries.vat_due_by_rate(*YEAR)) == turnover


class Office:
    """What happens to orders, chosen by numbers; what is refused is left."""

    def __init__(self) -> None:
        self.actor = make_user(RoleName.ACCOUNTANT)
        self.day = make_study_day(capacity=1000)
        self.exempt = make_study_day(capacity=1000)
        tax_day(self.exempt, 0)
        split = [("Magazine", "press", 20000), ("Base", "standard", 10000), ("Formation", "exempt-training", 3333)]
        self.plans = [make_plan(), make_plan(edition=Edition.BOTH, price_cents=33333, parts=split)]
        db.session.commit()
        self.number = 0

    def do(self, kind: str, which: int, share: int) -> None:
        self.number += 1
        try:
            with unit_of_work.transaction():
                getattr(self, f"_{kind}")(which, share)
        except Refusal:
            db.session.rollback()

    def _order(self, which: int, share: int) -> None:
        items: list[Any] = [subscription(self.plans[which % 2])] if share % 3 else []
        if which % 4 or not items:
            people = [an_attendee(self.number * 20 + at) for at in range(1 + share % 4)]
            items.append(seats(self.day if share % 2 else self.exempt, *people))
        place(*items, payment_method=("cheque", "transfer", "card")[which % 3])

    def _pick(self, which: int) -> Order:
        rows = db.session.scalars(sa.select(Order).order_by(Order.id)).all()
        if not rows:
            raise Refusal("aucune commande")
        return rows[which % len(rows)]

    def _pay(self, which: int, share: int) -> None:
        order = self._pick(which)
        money = MoneyReceived(
            method=order.payment_method,
            amount_cents=max(1, order.total_cents * share // 90),
            reference=str(self.number),
            surely_too_much=True,
        )
        if order.payment_method == "card":
            money = replace(money, gateway_reference=f"pi_{self.number}")
        checkout.settle(order.id, money, received_on=NOW.date(), now=NOW, actor=self.actor)

    def _refund(self, which: int, share: int) -> None:
        order = self._pick(which)
        checkout.refund_by_hand(
            order.id,
            amount_cents=(order.paid_cents - order.refunded_cents) * share // 100,
            refunded_on=NOW.date(),
            reason="Geste",
            actor=self.actor,
            now=NOW,
            method=("cheque", "transfer")[share % 2],
            surely_new=True,
        )

    def _credit(self, which: int, share: int) -> None:
        for row in invoices.of_order(self._pick(which).id):
            if row.kind is DocumentKind.INVOICE:
                cents = max(1, row.total_cents * share // 100)
                checkout.credit_invoice(row, amount_cents=cents, reason="Geste", actor=self.actor, now=NOW)
                return

    def _bounce(self, which: int, share: int) -> None:
        for payment in payment_queries.payments_of(self._pick(which).id)[: share % 2 + 1]:
            receipts.reverse(payment.id, reversed_on=NOW.date(), reason="rejet", actor=self.actor, now=NOW)

    def _move(self, which: int, share: int) -> None:
        source, target = self._pick(which), self._pick(which + 1)
        cents = (source.paid_cents - source.refunded_cents) * share // 100
        receipts.move(source.id, target.id, amount_cents=cents, reason="Erreur", actor=self.actor, now=NOW)

    def _deposit(self, which: int, _share: int) -> None:
        waiting = receipts_queries.cheques_to_deposit()[: which + 1]
        receipts.deposit([row.id for row in waiting], deposited_on=NOW.date(), actor=self.actor, now=NOW)

    def _payout(self, which: int, share: int) -> None:
        payout = Payout(
            reference=f"po_{self.number}", arrived_on=NOW.date(), net_cents=which * 1000 - share, fee_cents=share
        )
        service.record_payout(payout, actor=self.actor, now=NOW)

    def _cancel(self, which: int, _share: int) -> None:
        checkout.cancel_order(self._pick(which).id, reason="À leur demande", actor=self.actor, now=NOW)
