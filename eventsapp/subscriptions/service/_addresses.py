"""Where paper goes: changed from a day on, its history kept; and copies that came back."""

import logging
from datetime import date, datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.errors import NotOnPaper
from eventsapp.subscriptions.models import Contract, ContractAddress
from eventsapp.subscriptions.statuses import UndeliveredReason
from eventsapp.subscriptions.values import Delivery

log = logging.getLogger(__name__)


def change_address(
    contract: Contract,
    delivery: Delivery,
    *,
    from_on: date | None = None,
    now: datetime,
    actor: User | None = None,
) -> ContractAddress:
    """Let paper go elsewhere from a day on (today, unless said), because the reader says so, or the office.

    What goes on from the contract and went to the same place moves with it. A change that was to come later is
    replaced by one for the same day. The reader is told. Raises ``NotOnPaper`` and ``Invalid``.
    """
    locked = queries.locked_contract(contract.id)
    if not rules.gets_paper(edition=locked.plan.edition, status=locked.status, issues_left=locked.issues_left):
        raise NotOnPaper("Cet abonnement n’envoie rien par la poste, ou n’envoie plus rien.")
    today = clock.local_date(now)
    day = from_on or today
    organisation = locked.organisation.name if locked.organisation else ""
    rules.require_address(delivery, from_on=day, today=today, organisation=organisation)
    before = locked.delivery
    change = _write(locked, delivery, from_on=day, now=now, actor=actor)
    following = queries.on_paper_after(locked.id)
    while following is not None and following.delivery == before:
        _write(queries.locked_contract(following.id), delivery, from_on=day, now=now, actor=actor)
        following = queries.on_paper_after(following.id)
    mails.address_changed(locked, change, now=now)
    return change


def forget_address(contract: Contract, address_id: int, *, now: datetime, actor: User | None = None) -> None:
    """Give up a change of address whose day is to come; one that counts already, or is another's, stays."""
    locked = queries.locked_contract(contract.id)
    change = next((row for row in queries.addresses_of(locked.id) if row.id == address_id), None)
    if change is None or change.applied_at is not None:
        return
    db.session.delete(change)
    audit.record(
        "subscriptions.keep_address",
        subject=_subject(locked),
        now=now,
        actor=actor,
        by=locked.email,
        changes={"from_on": str(change.from_on), "city": [change.city, locked.delivery_city]},
    )


def apply_addresses(*, now: datetime) -> int:
    """Let the addresses count whose day has come; return of how many contracts. One transaction a contract."""
    due = queries.addresses_due(today=clock.local_date(now))
    db.session.rollback()
    applied = 0
    for contract_id in due:
        try:
            with unit_of_work.transaction():
                applied += _apply(queries.locked_contract(contract_id), now=now)
        except Exception:
            log.exception("the address of contract %s could not be changed", contract_id)
    return applied


def set_copies(contract: Contract, *, copies: int, actor: User, now: datetime) -> None:
    """Let so many copies of each number go to the address of a contract, its plan loaded."""
    if contract.copies == copies:
        return
    changes = {"copies": [contract.copies, copies]}
    contract.copies, contract.plan_copies = copies, contract.plan.copies
    audit.record("subscriptions.copies", subject=_subject(contract), now=now, actor=actor, changes=changes)


def mark_undelivered(
    contract: Contract, *, reason: UndeliveredReason, on: date, tell: bool = True, actor: User, now: datetime
) -> None:
    """Note that a copy came back on a day: no more go out until the address is mended, and the reader is asked for it.

    Raises ``NotOnPaper``, and ``Invalid`` for a day to come.
    """
    locked = queries.locked_contract(contract.id)
    if not rules.gets_paper(edition=locked.plan.edition, status=locked.status, issues_left=locked.issues_left):
        raise NotOnPaper("Cet abonnement n’envoie rien par la poste, ou n’envoie plus rien.")
    rules.require_return(on, today=clock.local_date(now))
    is_new = locked.undelivered_on is None
    locked.undelivered_on, locked.undelivered_reason = on, reason
    audit.record(
        "subscriptions.undelivered",
        subject=_subject(locked),
        now=now,
        actor=actor,
        changes={"on": str(on), "reason": reason.value},
    )
    if is_new and tell:
        mails.undelivered(locked, now=now)


def mend(contract: Contract, *, actor: User, now: datetime) -> None:
    """Let copies go out again to the address as it is: the office found that it is right."""
    locked = queries.locked_contract(contract.id)
    if locked.undelivered_on is None:
        return
    _mended(locked)
    audit.record("subscriptions.delivered", subject=_subject(locked), now=now, actor=actor)


def _write(
    contract: Contract, delivery: Delivery, *, from_on: date, now: datetime, actor: User | None
) -> ContractAddress:
    """Write a change of a locked contract; it counts at once when its day has come."""
    if not queries.addresses_of(contract.id):
        # What it was before any change begins the history.
        opening = contract.starts_on or clock.local_date(contract.created_at)
        first = _row(contract, contract.delivery, from_on=min(opening, from_on), now=contract.created_at)
        first.applied_at = contract.created_at
        db.session.add(first)
    else:
        db.session.execute(
            sa.delete(ContractAddress).where(
                ContractAddress.contract_id == contract.id,
                ContractAddress.applied_at.is_(None),
                ContractAddress.from_on == from_on,
            )
        )
    change = _row(contract, delivery, from_on=from_on, now=now, actor=actor)
    db.session.add(change)
    db.session.flush()
    audit.record(
        "subscriptions.address",
        subject=_subject(contract),
        now=now,
        actor=actor,
        by=contract.email,
        changes={"from_on": str(from_on), "city": [contract.delivery_city, delivery.city]},
    )
    _apply(contract, now=now)
    return change


def _apply(contract: Contract, *, now: datetime) -> int:
    """Let the newest address whose day has come be that of a locked contract; return whether one was waiting."""
    today = clock.local_date(now)
    waiting = [row for row in queries.addresses_of(contract.id) if row.applied_at is None and row.from_on <= today]
    if not waiting:
        return 0
    for row in waiting:
        row.applied_at = now
    newest = waiting[0].delivery
    contract.delivery_name, contract.delivery_address = newest.name, newest.address
    contract.delivery_postcode, contract.delivery_city = newest.postcode, newest.city
    _mended(contract)
    return 1


def _mended(contract: Contract) -> None:
    contract.undelivered_on, contract.undelivered_reason = None, None


def _row(
    contract: Contract, delivery: Delivery, *, from_on: date, now: datetime, actor: User | None = None
) -> ContractAddress:
    return ContractAddress(
        contract_id=contract.id,
        from_on=from_on,
        name=delivery.name,
        address=delivery.address,
        postcode=delivery.postcode,
        city=delivery.city,
        written_at=now,
        written_by_id=actor.id if actor else None,
    )


def _subject(contract: Contract) -> tuple[str, int, str]:
    return ("contract", contract.id, contract.plan.name)
