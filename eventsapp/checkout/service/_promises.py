"""A subscription that a promise opened and whose money does not come: its buyer is warned, then it waits for it."""

import logging
from datetime import date, datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails, queries, rules
from eventsapp.checkout.errors import NothingLeft
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import queries as dunning
from eventsapp.dunning.values import Claim
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import queries as payments
from eventsapp.subscriptions import service as subscriptions

log = logging.getLogger(__name__)


def suspend_unpaid(*, now: datetime) -> int:
    """Warn the buyers of unpaid subscriptions a week before they close, and close those whose day has come.

    Return of how many orders that was said or done. Who is not reminded (reminders paused, a cheque that bounced, a
    trial) is not closed either. One transaction an order, whatever goes wrong with another; a sweep that did not run
    for days gives its week of notice all the same, and an order is closed once: after that the office decides.
    """
    today = clock.local_date(now)
    late = [order_id for order_id, _method, _claim in dunning.remindable(today=today)]
    concerned = queries.on_promise(late)
    db.session.rollback()
    done = 0
    for order_id in concerned:
        try:
            with unit_of_work.transaction():
                done += _follow(order_id, today=today, now=now)
        except Exception:
            log.exception("the subscription of order %s could not be suspended", order_id)
    return done


def suspend_subscriptions(order_id: int, *, reason: str, actor: User | None, now: datetime) -> Order:
    """Close the running subscriptions of an order until it is paid, and tell its buyer; raise ``NothingLeft``."""
    order = orders.lock(order_id)
    if order.status is not OrderStatus.CONFIRMED or not subscriptions.suspend_of_order(order.id, now=now):
        raise NothingLeft(_("Cette commande n’a pas d’abonnement en cours."))
    orders.mark_suspended(order, now=now)
    audit.record("orders.suspend", subject=orders.subject(order), now=now, actor=actor, changes={"reason": reason})
    mails.access_suspended(order, reason=reason, now=now)
    return order


def reopen_subscriptions(order_id: int, *, actor: User, now: datetime) -> Order:
    """Let the subscriptions of an order run on before it is paid: its promise is believed again; tell its buyer.

    Raises ``NothingLeft`` where none is suspended that a promise had opened, or all of them are over.
    """
    order = orders.lock(order_id)
    if not queries.may_reopen(order, today=clock.local_date(now)):
        raise NothingLeft(_("Cette commande n’a pas d’abonnement à rouvrir."))
    subscriptions.resume_of_order(order.id, today=clock.local_date(now), now=now)
    audit.record("orders.reopen", subject=orders.subject(order), now=now, actor=actor)
    mails.access_reopened(order, now=now)
    return order


def _follow(order_id: int, *, today: date, now: datetime) -> int:
    order = orders.lock(order_id)
    claims = [claim for _key, _method, claim in dunning.remindable(today=today, only=order.id)]
    on = _day(order, claims[0], today=today) if claims and queries.on_promise([order.id]) else None
    if on is None:
        return 0
    if on > today:
        orders.announce_suspension(order, on)
        mails.suspension_announced(order, on=on, now=now)
    else:
        suspend_subscriptions(order.id, reason="", actor=None, now=now)
    return 1


def _day(order: Order, claim: Claim, *, today: date) -> date | None:
    """Return the day on which it closes: one to come is to be told of, and ``None`` is not yet, or was told already."""
    days = payments.terms_of(order).suspend_days
    if days is None:
        return None
    if order.suspends_on is not None:
        return order.suspends_on if order.suspends_on <= today else None
    on = rules.suspension_day(claim.tolerated_until, days=days, today=today)
    return on if on - today <= rules.NOTICE else None
