"""Placing an order."""

import hashlib
import json
from dataclasses import replace
from datetime import datetime

from flask_babel import gettext as _

from eventsapp.audit import service as audit
from eventsapp.checkout import mails, queries
from eventsapp.checkout.service._bought import Bought
from eventsapp.checkout.service._by_card import keep_consent
from eventsapp.checkout.service._by_method import (
    checked_method,
    due_on_of,
    fields_of,
    held_until,
    require_offered,
    terms_of,
)
from eventsapp.checkout.service._invoice import invoice_placed
from eventsapp.checkout.service._mandat import open_mandat
from eventsapp.checkout.service._prices import PRESENT, Prices
from eventsapp.checkout.service._promo import with_code
from eventsapp.checkout.service._quote import PlanInOrder, Quote, quote
from eventsapp.checkout.values import ORDINARY, Item, Occasion, OrderRequest, Subscription, item_to_json
from eventsapp.core import clock, postal, settings
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid, Refusal
from eventsapp.orders import queries as order_queries
from eventsapp.orders import service as orders
from eventsapp.orders.errors import KeyReused
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations import queries as organisation_queries
from eventsapp.organisations import rules as organisation_rules
from eventsapp.organisations import service as organisations
from eventsapp.organisations.models import Organisation
from eventsapp.payments import rules as payment_rules
from eventsapp.payments.models import PaymentMethod
from eventsapp.payments.statuses import InvoiceMoment
from eventsapp.payments.values import terms_to_json
from eventsapp.promotions import rules as promotion_rules
from eventsapp.promotions import service as promotions
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
from eventsapp.study_days import queries as study_day_queries
from eventsapp.subscriptions import rules as subscription_rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractKind
from eventsapp.subscriptions.values import Delivery
from eventsapp.terms import service as terms_of_sale


def place_order(
    request: OrderRequest,
    *,
    now: datetime,
    prices: Prices = PRESENT,
    occasion: Occasion = ORDINARY,
) -> tuple[Order, Bought | None]:
    """Record the order, take what it buys and queue the confirmation; return it, and what it bought if it is new.

    ``prices`` are those that a quote promised; ``occasion`` says where it is placed, if not on the site.

    All or nothing: the caller's transaction is committed at the edge of the request. The same idempotency key
    with the same request gives the same order again; with another it raises ``KeyReused``. Raises ``Invalid``,
    ``NotASubscriber``, ``CodeRefused``, ``MethodUnavailable``, ``RegistrationClosed``, ``SoldOut``, ``OfferOver``,
    ``NotRenewable`` and ``AlreadyRenewed``.
    """
    request = normalised(request)
    fingerprint = _fingerprint(request)
    if request.idempotency_key and (known := order_queries.by_key(request.idempotency_key)):
        return _same(known, fingerprint), None
    body = organisation_queries.by_siret(request.billing.siret)
    method = checked_method(request, body=body, at_the_door=occasion.at_the_door)
    try:
        in_order = quote(
            request.items,
            buyer_email=request.buyer.email,
            siret=request.billing.siret,
            now=now,
            prices=prices,
            occasion=occasion,
        )
    except Refusal:
        # What stands in the way may be this very order, placed a moment ago under the same key.
        if request.idempotency_key and (known := order_queries.by_key(request.idempotency_key)):
            return _same(known, fingerprint), None
        raise
    require_addresses(request, in_order, prices=prices, occasion=occasion)
    in_order = with_code(in_order, request.promo_code, now=now)
    if not occasion.at_the_door:
        require_offered(method, in_order, now=now)
    order = _open(request, method, in_order, body=body, occasion=occasion, fingerprint=fingerprint, now=now)
    if order is None:
        # The same key, at the same moment, was first; its order is committed by now.
        first = order_queries.by_key(request.idempotency_key or "")
        if first is None:
            raise KeyReused(_("Cette commande est déjà en cours d’enregistrement."))
        return _same(first, fingerprint), None
    bought = _take(order, in_order, occasion=occasion, now=now)
    if in_order.promo is not None:
        # After the seats, as when they are given back, so that two orders never wait crosswise.
        promotions.redeem(in_order.promo, order, discount_cents=in_order.discount_cents, now=now)
    if (
        bought.contracts
        and order.status is OrderStatus.CONFIRMED
        and (method.starts_subscription or not order.total_cents)
    ):
        subscriptions.start_of_order(order.id, today=clock.local_date(now), now=now)
    open_mandat(order, now=now)
    audit.record("orders.place", subject=orders.subject(order), now=now, by=order.buyer_name)
    keep_consent(order, request.card_consent, method=method, contracts=bought.contracts, now=now)
    if occasion.charged_until is None:
        _tell(order, bought, method=method, now=now)
    invoice_placed(order, bought, method=method, now=now)
    return order, bought


