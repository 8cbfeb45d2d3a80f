"""Moving dossiers along; the order is locked by whoever calls."""

import logging
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock, i18n, unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, NotFound
from eventsapp.files import service as files
from eventsapp.invoices.models import Invoice
from eventsapp.mandats import mails, queries, rules
from eventsapp.mandats.errors import IllegalStep
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.models import MandatDossier, PortalDeposit
from eventsapp.mandats.statuses import DepositState, MandatStatus
from eventsapp.mandats.values import PurchaseOrder, Receipt
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.payments.statuses import InvoiceMoment

log = logging.getLogger(__name__)


def open_dossier(order: Order, *, now: datetime) -> None:
    """Begin the dossier of an order that its method gives one: its purchase order is awaited."""
    db.session.add(
        MandatDossier(
            order_id=order.id,
            order=order,
            status=MandatStatus.AWAITED,
            awaited_since=now,
            remind_at=_remind_at(order, now=now),
        )
    )


def lock(order: Order) -> MandatDossier:
    """Return the dossier of a locked order; raise ``NotFound`` when its method gives none."""
    found = db.session.scalar(
        sa.select(MandatDossier)
        .where(MandatDossier.order_id == order.id)
        .options(joinedload(MandatDossier.purchase_order_file))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("Cette commande n’a pas de dossier de mandat.")
    return found


def receive(
    order: Order, dossier: MandatDossier, brought: PurchaseOrder, *, now: datetime, actor: User | None = None
) -> None:
    """Keep a purchase order, its number or its file; one that comes again replaces the first.

    Raises ``DossierClosed``, ``FileRefused``, and ``Invalid`` for nothing at all.
    """
    rules.require_open(dossier.status)
    if not (brought.number or brought.data or dossier.purchase_order_number or dossier.purchase_order_file_id):
        raise Invalid("Donnez le numéro du bon de commande, ou joignez-le.")
    if brought.number:
        dossier.purchase_order_number = brought.number
    if brought.data:
        kept = files.store(brought.data, name=brought.file_name, now=now, by_id=actor.id if actor else None)
        former, dossier.purchase_order_file = dossier.purchase_order_file, kept
        db.session.flush()
        if former is not None:
            files.delete(former)
    if dossier.status is MandatStatus.AWAITED:
        _move(dossier, MandatStatus.RECEIVED)
        dossier.received_at = now
    _record("mandats.receive", order, now=now, actor=actor, number=dossier.purchase_order_number)


def ask_anew(order: Order, dossier: MandatDossier, *, actor: User, now: datetime) -> None:
    """Wait for the purchase order again: what came was not it. Raises ``IllegalStep``."""
    _move(dossier, MandatStatus.AWAITED)
    dossier.awaited_since, dossier.reminded_at, dossier.received_at = now, None, None
    dossier.remind_at = _remind_at(order, now=now)
    former, dossier.purchase_order_file, dossier.purchase_order_number = dossier.purchase_order_file, None, ""
    db.session.flush()
    if former is not None:
        files.delete(former)
    _record("mandats.ask_anew", order, now=now, actor=actor)


def service_done(order: Order, dossier: MandatDossier, *, actor: User, now: datetime) -> None:
    """Note that what was ordered was rendered. Raises ``IllegalStep``."""
    _move(dossier, MandatStatus.SERVICE_DONE)
    dossier.service_done_at = now
    _record("mandats.service_done", order, now=now, actor=actor)


def service_not_done(
    order: Order, dossier: MandatDossier, invoice: Invoice | None, *, actor: User, now: datetime
) -> None:
    """Take back that the service was noted as done, by mistake; ``invoice``: the one that stands.

    Raises ``IllegalStep``, also once the step had its invoice issued.
    """
    done_at = dossier.service_done_at
    rules.require_undoable(
        dossier.status,
        invoiced_by_it=payments.terms_of(order).invoice_at is InvoiceMoment.DELIVERY
        and invoice is not None
        and done_at is not None
        and invoice.issued_at >= done_at,
    )
    _move(dossier, MandatStatus.RECEIVED)
    dossier.service_done_at = None
    _record("mandats.service_not_done", order, now=now, actor=actor)


def _require_plausible(typed: ByHand, invoice: Invoice, *, today: date) -> None:
    if typed.deposited_on < invoice.issued_on:
        message = _("La facture n’existait pas encore : elle est du %(date)s.", date=i18n.date_long(invoice.issued_on))
    elif typed.deposited_on > today:
        message = _("Ce jour n’est pas encore venu.")
    else:
        return
    raise Invalid(message, errors={"/deposited_on": message})


def ask_deposit(
    order: Order,
    dossier: MandatDossier,
    invoice: Invoice | None,
    typed: ByHand,
    *,
    required: frozenset[str],
    actor: User,
    now: datetime,
) -> PortalDeposit:
    """Write down that the invoice of a locked order is to be deposited; ``required`` are the codes of its body.

    Raises ``IllegalStep``, ``NotReadyForDeposit``, and ``Invalid`` for a day before the invoice or to come.
    """
    rules.require_step(dossier.status, MandatStatus.DEPOSITED)
    given = {"service_code": order.service_code, "commitment_number": order.commitment_number}
    rules.require_ready(required, given, invoiced=invoice is not None)
    assert invoice is not None  # noqa: S101 - for the type checker: required above
    if queries.waiting_deposit(order.id) is not None:
        raise IllegalStep(_("Un dépôt de cette facture est déjà en cours."))
    _require_plausible(typed, invoice, today=clock.local_date(now))
    asked = PortalDeposit(
        order_id=order.id,
        invoice_id=invoice.id,
        state=DepositState.WAITING,
        typed_number=typed.number,
        typed_on=typed.deposited_on,
        asked_at=now,
        asked_by_id=actor.id,
        due_at=now,
        attempts=0,
    )
    db.session.add(asked)
    db.session.flush()
    return asked


def claim_deposit(deposit_id: int, *, now: datetime) -> bool:
    """Take a deposit that is due for this process alone, for as long as a try may last; return whether it was due."""
    taken = db.session.scalar(
        sa.update(PortalDeposit)
        .where(PortalDeposit.id == deposit_id, PortalDeposit.state == DepositState.WAITING, PortalDeposit.due_at <= now)
        .values(attempts=PortalDeposit.attempts + 1, due_at=now + rules.CLAIM_LASTS)
        .returning(PortalDeposit.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def keep_receipt(order: Order, deposit: PortalDeposit, receipt: Receipt, *, actor: User | None, now: datetime) -> None:
    """Keep what the portal answered to the deposit of a locked order's invoice. Raises ``IllegalStep``."""
    dossier = lock(order)
    _move(dossier, MandatStatus.DEPOSITED)
    dossier.deposit_number, dossier.deposited_on, dossier.rejection = receipt.number, receipt.deposited_on, ""
    deposit.state, deposit.due_at, deposit.problem = DepositState.DONE, None, ""
    _record("mandats.deposit", order, now=now, actor=actor, number=receipt.number, invoice=deposit.invoice.number)


def put_deposit_off(deposit: PortalDeposit, *, problem: str, for_good: bool, now: datetime) -> None:
    """Try a deposit again later, or no more: then the office is shown why."""
    deposit.problem = problem[:300]
    if for_good or deposit.attempts >= rules.DEPOSIT_TRIES:
        deposit.state, deposit.due_at = DepositState.FAILED, None
    else:
        deposit.due_at = rules.next_try(now, attempts=deposit.attempts)


def take_deposit_back(order: Order, *, now: datetime, actor: User | None) -> bool:
    """Take the dossier of a locked order back to before its deposit: another invoice replaces what lies there.

    Returns whether there was a deposit.
    """
    dossier = queries.of_order(order.id)
    if dossier is None or dossier.status is not MandatStatus.DEPOSITED:
        return False
    # No step of ``NEXT``: nobody takes it back by hand.
    dossier.status = rules.before_deposit(
        service_done=dossier.service_done_at is not None, received=dossier.received_at is not None
    )
    former, dossier.deposit_number, dossier.deposited_on = dossier.deposit_number, "", None
    _record("mandats.deposit_replaced", order, now=now, actor=actor, number=former)
    return True


def reject(order: Order, dossier: MandatDossier, *, reason: str, actor: User, now: datetime) -> None:
    """Note that the body refused the invoice, and why. Raises ``IllegalStep``."""
    _move(dossier, MandatStatus.REJECTED)
    dossier.rejection = reason
    _record("mandats.reject", order, now=now, actor=actor, reason=reason)


def mark_paid(order: Order, *, now: datetime) -> None:
    """Close the dossier of a locked order that is wholly paid; an order without one is left alone."""
    dossier = queries.of_order(order.id)
    if dossier is not None and dossier.status is not MandatStatus.PAID:
        _move(dossier, MandatStatus.PAID)
        dossier.paid_at = now


def mark_unpaid(order: Order, *, now: datetime) -> None:
    """Take the dossier of a locked order back to where it stood before its money, which went; none is left alone."""
    dossier = queries.of_order(order.id)
    if dossier is None or dossier.status is not MandatStatus.PAID:
        return
    # No step of ``NEXT``: nobody takes it back by hand.
    dossier.status = rules.before_payment(
        deposited=dossier.deposited_on is not None,
        rejected=bool(dossier.rejection),
        service_done=dossier.service_done_at is not None,
        received=dossier.received_at is not None,
    )
    dossier.paid_at = None
    audit.record("mandats.unpaid", subject=orders.subject(order), now=now)


def remind_due(*, now: datetime) -> int:
    """Remind of each purchase order awaited for as many days as its order's terms grant; return how many mails.

    One transaction a dossier, whatever goes wrong with another.
    """
    due = list(queries.to_remind(now=now))
    db.session.rollback()
    reminded = 0
    for key in due:
        try:
            with unit_of_work.transaction():
                reminded += _remind(key, now=now)
        except Exception:
            log.exception("the purchase order of dossier %s could not be reminded of", key)
    return reminded


def _remind(key: int, *, now: datetime) -> int:
    """Mark and write in one transaction: whoever marks first writes the mail, and nobody writes a second."""
    marked = db.session.scalar(
        sa.update(MandatDossier)
        .where(
            MandatDossier.id == key,
            MandatDossier.status == MandatStatus.AWAITED,
            MandatDossier.reminded_at.is_(None),
        )
        .values(reminded_at=now)
        .returning(MandatDossier.id)
        .execution_options(synchronize_session=False)
    )
    if marked is None:
        return 0
    dossier = db.session.scalars(
        sa.select(MandatDossier)
        .join(MandatDossier.order)
        .where(MandatDossier.id == key)
        .options(contains_eager(MandatDossier.order))
    ).one()
    if dossier.order.status is not OrderStatus.CONFIRMED:
        return 0
    mails.purchase_order_awaited(dossier.order, now=now)
    return 1


def _remind_at(order: Order, *, now: datetime) -> datetime | None:
    """Return from when on the buyer is reminded of a purchase order that is awaited from ``now`` on."""
    days = payments.terms_of(order).purchase_order_days
    return None if days is None else now + timedelta(days=days)


def _move(dossier: MandatDossier, to: MandatStatus) -> None:
    rules.require_step(dossier.status, to)
    dossier.status = to


def _record(action: str, order: Order, *, now: datetime, actor: User | None, **changes: str) -> None:
    said = {name: value for name, value in changes.items() if value}
    audit.record(action, subject=orders.subject(order), now=now, actor=actor, by=order.buyer_name, changes=said)
