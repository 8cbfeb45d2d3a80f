"""Subscriptions that the office gives: complimentary, or to try."""

from datetime import datetime

from eventsapp.accounts import service as accounts
from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import NotOfTheOffice
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.service import _seats
from eventsapp.subscriptions.service._contracts import open_contract
from eventsapp.subscriptions.statuses import GIVEN, ContractKind, ContractStatus
from eventsapp.subscriptions.values import Grant


def grant(plan: Plan, wish: Grant, *, actor: User, now: datetime, is_test: bool = False) -> Contract:
    """Give a subscription from today to the day that the office says; raise ``Invalid``.

    Nobody is reminded that a complimentary one ends, unless the office wants so.
    """
    today = clock.local_date(now)
    rules.require_grant(kind=wish.kind, reason=wish.reason, ends_on=wish.ends_on, today=today)
    accounts.ensure_reader(email=wish.email, now=now)
    contract = open_contract(
        plan,
        line=None,
        email=wish.email.strip().lower(),
        delivery=wish.delivery,
        organisation_id=None,
        kind=wish.kind,
        now=now,
        is_test=is_test,
    )
    contract.status = ContractStatus.ACTIVE
    contract.starts_on, contract.ends_on = today, wish.ends_on
    # Until the day that the office says, however many numbers appear.
    contract.issues = None
    contract.reminders = wish.kind is ContractKind.TRIAL
    contract.reason, contract.granted_by_id = wish.reason, actor.id
    contract.study_day_id = wish.study_day_id
    db.session.flush()
    audit.record(
        "subscriptions.grant",
        subject=("contract", contract.id, plan.name),
        now=now,
        actor=actor,
        changes={"kind": wish.kind.value, "reason": wish.reason, "ends_on": str(wish.ends_on), "email": contract.email},
    )
    _seats.open_seats(contract, now=now)
    if wish.tell:
        mails.granted(contract, now=now)
    return contract


def end(contract_id: int, *, actor: User, now: datetime) -> Contract:
    """End a subscription that the office gave; raise ``NotOfTheOffice`` for another, or one that is over."""
    contract = queries.locked_contract(contract_id)
    if contract.kind not in GIVEN or contract.status is not ContractStatus.ACTIVE:
        raise NotOfTheOffice("Seul un abonnement donné par l’organisation, et en cours, se termine ici.")
    contract.status = ContractStatus.CANCELLED
    audit.record("subscriptions.end", subject=("contract", contract.id, contract.plan.name), now=now, actor=actor)
    return contract