def _tell(order: Order, bought: Bought, *, method: PaymentMethod, now: datetime) -> None:
    """Tell the buyer that the order is recorded, and those who come that their seats are theirs."""
    mails.order_placed(order, method=method, seats=bought.seats, contracts=bought.contracts, now=now)
    if order.status is OrderStatus.CONFIRMED:
        registration_mails.seats_confirmed(order, bought.seats, now=now)


def _is_at_a_demonstration() -> bool:
    """Return whether everything around is made up: a real order would hide all that from the numbers."""
    return not settings.current().production and study_day_queries.is_demonstration()


def normalised(request: OrderRequest) -> OrderRequest:
    """Return the request with addresses in lower case and a SIRET without spaces: people type both as they like.

    What is ordered while the shop is in test, or at a demonstration, is a trial.
    """
    return replace(
        request,
        is_test=request.is_test or settings.current().trial or _is_at_a_demonstration(),
        buyer=replace(request.buyer, email=request.buyer.email.strip().lower()),
        billing=replace(
            request.billing,
            siret=organisation_rules.compact(request.billing.siret),
            vat_number=organisation_rules.compact(request.billing.vat_number).upper(),
        ),
        items=tuple(_normalised_item(item) for item in request.items),
    )


def _normalised_item(item: Item) -> Item:
    if isinstance(item, Subscription):
        return item
    return replace(
        item,
        attendees=tuple(replace(attendee, email=attendee.email.strip().lower()) for attendee in item.attendees),
    )


def _open(
    request: OrderRequest,
    method: PaymentMethod,
    in_order: Quote,
    *,
    body: Organisation | None,
    occasion: Occasion,
    fingerprint: str,
    now: datetime,
) -> Order | None:
    billing = request.billing
    terms = terms_of(request, method, in_order, at_the_door=occasion.at_the_door)
    due_on = due_on_of(terms, in_order, now=now)
    if body is None and billing.siret:
        body = organisations.recognise(
            siret=billing.siret,
            name=billing.organisation,
            address=billing.address,
            postcode=billing.postcode,
            city=billing.city,
            now=now,
        )
    return orders.open_order(
        buyer=request.buyer,
        billing=billing,
        lines=in_order.lines,
        payment_method=method.code,
        confirmed=method.confirms_seat,
        expires_at=occasion.charged_until or held_until(method, in_order, now=now),
        due_on=due_on,
        tolerated_until=payment_rules.tolerated_until(due_on, grace_days=method.grace_days),
        payment_terms=terms_to_json(terms),
        cancellation_terms=queries.terms_to_keep([wanted.day.id for wanted in in_order.days]),
        awaits_invoice=terms.invoice_at is InvoiceMoment.DELIVERY,
        now=now,
        terms=terms_of_sale.accept(locale=request.locale, now=now),
        organisation_id=body.id if body else None,
        idempotency_key=request.idempotency_key,
        request_fingerprint=fingerprint,
        locale=request.locale,
        is_test=request.is_test,
    )


