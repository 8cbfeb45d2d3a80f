"""Reminding readers that their subscription ends: each reminder once for an end, by the sweep."""

import logging
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.models import Contract, ContractReminder
from eventsapp.subscriptions.service._cards import stop_card
from eventsapp.subscriptions.statuses import AgreementState, ReminderKind

log = logging.getLogger(__name__)


def remind_due(*, now: datetime) -> int:
    """Send every reminder whose day has come; return how many.

    What is due are the days up to today less what the ledger says was sent: a sweep that did not run for days catches
    up, and one that runs twice sends nothing twice. One transaction a contract, whatever goes wrong with another.
    """
    due = queries.remindable(today=clock.local_date(now))
    db.session.rollback()
    sent = 0
    for contract_id, kind in due:
        try:
            with unit_of_work.transaction():
                sent += _remind(contract_id, kind, now=now)
        except Exception:
            log.exception("contract %s could not be reminded", contract_id)
    return sent


def set_reminders(contract: Contract, *, on: bool, now: datetime, actor: User | None = None) -> None:
    """Let a contract's reader be reminded, or no more; because the office says so, or the reader."""
    if contract.reminders is on:
        return
    contract.reminders = on
    audit.record(
        "subscriptions.reminders",
        subject=("contract", contract.id, contract.plan.name),
        now=now,
        actor=actor,
        by=contract.email,
        changes={"reminders": [not on, on]},
    )


def resign(contract: Contract, *, now: datetime) -> None:
    """Keep that notice was given of a contract: it runs to its paid end, no card renews it, and nobody reminds of it.

    Its agreement is held already (``queries.hold_agreement_of``): agreements come before orders and contracts.
    """
    contract.resigned_at = now
    agreement = queries.agreement_of(contract.id)
    if agreement is not None and agreement.state in {AgreementState.ASKED, AgreementState.ACTIVE}:
        stop_card(agreement.id, now=now, told=False)
    set_reminders(contract, on=False, now=now)


def count_as_reminder(contract: Contract, *, now: datetime) -> None:
    """Let another mail about the end stand for the last reminder before it, if that is due: nobody gets two at once."""
    if contract.starts_on is None or contract.ends_on is None:
        return
    today = clock.local_date(now)
    kind = rules.reminder_due(starts_on=contract.starts_on, ends_on=contract.ends_on, today=today)
    if kind is ReminderKind.BEFORE_7 and not any(row.kind is kind for row in queries.reminders_of(contract.id)):
        db.session.add(ContractReminder(contract_id=contract.id, kind=kind, ends_on=contract.ends_on, sent_at=now))


def _remind(contract_id: int, kind: ReminderKind, *, now: datetime) -> int:
    """Write the line of the ledger and the mail, if it is due still once the contract is kept from others."""
    queries.locked_contract(contract_id)
    if (contract_id, kind) not in queries.remindable(today=clock.local_date(now), only=contract_id):
        return 0
    contract = queries.contract(contract_id)
    if contract is None or contract.ends_on is None:
        return 0
    db.session.add(ContractReminder(contract_id=contract.id, kind=kind, ends_on=contract.ends_on, sent_at=now))
    db.session.flush()
    mails.renewal_reminder(contract, kind, now=now)
    return 1
