"""Writing contracts, and moving them with their order."""

from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa

from eventsapp.accounts import service as accounts
from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.core.slugs import free_slug, slugify
from eventsapp.orders.models import OrderLine
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, before
from eventsapp.subscriptions.values import Delivery, PlanDraft


def save_plan(plan: Plan | None, draft: PlanDraft, *, actor: User, now: datetime) -> Plan:
    """Write a new plan, or change one; subscriptions sold before keep what they were sold with."""
    values = asdict(draft)
    if plan is None:
        saved = Plan(slug=free_slug(Plan, slugify(draft.name)), **values)
        db.session.add(saved)
        changes = {}
    else:
        saved = plan
        changes = audit.difference({name: getattr(plan, name) for name in values}, values)
        for name, value in values.items():
            setattr(plan, name, value)
    db.session.flush()
    audit.record("plans.edit", subject=("plan", saved.id, saved.name), now=now, actor=actor, changes=changes)
    return saved


def open_contract(
    plan: Plan,
    *,
    line: OrderLine | None,
    email: str,
    delivery: Delivery,
    organisation_id: int | None,
    now: datetime,
    kind: ContractKind = ContractKind.PAID,
    is_test: bool = False,
) -> Contract:
    """Write a contract that waits for its payment."""
    contract = Contract(
        plan_id=plan.id,
        plan=plan,
        order_line_id=line.id if line else None,
        organisation_id=organisation_id,
        kind=kind,
        status=ContractStatus.PENDING,
        email=email,
        readers=plan.readers,
        delivery_name=delivery.name,
        delivery_address=delivery.address,
        delivery_postcode=delivery.postcode,
        delivery_city=delivery.city,
        created_at=now,
        is_test=is_test,
    )
    db.session.add(contract)
    return contract


def start(contract: Contract, *, today: date, now: datetime) -> None:
    """Let the subscription run: from today, or after the one that runs already; its reader can sign in."""
    # First, since it holds the reader: of two orders paid at once, the second sees where the first one's ends.
    accounts.ensure_reader(email=contract.email, now=now)
    contract.starts_on = rules.first_day(
        today=today, current_end=queries.last_end(contract.email, plan_id=contract.plan_id)
    )
    contract.ends_on = rules.last_day(starts_on=contract.starts_on, months=contract.plan.months)
    _move(contract, ContractStatus.ACTIVE)


def start_of_order(order_id: int, *, today: date, now: datetime) -> None:
    """Let the subscriptions run that an order bought and that do not yet."""
    for contract in queries.contracts_of_order(order_id):
        if contract.status is ContractStatus.PENDING and contract.ends_on is not None and contract.ends_on >= today:
            # Suspended while its money was missing: it runs on as it did.
            _move(contract, ContractStatus.ACTIVE)
        elif contract.status in before(ContractStatus.ACTIVE):
            start(contract, today=today, now=now)


def suspend_of_order(order_id: int) -> int:
    """Close the running subscriptions that an order bought until it is paid again; return how many."""
    running = [
        contract for contract in queries.contracts_of_order(order_id) if contract.status is ContractStatus.ACTIVE
    ]
    for contract in running:
        _move(contract, ContractStatus.PENDING)
    return len(running)


def cancel_of_order(order_id: int) -> None:
    """End the subscriptions that an order bought."""
    lines = sa.select(OrderLine.id).where(OrderLine.order_id == order_id)
    db.session.execute(
        sa.update(Contract)
        .where(
            Contract.order_line_id.in_(lines),
            Contract.status.in_(before(ContractStatus.CANCELLED)),
        )
        .values(status=ContractStatus.CANCELLED)
    )


def expire_due(*, today: date) -> int:
    """Mark the contracts whose last day has passed; return how many."""
    return len(
        db.session.scalars(
            sa.update(Contract)
            .where(Contract.status.in_(before(ContractStatus.EXPIRED)), Contract.ends_on < today)
            .values(status=ContractStatus.EXPIRED)
            .returning(Contract.id)
        ).all()
    )


def _move(contract: Contract, to: ContractStatus) -> None:
    rules.require_step(contract.status, to)
    contract.status = to
