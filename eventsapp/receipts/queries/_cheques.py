"""Payments by hand, the cheques that wait for the bank, and the slips."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.listing import Column, Dates, Kind, Listing
from eventsapp.orders import queries as orders
from eventsapp.payments import rules
from eventsapp.payments.models import Deposit, Payment, PaymentMethod
from eventsapp.payments.statuses import PaymentKind

#: Slips proposed for the lines of one page.
_MOST_SLIPS = 200


def payment(payment_id: int) -> Payment:
    """Return that payment."""
    return db.session.get_one(Payment, payment_id)


def payment_with_order(payment_id: int) -> Payment | None:
    """Return a payment with its order, or ``None``."""
    return db.session.scalar(sa.select(Payment).where(Payment.id == payment_id).options(joinedload(Payment.order)))


def is_reversed(payment_id: int) -> bool:
    """Return whether that payment was taken back."""
    return db.session.scalar(sa.select(sa.exists().where(Payment.reverses_id == payment_id))) is True


def any_reversed(payment_ids: Iterable[int]) -> bool:
    """Return whether one of those payments was taken back."""
    return db.session.scalar(sa.select(sa.exists().where(Payment.reverses_id.in_(list(payment_ids))))) is True


def bounced_on(payment_ids: Collection[int]) -> dict[int, date]:
    """Return, of those payments that the bank sent back, when it did."""
    rows = db.session.execute(
        sa.select(Payment.reverses_id, Payment.received_on).where(
            Payment.reverses_id.in_(payment_ids), ~Payment.by_mistake
        )
    )
    return {payment_id: day for payment_id, day in rows if payment_id is not None}


def cheque_methods() -> Collection[str]:
    """Return the codes of the methods that go to the bank as paper."""
    return set(db.session.scalars(sa.select(PaymentMethod.code).where(PaymentMethod.means_code == rules.CHEQUE_MEANS)))


#: Cheques shown to be put on a slip; those that came later follow once these are.
MOST_CHEQUES = 200


def cheques_to_deposit() -> Sequence[Payment]:
    """Return the first cheques that are on no slip yet and did not bounce, as they came; with orders."""
    reversal = aliased(Payment)
    return db.session.scalars(
        sa.select(Payment)
        .join(PaymentMethod, PaymentMethod.code == Payment.method)
        .where(
            PaymentMethod.means_code == rules.CHEQUE_MEANS,
            Payment.kind == PaymentKind.RECEIVED,
            Payment.deposit_id.is_(None),
            ~sa.exists().where(reversal.reverses_id == Payment.id),
            orders.counted(),
        )
        .join(Payment.order)
        .options(contains_eager(Payment.order))
        .order_by(Payment.id)
        .limit(MOST_CHEQUES)
    ).all()


def deposit(deposit_id: int) -> Deposit | None:
    """Return a slip, or ``None``."""
    return db.session.get(Deposit, deposit_id)


def cheques_of(deposit_id: int) -> Sequence[Payment]:
    """Return the cheques of a slip, in the order in which they came; with their orders."""
    return db.session.scalars(
        sa.select(Payment)
        .where(Payment.deposit_id == deposit_id)
        .options(joinedload(Payment.order))
        .order_by(Payment.id)
    ).all()


def deposits_by_amount(amounts: Collection[int]) -> dict[int, list[Deposit]]:
    """Return the slips of those amounts that the bank is still to say it has, by amount, the oldest first."""
    found: dict[int, list[Deposit]] = {}
    if not amounts:
        return found
    for slip in db.session.scalars(
        sa.select(Deposit)
        .where(
            Deposit.total_cents.in_(amounts),
            Deposit.cancelled_at.is_(None),
            Deposit.bank_line_id.is_(None),
            orders.counted(Deposit.is_test),
        )
        .order_by(Deposit.id)
        .limit(_MOST_SLIPS)
    ):
        found.setdefault(slip.total_cents, []).append(slip)
    return found


def deposit_list() -> Listing:
    """Return the list of slips, the latest first."""
    return Listing(
        name="remises",
        title=_l("Remises de chèques"),
        statement=sa.select(Deposit),
        filters=(Dates(name="le", label=_l("Date"), column=Deposit.deposited_on),),
        columns=(
            Column("numero", _l("Bordereau"), lambda row: f"n° {row.id}", opens=True),
            Column("le", _l("Date"), lambda row: row.deposited_on, kind=Kind.DATE, sort=Deposit.deposited_on),
            Column("cheques", _l("Chèques"), lambda row: row.cheques, kind=Kind.NUMBER),
            Column("etat", _l("État"), _state),
            Column("total", _l("Total"), lambda row: row.total_cents, kind=Kind.MONEY, sort=Deposit.total_cents),
        ),
        order=(Deposit.id.desc(),),
        empty=_l("Les bordereaux paraîtront ici dès la première remise."),
    )


def _state(slip: Deposit) -> str:
    if slip.is_cancelled:
        return str(_("annulé"))
    return str(_("rapproché du relevé") if slip.bank_line_id else _("à rapprocher"))
