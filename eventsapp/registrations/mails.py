"""The mails to participants."""

from datetime import datetime

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration


def seats_confirmed(order: Order, *, now: datetime) -> None:
    """Tell each participant of a confirmed order that a seat is theirs; the buyer has the order's own mail.

    Nothing in it leads to the order, the bill or the other participants.
    """
    for registration in queries.of_order(order.id):
        if registration.email != order.email:
            _seat_confirmed(registration, order, now=now)


def _seat_confirmed(registration: Registration, order: Order, *, now: datetime) -> None:
    day = registration.study_day
    outbox.queue_mail(
        "registrations/seat_confirmed",
        to=registration.email,
        to_name=registration.name,
        now=now,
        locale=order.locale,
        about=("order", order.id),
        registration=registration,
        day=day,
        registered_by=order.buyer_name,
        day_url=absolute("study_days.day", locale=order.locale, slug=day.slug),
        calendar_url=absolute("study_days_feeds.day", locale=order.locale, slug=day.slug),
        site_name=current().site_name,
    )
