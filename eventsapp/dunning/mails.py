"""The mail of a reminder."""

from datetime import datetime

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.dunning.values import Letter
from eventsapp.invoices.models import Invoice
from eventsapp.mail import outbox
from eventsapp.orders.models import Order
from eventsapp.orders.service import subject


def reminder(order: Order, letter: Letter, *, step: int, invoice: Invoice | None, now: datetime) -> None:
    """Tell whoever pays what is still owed, with the private links to the invoice and to this reminder's letter."""
    kind, key, _label = subject(order)
    place = {"reference": order.reference, "secret": order.secret}
    has_file = invoice is not None and invoice.pdf_id is not None
    outbox.queue_mail(
        "dunning/reminder",
        to=order.billing_email or order.email,
        to_name=order.billed_to,
        now=now,
        locale=order.locale,
        about=(kind, key),
        letter=letter,
        order_url=absolute("orders.order", locale=order.locale, **place),
        invoice_url=absolute("invoices.pdf", locale=order.locale, number=letter.invoice, **place) if has_file else "",
        letter_url=absolute("dunning.letter", locale=order.locale, step=step, **place),
        site_name=current().site_name,
    )
