"""The mails of invoices and quotes."""

from datetime import datetime

from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.invoices.models import Invoice, QuoteRecord
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


def quote_made(quote: QuoteRecord, *, now: datetime) -> None:
    """Send whoever asked for a quote its link."""
    place = {"reference": quote.reference, "secret": quote.secret}
    outbox.queue_mail(
        "invoices/quote_made",
        to=quote.email,
        to_name=quote.buyer_name,
        now=now,
        locale=quote.locale,
        about=("quote", quote.id),
        quote=quote,
        quote_url=absolute("quotes.quote", locale=quote.locale, **place),
        pdf_url=absolute("quotes.pdf", locale=quote.locale, **place),
        site_name=current().site_name,
    )
