"""Money by hand: for one order or several, cheques and slips, payments that did not hold, the bank's statement."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.core.settings import current
from eventsapp.invoices.models import Invoice
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import PaymentStatus
from eventsapp.payments.models import BankLine, Deposit, JournalEntry, Payment
from eventsapp.payments.queries import journal_problems
from eventsapp.payments.statuses import BankLineStatus, Movement
from eventsapp.payments.values import Part
from eventsapp.receipts import queries, service
from eventsapp.receipts.errors import LineHandled, NotDepositable, NotReversible, PartsDoNotAddUp, SlipNotCancellable
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import PRIVATE
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")
TODAY = NOW.date()


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def cheque(*parts: tuple[Order, int], actor: User, total: int | None = None, **values: Any) -> list[Payment]:
    money = MoneyReceived(
        method="cheque", amount_cents=sum(cents for _order, cents in parts) if total is None else total, **values
    )
    with unit_of_work.transaction():
        return service.record(
            [Part(order_id=order.id, amount_cents=cents) for order, cents in parts],
            money,
            received_on=TODAY,
            actor=actor,
            now=NOW,
        )


def reverse(payment: Payment, actor: User) -> None:
    with unit_of_work.transaction():
        service.reverse(payment.id, reversed_on=TODAY, reason="sans provision", actor=actor, now=NOW)


def movements() -> list[tuple[Movement, int]]:
    rows = db.session.execute(sa.select(JournalEntry.kind, JournalEntry.amount_cents).order_by(JournalEntry.rank))
    return [(kind, cents) for kind, cents in rows]


def test_one_cheque_for_three_orders_is_three_payments_that_make_it(accountant: User) -> None:
    orders = [place(seats(make_study_day()), payment_method="cheque") for _each in range(3)]

    cheque(*((order, 62100) for order in orders), actor=accountant, reference="0001")

    assert [order.payment_status for order in orders] == [PaymentStatus.PAID] * 3
    assert movements() == [(Movement.PAYMENT, 62100)] * 3
    assert journal_problems() == []


def test_parts_that_do_not_make_the_cheque_count_nothing(accountant: User) -> None:
    orders = [place(seats(make_study_day()), payment_method="cheque") for _each in range(2)]

    with pytest.raises(PartsDoNotAddUp):
        cheque((orders[0], 62100), (orders[1], 62100), actor=accountant, total=124199)

    assert movements() == []


def test_a_form_sent_twice_counts_once(accountant: User) -> None:
    orders = [place(seats(make_study_day()), payment_method="cheque") for _each in range(2)]

    counted = [
        len(cheque((orders[0], 100), (orders[1], 200), actor=accountant, form_key="k" * 24)) for _each in range(2)
    ]

    assert counted == [2, 0]
    assert [order.paid_cents for order in orders] == [100, 200]


def test_a_bounced_cheque_is_due_again_closes_the_subscription_and_tells_buyer_and_office(accountant: User) -> None:
    order = place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    (paid,) = cheque((order, 12900), actor=accountant, reference="0042")
    (contract,) = subscriptions.contracts_of_order(order.id)
    ends_on = contract.ends_on

    reverse(paid, accountant)

    assert (order.payment_status, order.paid_cents, contract.status) == (PaymentStatus.DUE, 0, ContractStatus.PENDING)
    assert movements() == [(Movement.PAYMENT, 12900), (Movement.REVERSAL, -12900)]
    told = db.session.scalars(
        sa.select(OutgoingMail.to_address)
        .where(OutgoingMail.template.startswith("receipts/"))
        .order_by(OutgoingMail.id)
    ).all()
    assert told == ["finances@ville-exemple.fr", current().mail_from]
    assert db.session.scalar(sa.select(AuditEntry.actor_id).where(AuditEntry.action == "payments.reverse"))

    cheque((order, 12900), actor=accountant, reference="0043")
    assert (contract.status, contract.ends_on) == (ContractStatus.ACTIVE, ends_on)


def test_where_the_promise_opens_the_subscription_a_bounced_payment_does_not_close_it(accountant: User) -> None:
    order = place(subscription(make_plan()))
    (paid,) = cheque((order, 12900), actor=accountant)

    reverse(paid, accountant)

    (contract,) = subscriptions.contracts_of_order(order.id)
    assert contract.status is ContractStatus.ACTIVE


def test_a_cheque_bounces_once_and_not_when_its_money_is_elsewhere(accountant: User) -> None:
    source, target = (place(seats(make_study_day()), payment_method="cheque") for _each in range(2))
    (first,) = cheque((source, 62100), actor=accountant, reference="1")
    reverse(first, accountant)
    with pytest.raises(NotReversible):
        reverse(first, accountant)
    (second,) = cheque((source, 62100), actor=accountant, reference="2")
    with unit_of_work.transaction():
        service.move(source.id, target.id, amount_cents=1, reason="Erreur", actor=accountant, now=NOW)

    with pytest.raises(NotReversible):
        reverse(second, accountant)


def test_money_moves_by_a_row_in_each_order_and_pays_there(accountant: User) -> None:
    source, target = (place(seats(make_study_day()), payment_method="cheque") for _each in range(2))
    cheque((source, 124200), actor=accountant, surely_too_much=True)

    with unit_of_work.transaction():
        service.move(source.id, target.id, amount_cents=62100, reason="Deux inscriptions", actor=accountant, now=NOW)

    assert [order.payment_status for order in (source, target)] == [PaymentStatus.PAID] * 2
    assert movements() == [(Movement.PAYMENT, 124200), (Movement.TRANSFER, -62100), (Movement.TRANSFER, 62100)]
    moved = db.session.scalars(sa.select(AuditEntry.subject_label).where(AuditEntry.action == "payments.move")).all()
    assert sorted(moved) == sorted([source.reference, target.reference])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Invoice)) == 2
    with pytest.raises(Invalid), unit_of_work.transaction():
        service.move(source.id, target.id, amount_cents=62101, reason="Trop", actor=accountant, now=NOW)


def test_a_cheque_goes_to_the_bank_on_one_slip(accountant: User) -> None:
    orders = [place(seats(make_study_day()), payment_method="cheque") for _each in range(3)]
    paid = [cheque((order, 62100), actor=accountant, reference=str(at))[0] for at, order in enumerate(orders)]
    reverse(paid[2], accountant)
    waiting = [payment.id for payment in queries.cheques_to_deposit()]

    def deposit() -> Deposit:
        with unit_of_work.transaction():
            return service.deposit(waiting, deposited_on=TODAY, actor=accountant, now=NOW)

    slip = deposit()

    assert waiting == [paid[0].id, paid[1].id]
    assert (slip.cheques, slip.total_cents) == (2, 124200)
    assert queries.cheques_to_deposit() == []
    with pytest.raises(NotDepositable):
        deposit()


def a_slip(accountant: User, *, amount: int = 62100) -> tuple[Deposit, Payment]:
    order = place(seats(make_study_day()), payment_method="cheque")
    payment = cheque((order, amount), actor=accountant, reference=order.reference)[0]
    with unit_of_work.transaction():
        return service.deposit([payment.id], deposited_on=TODAY, actor=accountant, now=NOW), payment


def undo(slip: Deposit, actor: User) -> None:
    with unit_of_work.transaction():
        service.cancel_deposit(slip.id, actor=actor, now=NOW)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_slip_is_neither_older_than_its_cheques_nor_to_come(days: int, accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    payment = cheque((order, 100), actor=accountant)[0]

    with pytest.raises(Invalid) as refused:
        service.deposit([payment.id], deposited_on=TODAY + timedelta(days=days), actor=accountant, now=NOW)

    assert set(refused.value.errors) == {"/deposited_on"}
    assert [one.id for one in queries.cheques_to_deposit()] == [payment.id]


def test_a_cancelled_slip_gives_its_cheques_back_and_keeps_its_number(accountant: User) -> None:
    slip, payment = a_slip(accountant)

    undo(slip, accountant)

    assert [one.id for one in queries.cheques_to_deposit()] == [payment.id]
    assert (slip.is_cancelled, slip.cheques, slip.total_cents) == (True, 1, 62100)
    told = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "payments.cancel_deposit")).one()
    assert payment.reference in str(told.changes)
    with pytest.raises(SlipNotCancellable):
        undo(slip, accountant)
    with unit_of_work.transaction():
        again = service.deposit([payment.id], deposited_on=TODAY, actor=accountant, now=NOW)
    assert again.id > slip.id
    assert broken() == []


def test_a_slip_that_the_bank_has_is_not_cancelled(accountant: User) -> None:
    arrived, bounced = a_slip(accountant, amount=100), a_slip(accountant, amount=200)
    with unit_of_work.transaction():
        service.import_statement(a_statement(("REMISE CHEQUES", "1,00")), actor=accountant, now=NOW)
    line_id = db.session.scalars(sa.select(BankLine.id)).one()
    with pytest.raises(LineHandled), unit_of_work.transaction():
        service.match_deposit(line_id, bounced[0].id, actor=accountant, now=NOW)
    assert [slip.id for slip in queries.deposits_by_amount({100})[100]] == [arrived[0].id]
    with unit_of_work.transaction():
        service.match_deposit(line_id, arrived[0].id, actor=accountant, now=NOW)
    reverse(bounced[1], accountant)

    for slip, _payment in (arrived, bounced):
        with pytest.raises(SlipNotCancellable):
            undo(slip, accountant)

    assert queries.deposits_by_amount({100}) == {}
    assert queries.cheques_to_deposit() == []


def a_statement(*lines: tuple[str, str]) -> bytes:
    rows = "".join(f"{TODAY:%d/%m/%Y};{label};{amount}\n" for label, amount in lines)
    return f"Date;Libellé;Montant\n{rows}".encode("cp1252")


def test_the_same_file_twice_brings_nothing_new(accountant: User) -> None:
    file = a_statement(("VIR A", "621,00"), ("VIR A", "621,00"), ("FRAIS", "-3,00"))

    seen = []
    for _each in range(2):
        with unit_of_work.transaction():
            seen.append(service.import_statement(file, actor=accountant, now=NOW))

    assert [(one.new, one.known, one.outgoing) for one in seen] == [(2, 0, 1), (0, 2, 1)]


def test_a_line_is_counted_by_one_click_as_the_order_is_paid(accountant: User) -> None:
    mandat, by_cheque = place(seats(make_study_day())), place(seats(make_study_day()), payment_method="cheque")
    with unit_of_work.transaction():
        service.import_statement(a_statement(("VIR TRESORERIE", "1242,00")), actor=accountant, now=NOW)
    line_id = db.session.scalars(sa.select(BankLine.id)).one()
    parts = [Part(order_id=mandat.id, amount_cents=62100), Part(order_id=by_cheque.id, amount_cents=62100)]

    def match() -> list[Payment]:
        with unit_of_work.transaction():
            return service.match_line(line_id, parts, actor=accountant, now=NOW + timedelta(minutes=1))

    payments = match()

    assert [payment.method for payment in payments] == ["mandat", "transfer"]
    assert [payment.bank_line_id for payment in payments] == [line_id, line_id]
    assert db.session.scalars(sa.select(BankLine.status)).one() is BankLineStatus.MATCHED
    with pytest.raises(LineHandled):
        match()


def test_a_line_whose_parts_do_not_add_up_stays_open(accountant: User) -> None:
    order = place(seats(make_study_day()))
    with unit_of_work.transaction():
        service.import_statement(a_statement(("VIR", "1242,00")), actor=accountant, now=NOW)
    line_id = db.session.scalars(sa.select(BankLine.id)).one()

    with pytest.raises(PartsDoNotAddUp), unit_of_work.transaction():
        service.match_line(line_id, [Part(order_id=order.id, amount_cents=62100)], actor=accountant, now=NOW)

    assert db.session.scalars(sa.select(BankLine.status)).one() is BankLineStatus.OPEN
