"""Turning a quote into the order that it promised."""

from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.audit import service as audit
from eventsapp.checkout.errors import QuoteExpired
from eventsapp.checkout.service._place import place_order
from eventsapp.checkout.service._prices import prices_from_json
from eventsapp.checkout.values import request_from_json
from eventsapp.core import clock, i18n
from eventsapp.invoices import rules as invoice_rules
from eventsapp.invoices import service as invoices
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order


def order_quote(
    quote_id: int, *, service_code: str = "", commitment_number: str = "", locale: str, now: datetime
) -> tuple[Order, bool]:
    """Place the order that a quote promised, at its prices; return it, and whether it is new.

    Asked twice it is the same order. What the body's accountants gave meanwhile replaces what the quote said. The
    price holds, the seats do not: raises ``QuoteExpired``, and what ``place_order`` raises; the quote stays as it is.
    """
    record = invoices.lock_quote(quote_id)
    key = f"quote-{record.reference}"
    if known := orders.by_key(key):
        return known, False
    if not invoice_rules.is_valid(valid_until=record.valid_until, today=clock.local_date(now)):
        raise QuoteExpired(
            _(
                "Ce devis était valable jusqu’au %(date)s. Demandez-en un autre : les prix peuvent avoir changé.",
                date=i18n.date_long(record.valid_until),
            )
        )
    asked = request_from_json(record.request)
    billing = replace(
        asked.billing,
        service_code=service_code or asked.billing.service_code,
        commitment_number=commitment_number or asked.billing.commitment_number,
    )
    request = replace(asked, billing=billing, locale=locale, idempotency_key=key)
    order, bought = place_order(request, now=now, prices=prices_from_json(record.prices))
    record.order_id = order.id
    audit.record(
        "quotes.order",
        subject=("order", order.id, order.reference),
        now=now,
        by=order.buyer_name,
        changes={"number": record.reference},
    )
    return order, bought is not None
