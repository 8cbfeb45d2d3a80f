"""The mails of invoices and quotes."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts import queries as accounts
from eventsapp.accounts.statuses import RoleName
from eventsapp.core.links import absolute
from eventsapp.core.settings import current
from eventsapp.invoices.models import Invoice, QuoteRecord
from eventsapp.mail import outbox
from eventsapp.mail import queries as outgoing
from eventsapp.orders.service import subject

#: Rules named in the mail; the invoice's page has all of them.
_MOST_PROBLEMS = 5


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


def billed_anew(invoice: Invoice, notes: Sequence[Invoice], *, now: datetime) -> None:
    """Tell whoever pays that an invoice replaces another: both papers, the credit note and the new one, in one mail."""
    order = invoice.order
    kind, key, _label = subject(order)
    place = {"reference": order.reference, "secret": order.secret}
    outbox.queue_mail(
        "invoices/billed_anew",
        to=order.billing_email or order.email,
        to_name=order.billed_to,
        now=now,
        locale=order.locale,
        about=(kind, key),
        order=order,
        invoice=invoice,
        papers=[
            (paper, absolute("invoices.pdf", locale=order.locale, number=paper.number, **place))
            for paper in (*notes, invoice)
        ],
        order_url=absolute("orders.order", locale=order.locale, **place),
        site_name=current().site_name,
    )


def invoice_refused(invoice: Invoice, *, now: datetime) -> None:
    """Tell the accountants, once, that the validators refuse an invoice, and by which rules; its order is loaded."""
    about = ("invoice", invoice.id)
    if outgoing.is_written("invoices/invoice_refused", about=about):
        return
    people = accounts.addresses_of(RoleName.ACCOUNTANT, RoleName.ADMINISTRATOR) or [current().mail_from]
    for address in people:
        outbox.queue_mail(
            "invoices/invoice_refused",
            to=address,
            now=now,
            locale="fr",
            about=about,
            invoice=invoice,
            order=invoice.order,
            problems=invoice.problems[:_MOST_PROBLEMS],
            more=max(0, len(invoice.problems) - _MOST_PROBLEMS),
            invoice_url=absolute("invoices_office.invoice", locale="fr", number=invoice.number),
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
