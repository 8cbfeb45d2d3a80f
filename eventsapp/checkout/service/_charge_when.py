"""Whether a card may be charged for a renewal: what was announced, on its day, with nothing in the way. Reads only."""

from datetime import datetime

from eventsapp.core import clock
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import CardCharge, CardRenewal, Contract
from eventsapp.subscriptions.statuses import AgreementEnd, ChargeState


def is_under_way(renewal: CardRenewal) -> bool:
    """Return whether Stripe was asked, and has not said."""
    return any(row.state is ChargeState.ASKED for row in renewal.charges)


def is_unclear(renewal: CardRenewal, order: Order | None) -> bool:
    """Return whether money came that did not renew anything: nothing more is charged before somebody looked at it."""
    charged = any(row.state is ChargeState.PAID and row.reason != CardCharge.GIVEN_BACK for row in renewal.charges)
    if order is None:
        return charged
    is_partly_paid = bool(order.paid_cents) and not order.paid_without_seat
    return charged or is_partly_paid or order.id in payments.alerted_orders()


def reason_against(contract: Contract, renewal: CardRenewal, *, now: datetime) -> AgreementEnd | None:
    """Return why nothing may be charged, now or later: what was agreed to and announced is all that holds."""
    others = queries.renewals_besides(contract.id, renewal.order_id)
    if any(begins is not None or status is OrderStatus.CONFIRMED for status, begins in others):
        return AgreementEnd.RENEWED
    reason = subscriptions.hindrance(contract)
    if reason is not None:
        return reason
    if contract.plan.price_cents > renewal.price_cents:
        return AgreementEnd.DEARER
    day = rules.next_charge(charge_on=renewal.charge_on, ends_on=renewal.ends_on, tried=len(renewal.charges))
    return AgreementEnd.LATE if day is None or clock.local_date(now) > renewal.ends_on else None


def is_its_day(renewal: CardRenewal, *, now: datetime) -> bool:
    """Return whether the next try may be made today: at its day or later, and on no day that had one."""
    today = clock.local_date(now)
    day = rules.next_charge(charge_on=renewal.charge_on, ends_on=renewal.ends_on, tried=len(renewal.charges))
    tried_today = any(clock.local_date(row.asked_at) >= today for row in renewal.charges)
    return day is not None and day <= today and not tried_today


def is_being_ordered(contract: Contract, renewal: CardRenewal) -> bool:
    """Return whether somebody is about to pay the renewal by hand: it is seen again once that order is over."""
    return bool(queries.renewals_besides(contract.id, renewal.order_id))
