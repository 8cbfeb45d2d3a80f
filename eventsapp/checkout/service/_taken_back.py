"""What is left to an order whose money was taken back at Stripe: the office says, one thing at a time."""

from datetime import datetime

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.checkout import mails
from eventsapp.checkout.errors import NothingLeft
from eventsapp.checkout.service._cancel_part import carry_out, part_of
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._credit import credit_down
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions import queries as subscription_queries


def release_seats(order_id: int, *, reason: str, actor: User, now: datetime) -> Order:
    """Give the seats of an order back, and tell its buyer; raise ``NothingLeft`` when it has none to come.

    Of an order of nothing else nothing is left: it is cancelled, and what was invoiced is credited. Where there is a
    subscription too, the seats are credited and the rest stays.
    """
    order = orders.lock(order_id)
    # As they stand now that nobody else is let in.
    seats = [row for row in registrations.hold_of_order(order.id) if row.withdrawn_at is None]
    to_come = [row for row in seats if row.status is RegistrationStatus.CONFIRMED and row.study_day.starts_at > now]
    if order.status is not OrderStatus.CONFIRMED or not to_come:
        raise NothingLeft(_("Cette commande n’a plus de place à rendre."))
    if subscription_queries.standing_of_order(order.id):
        going = [row for row in seats if row.status is RegistrationStatus.CONFIRMED]
        carry_out(order, part_of(order, seats=going, now=now, free=True), reason=reason, actor=actor, now=now)
        audit.record(
            "orders.release_seats", subject=orders.subject(order), now=now, actor=actor, changes={"reason": reason}
        )
        registration_mails.seats_cancelled(going, order, now=now)
        mails.seats_released(order, reason=reason, now=now)
        return order
    close(order, reason=reason, now=now, actor=actor)
    credit_down(order, reason=reason, now=now, actor=actor)
    mails.order_cancelled(order, reason=reason, back_cents=order.returnable_cents, now=now)
    return order
