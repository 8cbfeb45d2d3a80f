"""Depositing the invoices of public bodies on their portal: written down first, done after the commit."""

import logging
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices import queries as invoice_queries
from eventsapp.mandats import gateway
from eventsapp.mandats import queries as mandat_queries
from eventsapp.mandats import service as mandats
from eventsapp.mandats.errors import IllegalStep, PortalRefusedError, PortalSilentError
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.models import PortalDeposit
from eventsapp.mandats.statuses import DepositState
from eventsapp.mandats.values import Receipt
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.organisations import queries as organisation_queries

log = logging.getLogger(__name__)


def deposit_mandat(order_id: int, typed: ByHand, *, actor: User, now: datetime) -> Order:
    """Have the order's invoice deposited once this transaction is committed, and by the sweep should that fail.

    Raises ``IllegalStep`` and ``NotReadyForDeposit``.
    """
    order = orders.lock(order_id)
    body = organisation_queries.by_siret(order.siret)
    asked = mandats.ask_deposit(
        order,
        mandats.lock(order),
        invoice_queries.standing_invoice(order.id),
        typed,
        required=body.required_codes if body else frozenset(),
        actor=actor,
        now=now,
    )
    deposit_id = asked.id
    unit_of_work.after_commit(lambda: _deposit(deposit_id, now=now))
    return order


def deposit_due(*, now: datetime) -> int:
    """Try the deposits that are due; return how many are made. It may run twice, or late, or be killed half-way."""
    due = list(mandat_queries.due_deposits(now=now))
    db.session.rollback()
    made = 0
    for deposit_id in due:
        try:
            made += _deposit(deposit_id, now=now)
        except Exception:
            log.exception("deposit %s could not be made", deposit_id)
    return made


def _deposit(deposit_id: int, *, now: datetime) -> int:
    """Claim it, ask the portal outside of any transaction, keep the answer; whatever goes wrong counts as a try."""
    with unit_of_work.transaction():
        if not mandats.claim_deposit(deposit_id, now=now):
            return 0
    deposit = mandat_queries.deposit(deposit_id)
    # Let go of, so that nothing of the session is asked for while the portal answers.
    db.session.expunge(deposit.invoice)
    db.session.expunge(deposit)
    db.session.rollback()
    try:
        receipt = gateway.way_of(deposit).deposit(deposit.invoice)
        with unit_of_work.transaction():
            return _keep(deposit_id, receipt, now=now)
    except (PortalSilentError, PortalRefusedError) as failure:
        log.warning("deposit %s: %s", deposit_id, failure)
        _put_off(deposit_id, problem=str(failure), for_good=isinstance(failure, PortalRefusedError), now=now)
    except Exception as failure:
        log.exception("deposit %s could not be made", deposit_id)
        _put_off(deposit_id, problem=f"{type(failure).__name__}: {failure}", for_good=False, now=now)
    return 0


def _put_off(deposit_id: int, *, problem: str, for_good: bool, now: datetime) -> None:
    with unit_of_work.transaction():
        _order, deposit = _locked(deposit_id)
        # Another process may have made it since it was claimed here.
        if deposit.state is DepositState.WAITING:
            mandats.put_deposit_off(deposit, problem=problem, for_good=for_good, now=now)


def _locked(deposit_id: int) -> tuple[Order, PortalDeposit]:
    """Return a deposit and its order as they stand, kept from others."""
    order = orders.lock(mandat_queries.deposit(deposit_id).order_id)
    return order, mandat_queries.deposit(deposit_id)


def _keep(deposit_id: int, receipt: Receipt, *, now: datetime) -> int:
    order, deposit = _locked(deposit_id)
    if deposit.state is not DepositState.WAITING:
        return 0
    standing = invoice_queries.standing_invoice(order.id)
    if standing is None or standing.id != deposit.invoice_id:
        told = "La facture a été remplacée entre-temps : c’est la nouvelle qu’il faut déposer."
        mandats.put_deposit_off(deposit, problem=told, for_good=True, now=now)
        return 0
    actor = db.session.get(User, deposit.asked_by_id) if deposit.asked_by_id else None
    try:
        mandats.keep_receipt(order, deposit, receipt, actor=actor, now=now)
    except IllegalStep as refusal:
        mandats.put_deposit_off(deposit, problem=refusal.message, for_good=True, now=now)
        return 0
    return 1
