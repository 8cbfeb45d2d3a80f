"""Sending somebody their ticket again."""

from datetime import datetime

from eventsapp.audit import service as audit
from eventsapp.audit.service import Actor
from eventsapp.orders import service as orders
from eventsapp.registrations import mails
from eventsapp.registrations.errors import NoTicket
from eventsapp.registrations.models import Registration


def send_ticket(seat: Registration, *, actor: Actor | None, now: datetime) -> None:
    """Send the ticket of a seat once more to whom it is for; day and order are loaded. Raises ``NoTicket``."""
    if not seat.is_named or not seat.has_ticket:
        raise NoTicket("Cette place n’a pas de billet : elle n’est pas confirmée, ou personne n’y est nommé.")
    order = seat.order_line.order
    mails.seat_given(seat, order, now=now)
    audit.record(
        "registrations.ticket", subject=orders.subject(order), now=now, actor=actor, changes={"to": [None, seat.email]}
    )
