"""What the office decides about reminders: pauses, the steps' days and texts, the rates of interest."""

from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.dunning import queries
from eventsapp.dunning.errors import CustomerUnknown
from eventsapp.dunning.models import InterestRate, ReminderPause, ReminderStep
from eventsapp.dunning.values import Rate, StepDraft
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.payments.models import PaymentMethod


def pause(order: Order, *, until: date, reason: str, whole_customer: bool, actor: User, now: datetime) -> ReminderPause:
    """Send no reminder up to ``until`` for this order, or for all orders of its customer.

    Raises ``CustomerUnknown`` when nothing tells which these are.
    """
    customer = queries.customer_of(order) if whole_customer else ""
    if customer is None:
        raise CustomerUnknown(_("Ce client n’a ni SIRET ni adresse électronique : suspendez cette commande seule."))
    made = ReminderPause(
        order_id=None if whole_customer else order.id,
        customer=customer,
        until=until,
        reason=reason,
        created_at=now,
        lifted_at=None,
    )
    db.session.add(made)
    # Whoever gets more time is warned again before anything closes.
    orders.forget_suspensions(order_id=made.order_id, customer=customer)
    audit.record(
        "reminders.pause",
        subject=orders.subject(order),
        now=now,
        actor=actor,
        changes={"until": until.isoformat(), "reason": reason},
    )
    return made


def lift(order: Order, paused: ReminderPause, *, actor: User, now: datetime) -> None:
    """End a pause today; a second time changes nothing."""
    if paused.lifted_at is not None:
        return
    paused.lifted_at = now
    audit.record("reminders.resume", subject=orders.subject(order), now=now, actor=actor)


def save_step(step: ReminderStep, draft: StepDraft, *, actor: User, now: datetime) -> None:
    """Keep the days and texts of a step; what was sent stays as it was."""
    before = {name: getattr(step, name) for name in asdict(draft)}
    for name, value in asdict(draft).items():
        setattr(step, name, value)
    audit.record(
        "reminders.step",
        subject=("reminder_step", step.id, f"{step.method} {step.step}"),
        now=now,
        actor=actor,
        changes=audit.difference(before, asdict(draft)),
    )


def copy_steps(method: PaymentMethod, *, like: str, actor: User, now: datetime) -> None:
    """Have late orders by ``method`` reminded as those by another are, whose code ``like`` is.

    Raises ``Invalid`` when that one has no reminders, or this one has some already.
    """
    copied = queries.steps_of(like)
    if not copied or queries.steps_of(method.code):
        message = _("Choisissez un mode qui a des relances, pour un mode qui n’en a pas.")
        raise Invalid(message, errors={"/reminders_like": message})
    names = StepDraft.__dataclass_fields__
    for row in copied:
        db.session.add(ReminderStep(method=method.code, step=row.step, **{name: getattr(row, name) for name in names}))
    db.session.flush()
    audit.record(
        "reminders.copy",
        subject=("payment_method", method.id, method.name),
        now=now,
        actor=actor,
        changes={"steps": len(copied), "like": like},
    )


def save_rate(rate: Rate, *, actor: User, now: datetime) -> None:
    """Keep the rate of a half-year, in place of the one that was typed for it before."""
    row = db.session.scalar(sa.select(InterestRate).where(InterestRate.since == rate.since))
    before = asdict(row.value()) if row else {}
    if row is None:
        row = InterestRate(since=rate.since, ecb=rate.ecb, margin=rate.margin, fee_cents=rate.fee_cents)
        db.session.add(row)
    row.ecb, row.margin, row.fee_cents = rate.ecb, rate.margin, rate.fee_cents
    db.session.flush()
    audit.record(
        "reminders.rate",
        subject=("interest_rate", row.id, rate.since.isoformat()),
        now=now,
        actor=actor,
        changes=audit.difference(before, asdict(rate)),
    )
