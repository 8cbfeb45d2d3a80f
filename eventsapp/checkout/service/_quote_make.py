"""Making a quote: what an order would be, promised until a date; no seat is taken and nothing is due."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.checkout.service._by_method import checked_method
from eventsapp.checkout.service._place import normalised, require_addresses
from eventsapp.checkout.service._prices import price_of_line, price_to_json
from eventsapp.checkout.service._quote import Quote, quote
from eventsapp.checkout.values import OrderRequest, request_to_json
from eventsapp.core import clock, i18n
from eventsapp.invoices import queries as invoice_queries
from eventsapp.invoices import service as invoices
from eventsapp.invoices.models import QuoteRecord
from eventsapp.invoices.values import QuoteDraft
from eventsapp.organisations.rules import is_public
from eventsapp.payments.models import PaymentMethod
from eventsapp.promotions.errors import CodeRefused
from eventsapp.subscriptions.statuses import Edition


def make_quote(request: OrderRequest, *, now: datetime, actor: User | None = None) -> QuoteRecord:
    """Keep what ``request`` would be as an order, at the prices of now, and send its link to whoever asks.

    Everything that an order needs is required, except what the body's accountants give with their purchase order.
    The same request under the same key gives the same quote again. Raises what ``place_order`` raises.
    """
    request = normalised(request)
    if request.promo_code:
        raise CodeRefused(_("Un code promotionnel s’utilise en commandant ; il ne figure pas sur un devis."))
    kept = request_to_json(request)
    key = _key(request.idempotency_key, kept) if request.idempotency_key else None
    if key and (known := invoice_queries.quote_by_key(key)):
        return known
    method = checked_method(request, codes_follow=True)
    priced = quote(
        request.items,
        buyer_email=request.buyer.email,
        siret=request.billing.siret,
        now=now,
        answers_wanted=actor is None,
    )
    require_addresses(request, priced)
    today = clock.local_date(now)
    return invoices.keep_quote(
        QuoteDraft(
            key=key,
            request=kept,
            prices=_prices(priced),
            lines=tuple(priced.lines),
            buyer=request.buyer,
            billing=request.billing,
            locale=request.locale,
            goods=any(_is_printed(bought.plan.edition) for bought in priced.plans),
            services=bool(priced.days)
            or any(not _is_printed(bought.plan.edition) or len(bought.line.unit_parts) > 1 for bought in priced.plans),
            supplied_from=min((wanted.day.date for wanted in priced.days), default=None),
            supplied_to=max((wanted.day.last_date for wanted in priced.days), default=None),
            payment_method=method.code,
            payment_label=_payment(method, locale=request.locale),
            public=is_public(request.billing.siret, pays_by_mandat=method.purchase_order_days is not None),
            made_on=today,
            valid_until=today + timedelta(days=_days(priced, now=now)),
            is_test=request.is_test,
        ),
        now=now,
        actor=actor,
    )


def _key(form_key: str, kept: dict[str, Any]) -> str:
    """Return what is the same for the same form sent twice, and for nothing else."""
    return hashlib.sha256(json.dumps([form_key, kept], sort_keys=True).encode()).hexdigest()


def _days(priced: Quote, *, now: datetime) -> int:
    """Return for how many days the quote is valid: as the office sets, and never beyond the closing of a day."""
    granted = invoice_queries.terms().quote_days
    closing = [
        (clock.local_date(wanted.day.registration_closes_at) - clock.local_date(now)).days for wanted in priced.days
    ]
    return max(0, min([granted, *closing]))


def _payment(method: PaymentMethod, *, locale: str) -> str:
    """Return how and until when it is paid, as the quote says: « Mandat administratif, à 30 jours »."""
    with i18n.speaking(locale):
        return ", ".join(part for part in (method.local_name, method.local_delay) if part)


def _is_printed(edition: Edition) -> bool:
    return edition is not Edition.DIGITAL


def _prices(priced: Quote) -> list[dict[str, Any]]:
    """Return what is promised, line by line, as ``prices_from_json`` reads it."""
    lines = [(day.index, code, line) for day in priced.days for code, line in day.lines.items()]
    lines += [(plan.index, "", plan.line) for plan in priced.plans]
    return [{"item": index, "rate": code, **price_to_json(price_of_line(line))} for index, code, line in lines]
