"""The mails of dossiers."""

from datetime import datetime

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.orders.service import subject


def purchase_order_awaited(order: Order, *, now: datetime) -> None:
    """Remind the buyer, once, that the purchase order has not come yet."""
    kind, key, _label = subject(order)
    place = {"reference": order.reference, "secret": order.secret}
    outbox.queue_mail(
        "mandats/purchase_order_awaited",
        to=order.email,
        to_name=order.buyer_name,
        now=now,
        locale=order.locale,
        about=(kind, key),
        order=order,
        dossier_url=absolute("mandats.dossier", locale=order.locale, **place),
        site_name=current().site_name,
    )
