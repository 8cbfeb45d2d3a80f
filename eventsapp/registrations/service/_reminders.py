"""Reminding that seats have no name yet: each reminder once for a date of the day, by the sweep."""

import logging
from collections.abc import Sequence
from datetime import datetime

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import service as outbox
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.registrations import mails, queries
from eventsapp.registrations.models import NamingReminderSent, Registration

log = logging.getLogger(__name__)


def remind_due(*, now: datetime) -> int:
    """Send every reminder that is due; return how many mails that are.

    What is due are the days up to today less what the ledger says was sent: a sweep that did not run for days catches
    up, and one that runs twice sends nothing twice. One transaction an order, whatever goes wrong with another.
    """
    order_ids = list(dict.fromkeys(due.order_id for due in queries.naming_reminders_due(now=now)))
    db.session.rollback()
    sent = 0
    for order_id in order_ids:
        try:
            with unit_of_work.transaction():
                sent += _remind(order_id, now=now)
        except Exception:
            log.exception("the names of order %s could not be asked for", order_id)
    return sent


def forget_reminders(*, now: datetime) -> int:
    """Erase to whom old reminders went, the lines stay; return how many it were."""
    return outbox.forget_addresses(NamingReminderSent, now=now)


def _remind(order_id: int, *, now: datetime) -> int:
    """Write the lines of the ledger and the mails of one order, if they are due still once it is kept from others.

    Whoever was invited is written to; the seats of nobody are the buyer's, who is written to once for all of a day.
    """
    order = orders.lock(order_id)
    due = queries.naming_reminders_due(now=now, only=order_id)
    seats = {row.id: row for row in queries.of_order(order_id)}
    invited: list[Registration] = []
    of_buyer: dict[int, list[Registration]] = {}
    for each in due:
        seat = seats[each.registration_id]
        db.session.add(
            NamingReminderSent(
                registration_id=seat.id,
                kind=each.kind,
                held_on=each.held_on,
                sent_at=now,
                to_address=seat.invited_email or order.email,
            )
        )
        if seat.invited_email:
            invited.append(seat)
        else:
            of_buyer.setdefault(seat.study_day_id, []).append(seat)
    db.session.flush()
    return _write_to(order, invited, list(of_buyer.values()), now=now)


def _write_to(
    order: Order, invited: Sequence[Registration], of_buyer: Sequence[Sequence[Registration]], *, now: datetime
) -> int:
    for seat in invited:
        seat.reminded_at = now
        mails.invitation(seat, order, again=True, now=now)
    for seats in of_buyer:
        mails.names_missing(order, seats, now=now)
    return len(invited) + len(of_buyer)
