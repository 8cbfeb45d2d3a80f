"""Reading actions on many: whom they concern, what became of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.batches.models import Batch, BatchItem
from eventsapp.batches.rules import Facts
from eventsapp.batches.statuses import BatchStatus, ItemOutcome
from eventsapp.core import i18n
from eventsapp.core.db import db
from eventsapp.core.listing import Column, Kind, Listing, State
from eventsapp.invoices.models import Invoice
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import NEXT, OrderStatus
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay

OUTCOME_WORDS: Mapping[ItemOutcome, str] = {
    ItemOutcome.WAITING: _l("En attente"),
    ItemOutcome.DONE: _l("Fait"),
    ItemOutcome.LEFT: _l("Pas fait"),
    ItemOutcome.UNDONE: _l("Repris"),
}
_TONES = {ItemOutcome.WAITING: "wait", ItemOutcome.DONE: "good", ItemOutcome.LEFT: "bad"}


def chosen(keys: Collection[int]) -> Sequence[Registration]:
    """Return these registrations by name; day with city, rate, line, and order loaded."""
    return db.session.scalars(
        sa.select(Registration)
        .where(Registration.id.in_(keys))
        .options(
            joinedload(Registration.study_day).options(joinedload(StudyDay.city), joinedload(StudyDay.venue)),
            joinedload(Registration.rate),
            joinedload(Registration.order_line).joinedload(OrderLine.order),
        )
        .order_by(Registration.named_at.is_(None), Registration.last_name, Registration.first_name, Registration.id)
        .execution_options(populate_existing=True)
    ).all()


def facts_of(seat: Registration, *, now: datetime) -> Facts:
    """Return what counts of a registration as ``chosen`` loads it."""
    order, day = seat.order_line.order, seat.study_day
    return Facts(
        status=seat.status,
        is_named=seat.is_named,
        has_begun=day.starts_at <= now or day.is_held_at(now),
        is_over=day.ends_at <= now,
        order_closed=OrderStatus.CANCELLED not in NEXT[order.status],
        money_cents=order.paid_cents - order.refunded_cents,
    )


def invoiced(order_ids: Collection[int]) -> set[int]:
    """Return which of these orders have an invoice."""
    return set(db.session.scalars(sa.select(Invoice.order_id).where(Invoice.order_id.in_(order_ids)).distinct()))


def batch(batch_id: int) -> Batch | None:
    """Return that action, or ``None``."""
    return db.session.get(Batch, batch_id)


def batch_of_form(form_key: str) -> Batch | None:
    """Return what a form asked for, or ``None``."""
    return db.session.scalar(sa.select(Batch).where(Batch.form_key == form_key))


def keys_of(batch_id: int, *, outcome: ItemOutcome) -> Sequence[int]:
    """Return the keys of the registrations of an action of which that became, in order."""
    return db.session.scalars(
        sa.select(BatchItem.registration_id)
        .where(BatchItem.batch_id == batch_id, BatchItem.outcome == outcome)
        .order_by(BatchItem.id)
    ).all()


def items_of(batch_id: int, *, outcome: ItemOutcome) -> Sequence[BatchItem]:
    """Return the items of an action of which that became, registration and day loaded, in order."""
    return db.session.scalars(
        sa.select(BatchItem)
        .where(BatchItem.batch_id == batch_id, BatchItem.outcome == outcome)
        .options(joinedload(BatchItem.registration).joinedload(Registration.study_day))
        .order_by(BatchItem.id)
    ).all()


def counts_of(batch_id: int) -> dict[ItemOutcome, int]:
    """Return of how many registrations what became."""
    rows = db.session.execute(
        sa.select(BatchItem.outcome, sa.func.count()).where(BatchItem.batch_id == batch_id).group_by(BatchItem.outcome)
    ).all()
    return dict.fromkeys(ItemOutcome, 0) | dict(rows)


def due(*, now: datetime) -> Sequence[int]:
    """Return the keys of the actions that the worker has to do, or to go on with."""
    return db.session.scalars(
        sa.select(Batch.id)
        .where(
            sa.or_(
                Batch.status == BatchStatus.RUNNING,
                sa.and_(Batch.status == BatchStatus.PLANNED, Batch.starts_at <= now),
            )
        )
        .order_by(Batch.id)
    ).all()


def waiting_by_order(batch_id: int) -> dict[int, list[int]]:
    """Return the registrations of an action that still wait, by the order that they belong to."""
    rows = db.session.execute(
        sa.select(OrderLine.order_id, BatchItem.registration_id)
        .join(BatchItem.registration)
        .join(Registration.order_line)
        .where(BatchItem.batch_id == batch_id, BatchItem.outcome == ItemOutcome.WAITING)
        .order_by(OrderLine.order_id, BatchItem.id)
    )
    found: dict[int, list[int]] = {}
    for order_id, key in rows:
        found.setdefault(order_id, []).append(key)
    return found


def item_list(batch_id: int) -> Listing:
    """Describe what became of each registration of an action."""
    return Listing(
        name="action",
        title=_l("Inscriptions concernées"),
        statement=sa.select(BatchItem)
        .join(BatchItem.registration)
        .join(Registration.order_line)
        .join(OrderLine.order)
        .join(Registration.study_day)
        .where(BatchItem.batch_id == batch_id),
        loads=(
            contains_eager(BatchItem.registration).options(
                contains_eager(Registration.order_line).contains_eager(OrderLine.order),
                contains_eager(Registration.study_day).joinedload(StudyDay.city),
            ),
        ),
        states=(
            State("toutes", _l("Toutes")),
            *(
                State(outcome.value, OUTCOME_WORDS[outcome], where=BatchItem.outcome == outcome)
                for outcome in ItemOutcome
            ),
        ),
        search=(Registration.first_name, Registration.last_name, Order.billing_name, Order.reference),
        search_hint=_l("Nom, organisme, commande"),
        columns=(
            Column(
                "participant",
                _l("Participant"),
                lambda item: item.registration.name,
                opens=True,
                second=lambda item: item.registration.order_line.order.billed_to,
                second_label=_l("Organisme"),
            ),
            Column(
                "journee",
                _l("Journée"),
                lambda item: item.registration.study_day.city.name,
                second=lambda item: i18n.date_short(item.registration.study_day.date),
                second_label=_l("Date"),
                on_phone=False,
            ),
            Column(
                "resultat",
                _l("Résultat"),
                lambda item: OUTCOME_WORDS[item.outcome],
                kind=Kind.STATE,
                tone=lambda item: _TONES.get(item.outcome),
                second=lambda item: item.reason,
                second_label=_l("Raison"),
            ),
        ),
        order=(BatchItem.id,),
    )
