"""Steps, reminders sent, pauses and rates, one by one."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from eventsapp.core.db import db
from eventsapp.dunning import rules
from eventsapp.dunning.models import InterestRate, Reminder, ReminderPause, ReminderStep
from eventsapp.dunning.statuses import CountedFrom, Level
from eventsapp.dunning.values import Claim, Letter, Planned, Rate, letter_from_json
from eventsapp.orders.models import Order

LEVEL_WORDS = {Level.POLITE: _l("Aimable"), Level.FIRM: _l("Ferme"), Level.LAST: _l("Dernière")}
START_WORDS = {
    CountedFrom.DUE: _l("après l’échéance et le délai de grâce"),
    CountedFrom.INVOICE: _l("après la facture"),
}


def all_steps() -> Sequence[ReminderStep]:
    """Return the steps of every method."""
    return db.session.scalars(sa.select(ReminderStep).order_by(ReminderStep.method, ReminderStep.step)).all()


def steps_of(method: str) -> Sequence[ReminderStep]:
    """Return the steps of a payment method, in their order; none when its orders are never reminded."""
    return db.session.scalars(
        sa.select(ReminderStep).where(ReminderStep.method == method).order_by(ReminderStep.step)
    ).all()


def methods_with_steps() -> set[str]:
    """Return the codes of the methods whose late orders are reminded."""
    return set(db.session.scalars(sa.select(ReminderStep.method).distinct()))


def step_by_key(key: int) -> ReminderStep | None:
    return db.session.get(ReminderStep, key)


def planned_of(method: str, claim: Claim) -> Planned | None:
    """Return the next reminder of a claim, or ``None`` when its method has no other."""
    return rules.planned(claim, [step.value() for step in steps_of(method)])


def reminders_of(order_id: int) -> Sequence[Reminder]:
    """Return what was sent about an order, the oldest first."""
    return db.session.scalars(sa.select(Reminder).where(Reminder.order_id == order_id).order_by(Reminder.step)).all()


def reminder(order_id: int, step: int) -> Reminder | None:
    """Return that reminder of an order, or ``None``."""
    return db.session.scalar(sa.select(Reminder).where(Reminder.order_id == order_id, Reminder.step == step))


def letter_of(sent: Reminder) -> Letter:
    """Return what a reminder said, as it was frozen."""
    return letter_from_json(sent.content)


def customer_of(order: Order) -> str | None:
    """Return by what the customer of an order is known from one order to the next: SIRET, else mail address.

    ``None`` for whoever left neither, as at the door: that order is all that is known of them.
    """
    return order.siret or order.email or None


def pauses_of(order: Order) -> Sequence[ReminderPause]:
    """Return the pauses of an order and of its customer that nobody lifted, the longest first."""
    of_it = ReminderPause.order_id == order.id
    if customer := customer_of(order):
        of_it |= ReminderPause.order_id.is_(None) & (ReminderPause.customer == customer)
    return db.session.scalars(
        sa.select(ReminderPause)
        .where(ReminderPause.lifted_at.is_(None), of_it)
        .order_by(ReminderPause.until.desc(), ReminderPause.id)
    ).all()


def pause_by_key(key: int) -> ReminderPause | None:
    return db.session.get(ReminderPause, key)


def rates() -> Sequence[Rate]:
    """Return the rates of every half-year, the latest first."""
    return [row.value() for row in db.session.scalars(sa.select(InterestRate).order_by(InterestRate.since.desc()))]
