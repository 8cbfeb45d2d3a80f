"""The entries of a period, read as they are written: as many as there are, a thousand in memory."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.books import rules
from eventsapp.books.models import CardPayout
from eventsapp.books.queries._due import became_due
from eventsapp.books.queries._vat import BATCH, CUSTOMER, on_debits
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Entry, Money, Payout, RecordedPayout, Sale, Slip
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.models import Deposit, JournalClosing, JournalEntry, Payment, Refund
from eventsapp.payments.statuses import Movement
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Edition

#: On whose account: an order of nobody known, or from before customers had numbers, has one of its own.
_ACCOUNT = sa.func.coalesce(Order.customer_number, Order.reference)
_PLACES = {payment_rules.CHEQUE_MEANS: AccountKey.CHEQUES, payment_rules.CARD_MEANS: AccountKey.CARDS}


def entries(first: date, last: date) -> Iterator[Entry]:
    """Yield every entry of a period, both days included, in the order of their recording.

    Their numbers are those of their years: the same, whatever period is asked for.
    """
    years = date(first.year, 1, 1), date(last.year, 12, 31)
    recorded = rules.in_order(
        (rules.sale_entry(sale) for sale in _sales(*years)),
        rules.money_entries(_movements(*years)),
        (rules.slip_entry(slip) for slip in _slips(*years)),
        (rules.slip_entry(slip) for slip in _cancelled_slips(*years)),
        (rules.payout_entry(payout) for payout in _payouts(*years)),
        (rules.due_entry(due, recorded_on=clock.local_date(due.when.at)) for due in became_due(*years)),
    )
    return (entry for entry in rules.numbered(recorded) if first <= entry.dated <= last)


def _streamed(statement: sa.Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return db.session.execute(statement.execution_options(yield_per=BATCH))


def _sales(first: date, last: date) -> Iterator[Sale]:
    printed = sa.exists().where(
        Contract.order_line_id == InvoiceLine.order_line_id,
        Plan.id == Contract.plan_id,
        Plan.edition != Edition.DIGITAL,
        # The main part of its price is the magazine; what comes with it (a database) is not sent.
        InvoiceLine.part == 1,
    )
    credited = aliased(Invoice)
    rows = _streamed(
        sa.select(
            Invoice.id,
            Invoice.kind,
            Invoice.number,
            Invoice.issued_on,
            Invoice.issued_at,
            Invoice.buyer_name,
            Invoice.total_cents,
            _ACCOUNT.label("account"),
            InvoiceLine.vat_rate,
            InvoiceLine.net_cents,
            InvoiceLine.gross_cents,
            on_debits(credited).label("on_debits"),
            printed.label("printed"),
        )
        .join(Invoice.order)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .outerjoin(credited, credited.id == Invoice.credits_id)
        .where(Invoice.issued_on.between(first, last), orders.counted())
        .order_by(Invoice.id, InvoiceLine.position)
    )
    for _key, lines in groupby(rows, key=lambda row: row.id):
        yield _sale(list(lines))


def _sale(lines: Sequence[Any]) -> Sale:
    invoice = lines[0]
    sign = -1 if invoice.kind is DocumentKind.CREDIT_NOTE else 1
    nets: dict[AccountKey, int] = {}
    taxes: dict[bool, dict[int, int]] = {False: {}, True: {}}
    for line in lines:
        account = AccountKey.GOODS if line.printed else AccountKey.SERVICES
        nets[account] = nets.get(account, 0) + sign * line.net_cents
        of_kind = taxes[bool(line.on_debits)]
        of_kind[line.vat_rate] = of_kind.get(line.vat_rate, 0) + sign * (line.gross_cents - line.net_cents)
    return Sale(
        number=invoice.number,
        issued_on=invoice.issued_on,
        issued_at=invoice.issued_at,
        account=invoice.account,
        buyer=invoice.buyer_name,
        total_cents=sign * invoice.total_cents,
        nets=tuple(nets.items()),
        taxes=tuple(sorted(taxes[False].items(), reverse=True)),
        taxes_on_debits=tuple(sorted(taxes[True].items(), reverse=True)),
    )


def _movements(first: date, last: date) -> Iterator[Money]:
    means = {method.code: method.means_code for method in payments.all_methods()}
    own, reversed_one = aliased(Payment), aliased(Payment)
    rows = _streamed(
        sa.select(
            JournalEntry.rank,
            JournalEntry.at,
            JournalEntry.moved_on,
            JournalEntry.kind,
            JournalEntry.method,
            JournalEntry.amount_cents,
            JournalEntry.order_reference,
            _ACCOUNT.label("account"),
            CUSTOMER.label("customer"),
            own.received_on,
            own.reference,
            own.gateway_reference,
            own.reason,
            own.form_key,
            own.bank_line_id,
            reversed_one.reference.label("reversed_reference"),
            Refund.refunded_on,
            Refund.gateway_reference.label("given_back_as"),
            Refund.reason.label("given_back_because"),
            Refund.failure,
            JournalEntry.order_id,
            JournalEntry.refund_id,
            Refund.payment_id.label("given_back"),
            reversed_one.deposit_id,
        )
        .join(JournalEntry.order)
        .outerjoin(own, own.id == JournalEntry.payment_id)
        .outerjoin(reversed_one, reversed_one.id == own.reverses_id)
        .outerjoin(Refund, Refund.id == JournalEntry.refund_id)
        .where(JournalEntry.moved_on.between(first, last), orders.counted(JournalEntry.is_test))
        .order_by(JournalEntry.rank)
    )
    for row in rows:
        yield Money(
            rank=row.rank,
            entered_at=row.at,
            entered_on=clock.local_date(row.at),
            moved_on=row.moved_on,
            piece_dated=row.received_on or row.refunded_on or row.moved_on,
            order=row.order_reference,
            account=row.account,
            customer=row.customer,
            amount_cents=row.amount_cents,
            place=_place(row, means.get(row.method, "")),
            reference=_piece(row),
            reason=_reason(row),
            together=_together(row),
            is_transfer=row.kind is Movement.TRANSFER,
        )


def _piece(row: Any) -> str:
    """Return what proves a movement: why it moved is no piece."""
    if row.refund_id is not None:
        return row.given_back_as or f"RB-{row.refund_id:06}"
    if row.kind is Movement.TRANSFER:
        return str(row.order_reference)
    return row.reference or row.reversed_reference or row.gateway_reference or ""


def _reason(row: Any) -> str:
    if row.refund_id is not None:
        return (row.failure if row.kind is Movement.REVERSAL else row.given_back_because) or ""
    return row.reason or ""


def _together(row: Any) -> str:
    """Return what the parts of one cheque or transfer share: the form, the line of the statement, or its number.

    The parts of a form are told apart by their orders, which the key of each ends with (``receipts.rules``).
    """
    if row.kind is not Movement.PAYMENT or row.gateway_reference is not None:
        return ""
    if row.bank_line_id is not None:
        return f"line {row.bank_line_id}"
    if row.form_key is not None:
        return f"form {row.form_key.removesuffix(f'-{row.order_id}')[-40:]}"
    return f"number {row.reference}" if row.reference else ""


def _place(row: Any, means: str) -> AccountKey:
    """Return the account that a movement is on.

    What went back to a card lies at the gateway; what was given back by hand left the bank, by a cheque of ours or by
    transfer. A cheque that bounced after its deposit is taken from the bank's account.
    """
    if row.refund_id is not None:
        return AccountKey.CARDS if row.given_back is not None else AccountKey.BANK
    return AccountKey.BANK if row.deposit_id is not None else _PLACES.get(means, AccountKey.BANK)


def _slips(first: date, last: date) -> Iterator[Slip]:
    closings = db.session.execute(
        sa.select(JournalClosing.year, JournalClosing.closed_at)
        .where(orders.counted(JournalClosing.is_test))
        .order_by(JournalClosing.year)
    ).all()
    rows = _streamed(
        sa.select(Deposit.id, Deposit.deposited_on, Deposit.recorded_at, Deposit.total_cents)
        .where(
            # What is told of a closed year is of the next: the day of its recording bounds it as well.
            Deposit.deposited_on <= last,
            Deposit.recorded_at >= datetime.combine(first, time(), tzinfo=UTC),
            orders.counted(Deposit.is_test),
        )
        .order_by(Deposit.id)
    )
    for number, deposited_on, recorded_at, cents in rows:
        closed_year = max((year for year, closed_at in closings if closed_at <= recorded_at), default=None)
        dated = payment_rules.open_day(deposited_on, closed_year=closed_year)
        if first <= dated <= last:
            yield Slip(
                number=number,
                deposited_on=dated,
                piece_dated=deposited_on,
                recorded_at=recorded_at,
                recorded_on=clock.local_date(recorded_at),
                total_cents=cents,
            )


def _cancelled_slips(first: date, last: date) -> Iterator[Slip]:
    """Yield what takes cancelled slips back, on the day on which that was done: no closed year has that day."""
    rows = _streamed(
        sa.select(Deposit.id, Deposit.deposited_on, Deposit.cancelled_at, Deposit.total_cents)
        .where(
            Deposit.cancelled_at >= datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=1),
            orders.counted(Deposit.is_test),
        )
        .order_by(Deposit.cancelled_at, Deposit.id)
    )
    for number, deposited_on, cancelled_at, cents in rows:
        dated = clock.local_date(cancelled_at)
        if first <= dated <= last:
            yield Slip(
                number=number,
                deposited_on=dated,
                piece_dated=deposited_on,
                recorded_at=cancelled_at,
                recorded_on=dated,
                total_cents=-cents,
            )


def _payouts(first: date, last: date) -> Iterator[RecordedPayout]:
    rows = _streamed(
        sa.select(
            CardPayout.reference,
            CardPayout.arrived_on,
            CardPayout.net_cents,
            CardPayout.fee_cents,
            CardPayout.recorded_at,
        )
        .where(CardPayout.arrived_on.between(first, last), orders.counted(CardPayout.is_test))
        .order_by(CardPayout.id)
    )
    for row in rows:
        yield RecordedPayout(
            payout=Payout(
                reference=row.reference,
                arrived_on=row.arrived_on,
                net_cents=row.net_cents,
                fee_cents=row.fee_cents,
            ),
            recorded_at=row.recorded_at,
            recorded_on=clock.local_date(row.recorded_at),
        )
