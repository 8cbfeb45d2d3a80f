"""The mails of invoices."""

from datetime import datetime

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.invoices.models import Invoice
from eventsapp.mail import outbox
from eventsapp.orders.service import subject


def invoice_ready(invoice: Invoice, *, now: datetime) -> None:
    """Tell whoever pays that the invoice or credit note is there, with the private links to its files."""
    order = invoice.order
    kind, key, _label = subject(order)
    place = {"reference": order.reference, "secret": order.secret}
    outbox.queue_mail(
        "invoices/invoice_ready",
        to=order.billing_email or order.email,
        to_name=order.billed_to,
        now=now,
        locale=order.locale,
        about=(kind, key),
        order=order,
        invoice=invoice,
        order_url=absolute("orders.order", locale=order.locale, **place),
        pdf_url=absolute("invoices.pdf", locale=order.locale, number=invoice.number, **place),
        site_name=current().site_name,
    )
