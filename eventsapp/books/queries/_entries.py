"""Reading the books of a period: sales, movements of money, deposits, and their sums."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from eventsapp.books import rules
from eventsapp.books.models import LedgerAccount
from eventsapp.books.statuses import AccountKey
from eventsapp.books.values import Account, Entry, Money, Row, Sale, Slip
from eventsapp.core import i18n
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice, InvoiceLine
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.payments import queries as payments
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.models import Deposit, JournalEntry, Payment
from eventsapp.payments.statuses import Movement
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Edition

_PLACES = {payment_rules.CHEQUE_MEANS: AccountKey.CHEQUES, payment_rules.CARD_MEANS: AccountKey.CARDS}
_SIGN = sa.case((Invoice.kind == DocumentKind.CREDIT_NOTE, -1), else_=1)


def accounts() -> Sequence[LedgerAccount]:
    """Return the accounts that entries are written on."""
    return db.session.scalars(sa.select(LedgerAccount).order_by(LedgerAccount.id)).all()


def account_numbers() -> dict[AccountKey, Account]:
    """Return the accounts by what they are for."""
    return {row.key: Account(number=row.number, label=row.label) for row in accounts()}


def entries(first: date, last: date) -> list[Entry]:
    """Return every entry of a period, both days included."""
    return [
        *(rules.sale_entry(sale) for sale in _sales(first, last)),
        *rules.money_entries(_movements(first, last)),
        *(rules.slip_entry(slip) for slip in _slips(first, last)),
    ]


def vat_by_rate(first: date, last: date) -> list[tuple[int, Row]]:
    """Return the tax invoiced in a period by rate, the highest first; credit notes are taken off."""
    rows = db.session.execute(
        sa.select(
            InvoiceLine.vat_rate,
            sa.func.sum(_SIGN * InvoiceLine.net_cents),
            sa.func.sum(_SIGN * InvoiceLine.gross_cents),
        )
        .join(InvoiceLine.invoice)
        .join(Invoice.order)
        .where(Invoice.issued_on.between(first, last), orders.counted())
        .group_by(InvoiceLine.vat_rate)
        .order_by(InvoiceLine.vat_rate.desc())
    )
    return [
        (rate, Row(label=i18n.percent(rate), net_cents=net, vat_cents=gross - net, gross_cents=gross))
        for rate, net, gross in rows
    ]


def revenue_by_product(first: date, last: date) -> list[Row]:
    """Return what was invoiced in a period by study day and plan, the most first; credit notes are taken off."""
    product = _products().subquery()
    label = sa.func.coalesce(product.c.label, InvoiceLine.label)
    rows = db.session.execute(
        sa.select(label, sa.func.sum(_SIGN * InvoiceLine.net_cents), sa.func.sum(_SIGN * InvoiceLine.gross_cents))
        .select_from(InvoiceLine)
        .join(InvoiceLine.invoice)
        .join(Invoice.order)
        .outerjoin(product, product.c.order_line_id == InvoiceLine.order_line_id)
        .where(Invoice.issued_on.between(first, last), orders.counted())
        .group_by(label)
    )
    found = [Row(label=name, net_cents=net, vat_cents=gross - net, gross_cents=gross) for name, net, gross in rows]
    return sorted(found, key=lambda row: (-row.net_cents, row.label))


def money_by_method(first: date, last: date, *, methods: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Return what came in and what went back in a period by method: name and both sums in cents, positive."""
    came = sa.func.sum(sa.case((JournalEntry.amount_cents > 0, JournalEntry.amount_cents), else_=0))
    went = sa.func.sum(sa.case((JournalEntry.amount_cents < 0, -JournalEntry.amount_cents), else_=0))
    rows = db.session.execute(
        sa.select(JournalEntry.method, came, went)
        .join(JournalEntry.order)
        .where(
            JournalEntry.moved_on.between(first, last),
            JournalEntry.kind != Movement.TRANSFER,
            orders.counted(),
        )
        .group_by(JournalEntry.method)
        .order_by(JournalEntry.method)
    )
    return [(methods.get(code, code), came_cents, went_cents) for code, came_cents, went_cents in rows]


