"""What an order will be invoiced as, on paper before there is an invoice: no number, nothing kept."""

from eventsapp.core import clock
from eventsapp.invoices import queries, rules
from eventsapp.invoices.service._issue import buyer, printed_terms, seller, sold_by
from eventsapp.invoices.statuses import DocumentKind
from eventsapp.invoices.values import Circumstances, Content
from eventsapp.orders.models import Order
from eventsapp.organisations.statuses import CustomerKind


def proforma(order: Order, circumstances: Circumstances) -> Content:
    """Return what the pro forma invoice of an order says, its lines loaded: dated and called as the order.

    It is to be paid until the order's last day to pay, or until its seats are given back.
    """
    terms = queries.terms()
    held_until = clock.local_date(order.expires_at) if order.expires_at else None
    lines, shares = rules.lines(sold_by(order))
    nature = rules.nature(goods=circumstances.goods, services=circumstances.services)
    billed_to = buyer(order, circumstances)
    return Content(
        kind=DocumentKind.INVOICE,
        number=order.reference,
        issued_on=clock.local_date(order.placed_at),
        due_on=order.due_on or held_until,
        supplied_from=circumstances.supplied_from,
        supplied_to=circumstances.supplied_to,
        nature=nature,
        order_reference="",
        seller=seller(terms),
        buyer=billed_to,
        lines=lines,
        shares=shares,
        terms=printed_terms(terms, kind=CustomerKind(billed_to.kind), nature=nature),
        paid_cents=min(circumstances.paid_cents, order.owed_cents),
        payment_means=circumstances.payment_means,
        payment_label=circumstances.payment_label,
        delivered_to=circumstances.delivered_to,
        language=order.locale,
    )
