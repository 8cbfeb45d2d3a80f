"""What the law gives consumers: to withdraw from what they ordered, and to give notice of a subscription."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.errors import NotWithdrawable
from eventsapp.core import clock, i18n
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations.rules import customer_kind
from eventsapp.organisations.statuses import CustomerKind
from eventsapp.payments import queries as payments
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.statuses import SEATED
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions import service as subscription_service
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus, Edition
from eventsapp.terms import queries as terms
from eventsapp.terms import rules as terms_rules

_STANDING = frozenset({ContractStatus.PENDING, ContractStatus.ACTIVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a consumer may withdraw from, and until when, that day included."""

    lines: tuple[OrderLine, ...]
    until: date


def is_consumer(order: Order) -> bool:
    """Return whether a person ordered, for whom the Code de la consommation is: no body and no company."""
    pays_by_mandat = payments.terms_of(order).purchase_order_days is not None
    kind = customer_kind(name=order.billing_name, siret=order.siret, pays_by_mandat=pays_by_mandat)
    return kind is CustomerKind.PERSON


def withdrawal_of(order: Order, *, now: datetime) -> Withdrawal | None:
    """Return what an order, its lines loaded, may be withdrawn from today; ``None`` for nothing.

    Subscriptions, and days if the office does not hold them exempt (C. conso. art. L221-28, 12°).
    """
    if not is_consumer(order) or order.withdrawn_at is not None or order.status is not OrderStatus.CONFIRMED:
        return None
    settings = terms.consumer_settings()
    contracts = [row for row in subscriptions.contracts_of_order(order.id) if row.status in _STANDING]
    keys = {contract.order_line_id for contract in contracts}
    if not settings.events_exempt:
        keys |= {
            row.order_line_id
            for row in registrations.standing_of_order(order.id)
            if row.status in SEATED and row.study_day.starts_at > now
        }
    printed = any(contract.plan.edition is not Edition.DIGITAL for contract in contracts)
    until = terms_rules.withdrawal_ends(
        clock.local_date(order.placed_at),
        days=settings.withdrawal_days + (settings.first_issue_days if printed else 0),
    )
    lines = tuple(line for line in order.lines if line.id in keys)
    return Withdrawal(lines=lines, until=until) if lines and clock.local_date(now) <= until else None


def withdraw(order_id: int, *, now: datetime) -> Order:
    """Keep that the buyer withdraws, and acknowledge it: what, on which day, at what hour (art. L221-21, D221-5).

    Said twice it is one. The office cancels and gives the money back. Raises ``NotWithdrawable``.
    """
    order = orders.lock(order_id)
    if order.withdrawn_at is not None:
        return order
    withdrawal = withdrawal_of(order, now=now)
    if withdrawal is None:
        raise NotWithdrawable(_("Il n’y a rien dans cette commande à quoi vous puissiez encore renoncer ici."))
    with i18n.speaking(order.locale):
        words = _statement(order, withdrawal.lines)
    orders.keep_withdrawal(order, words, now=now)
    audit.record(
        "orders.withdraw",
        subject=orders.subject(order),
        now=now,
        by=order.buyer_name,
        changes={"withdrawal": order.withdrawal},
    )
    mails.withdrawal_received(order, now=now)
    return order


def resignable(order: Order) -> list[Contract]:
    """Return the running subscriptions of a consumer's order of which no notice was given."""
    if not is_consumer(order):
        return []
    given = set(subscriptions.gifts_of(contracts := subscriptions.contracts_of_order(order.id)))
    return [
        row
        for row in contracts
        if row.status is ContractStatus.ACTIVE and row.resigned_at is None and row.id not in given
    ]


def resign(order_id: int, contract_id: int, *, now: datetime) -> Contract:
    """Keep that a consumer gives notice of a subscription, and acknowledge it (C. conso. art. L215-1-1).

    It runs to its paid end, is not renewed, and nobody reminds of it. Raises ``NotWithdrawable``.
    """
    subscriptions.hold_agreement_of(contract_id)
    order = orders.lock(order_id)
    contract = next((row for row in resignable(order) if row.id == contract_id), None)
    if contract is None:
        raise NotWithdrawable(_("Cet abonnement est déjà résilié, ou terminé."))
    subscription_service.resign(contract, now=now)
    audit.record(
        "subscriptions.resign", subject=orders.subject(order), now=now, by=order.buyer_name,
        changes={"plan": contract.plan.name},
    )  # fmt: skip
    mails.notice_received(order, contract, now=now)
    return contract


def _statement(order: Order, lines: Sequence[OrderLine]) -> str:
    what = " ; ".join(line.label for line in lines)
    return str(
        _(
            "Je soussigné(e) %(name)s renonce au contrat de la commande %(reference)s du %(date)s, portant sur "
            ": %(what)s.",
            name=order.buyer_name,
            reference=order.reference,
            date=i18n.date_long(order.placed_at),
            what=what,
        )
    )