def _products() -> sa.SelectBase:
    """What each line of an order is about: one row a line."""
    days = (
        sa.select(Registration.order_line_id, sa.func.min(StudyDay.title).label("label"))
        .join(StudyDay, StudyDay.id == Registration.study_day_id)
        .group_by(Registration.order_line_id)
    )
    plans = (
        sa.select(Contract.order_line_id, sa.func.min(Plan.name).label("label"))
        .join(Plan, Plan.id == Contract.plan_id)
        .where(Contract.order_line_id.is_not(None))
        .group_by(Contract.order_line_id)
    )
    return days.union_all(plans)


def _sales(first: date, last: date) -> list[Sale]:
    printed = set(
        db.session.scalars(
            sa.select(Contract.order_line_id)
            .join(Plan, Plan.id == Contract.plan_id)
            .where(Contract.order_line_id.is_not(None), Plan.edition != Edition.DIGITAL)
        )
    )
    found = db.session.scalars(
        sa.select(Invoice)
        .join(Invoice.order)
        .where(Invoice.issued_on.between(first, last), orders.counted())
        .options(contains_eager(Invoice.order), selectinload(Invoice.lines))
        .order_by(Invoice.id)
    )
    return [_sale(invoice, printed) for invoice in found]


def _sale(invoice: Invoice, printed: set[int | None]) -> Sale:
    sign = -1 if invoice.kind is DocumentKind.CREDIT_NOTE else 1
    nets: dict[AccountKey, int] = {}
    for line in invoice.lines:
        account = AccountKey.GOODS if line.order_line_id in printed else AccountKey.SERVICES
        nets[account] = nets.get(account, 0) + sign * line.net_cents
    return Sale(
        number=invoice.number,
        issued_on=invoice.issued_on,
        order=invoice.order.reference,
        buyer=invoice.buyer_name,
        total_cents=sign * invoice.total_cents,
        vat_cents=sign * invoice.total_cents - sum(nets.values()),
        nets=tuple(nets.items()),
    )


def _movements(first: date, last: date) -> list[Money]:
    means = {method.code: method.means_code for method in payments.all_methods()}
    reversal, reversed_one = aliased(Payment), aliased(Payment)
    rows = db.session.execute(
        sa.select(JournalEntry, reversed_one.deposit_id)
        .join(JournalEntry.order)
        .outerjoin(reversal, reversal.id == JournalEntry.payment_id)
        .outerjoin(reversed_one, reversed_one.id == reversal.reverses_id)
        .where(JournalEntry.moved_on.between(first, last), orders.counted())
        .options(joinedload(JournalEntry.order))
        .order_by(JournalEntry.is_test, JournalEntry.rank)
    )
    return [
        Money(
            rank=entry.rank,
            moved_on=entry.moved_on,
            order=entry.order_reference,
            customer=entry.order.billed_to,
            amount_cents=entry.amount_cents,
            place=_place(entry, means.get(entry.method, ""), deposited=deposit_id is not None),
            reference=entry.reference,
            is_transfer=entry.kind is Movement.TRANSFER,
        )
        for entry, deposit_id in rows
    ]


def _slips(first: date, last: date) -> list[Slip]:
    total = sa.func.sum(Payment.amount_cents)
    rows = db.session.execute(
        sa.select(Deposit.id, Deposit.deposited_on, total)
        .join(Payment, Payment.deposit_id == Deposit.id)
        .join(Order, Order.id == Payment.order_id)
        .where(Deposit.deposited_on.between(first, last), orders.counted())
        .group_by(Deposit.id, Deposit.deposited_on)
        .order_by(Deposit.id)
    )
    return [Slip(number=number, deposited_on=day, total_cents=cents) for number, day, cents in rows]


def _place(entry: JournalEntry, means: str, *, deposited: bool) -> AccountKey:
    """Return the account that a movement is on: a cheque that bounced after its deposit is taken from the bank's.

    So is what is given back, unless by card: nobody sends a cheque's money back by the same cheque.
    """
    given_back = entry.kind is Movement.REFUND and means != payment_rules.CARD_MEANS
    return AccountKey.BANK if deposited or given_back else _PLACES.get(means, AccountKey.BANK)