def _take(order: Order, in_order: Quote, *, occasion: Occasion, now: datetime) -> Bought:
    """Register the people and write the contracts; days by key, so that two orders never wait crosswise."""
    lines = iter(order.lines)
    by_day = {wanted.index: {code: next(lines) for code in wanted.lines} for wanted in in_order.days}
    confirmed = order.status is OrderStatus.CONFIRMED
    seats: list[Registration] = []
    for wanted in sorted(in_order.days, key=lambda wanted: wanted.day.id):
        seats += registrations.register(
            wanted.day,
            attendees=wanted.attendees,
            questions=wanted.questions,
            answers=wanted.answers,
            lines=by_day[wanted.index],
            confirmed=confirmed,
            beyond_capacity=occasion.beyond_capacity,
            now=now,
            is_test=order.is_test,
            waiting_entry_id=occasion.waiting_entry_id,
        )
    contracts = [_write_contract(bought, order, line=next(lines), now=now) for bought in in_order.plans]
    # The mails lead to each seat: from here on it has its key and its links.
    db.session.flush()
    seats.sort(key=lambda seat: (seat.study_day.starts_at, seat.study_day_id, seat.position))
    return Bought(seats, contracts, asks_files=any(wanted.asks_files for wanted in in_order.days))


def _write_contract(bought: PlanInOrder, order: Order, *, line: OrderLine, now: datetime) -> Contract:
    """Write the contract of whoever orders, or of somebody who is not known yet: nothing of a gift is the giver's."""
    gift = bought.item.gift
    contract = subscriptions.open_contract(
        bought.plan,
        line=line,
        email="" if gift else order.email,
        delivery=Delivery() if gift else bought.item.delivery,
        organisation_id=None if gift else order.organisation_id,
        kind=ContractKind.GIFT if gift else ContractKind.PAID,
        renews=bought.renews,
        locale=order.locale,
        first_issue=None if gift else bought.item.first_issue,
        copies=bought.item.copies,
        now=now,
        is_test=order.is_test,
    )
    if gift is not None:
        subscriptions.open_gift(contract, gift, buyer_name=order.buyer_name, now=now)
    return contract


def require_addresses(
    request: OrderRequest, in_order: Quote, *, prices: Prices = PRESENT, occasion: Occasion = ORDINARY
) -> None:
    """Raise ``Invalid`` for a postcode that cannot be, and for an address that no label holds.

    Asked once: not of a renewal that goes where it went or that a card is charged for by itself, nor of what a quote
    promised.
    """
    if prices is not PRESENT or occasion.charged_until is not None:
        return
    billing = request.billing
    errors: dict[str, str] = {}
    if problem := postal.postcode_problem(billing.postcode, city=billing.city):
        errors["/customer/organisation/postcode"] = problem
    for bought in in_order.plans:
        if bought.asks_address and not (bought.renews and bought.renews.delivery == bought.item.delivery):
            problems = subscription_rules.delivery_problems(
                bought.item.delivery, organisation=billing.organisation if billing.siret else ""
            )
            errors |= {f"/items/{bought.index}/delivery/{name}": told for name, told in problems.items()}
    if errors:
        raise Invalid(_("Certaines données sont à corriger."), errors=errors)


def _same(known: Order, fingerprint: str) -> Order:
    if known.request_fingerprint != fingerprint:
        raise KeyReused(_("Cette clé a déjà servi pour une autre commande."))
    return known


def _fingerprint(request: OrderRequest) -> str:
    """Return what tells one request from another under the same key."""
    content = {
        "buyer": [request.buyer.email, request.buyer.first_name, request.buyer.last_name, request.buyer.phone],
        "billing": fields_of(request.billing),
        "method": request.payment_method,
        "items": [item_to_json(item) for item in request.items],
    }
    if request.card_consent:
        content["card_consent"] = request.card_consent.words
    if request.promo_code:
        content["promo_code"] = promotion_rules.normalised(request.promo_code)
    if request.invoice_at:
        content["invoice_at"] = request.invoice_at
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
