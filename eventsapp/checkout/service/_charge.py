"""Renewing by card while nobody is there: the order, the charge, and what follows when the bank says no.

What Stripe is asked for is written and committed before, with its key. Whoever is killed between Stripe's charge and
our commit leaves that row: the next run looks the payment up under its key, and asks for another one only where there
is none.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from eventsapp.audit import service as audit
from eventsapp.checkout import queries as checkout_queries
from eventsapp.checkout.service._ask import ask, open_pages
from eventsapp.checkout.service._charge_back import NOT_NEEDED, close_needless, give_back_stopped
from eventsapp.checkout.service._charge_when import (
    is_being_ordered,
    is_its_day,
    is_unclear,
    is_under_way,
    reason_against,
)
from eventsapp.checkout.service._close import close
from eventsapp.checkout.service._place import place_order
from eventsapp.checkout.service._settle import settle_card
from eventsapp.checkout.values import Occasion, OrderRequest, Subscription
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments import service as payment_service
from eventsapp.payments.errors import ChargeDeclined, GatewayRefused, GatewayUnavailable
from eventsapp.payments.statuses import AlertKind
from eventsapp.payments.values import CardPayment, SavedCard
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions import service as subscriptions
from eventsapp.subscriptions.models import CardAgreement, CardCharge, CardRenewal, Contract
from eventsapp.subscriptions.statuses import AgreementEnd, AgreementState, ChargeState

log = logging.getLogger(__name__)

#: How far before our own clock a payment is looked for: Stripe's may be behind.
CLOCKS_APART = timedelta(hours=1)
#: How long a try may take before the reconciliation asks what became of it.
UNDER_WAY = timedelta(minutes=5)
#: Days after the end of a subscription until which the order of its renewal waits at most.
_HELD_DAYS = 3
_REFUSED = "Prélèvement refusé"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """All that Stripe is asked for, read before the network is used."""

    charge_id: int
    key: str
    reference: str
    amount_cents: int
    card: SavedCard
    asked_at: datetime
    #: Stripe may have been asked before.
    again: bool
    #: It was stopped, or ended, since: what was charged is kept and given back, and nothing asked for any more.
    is_unwanted: bool


def charge_due(*, now: datetime) -> int:
    """Charge the cards whose day has come, and those of which it is not known; return how many were charged.

    One transaction a step, whatever goes wrong with another; it may run twice at once, late, and stop anywhere.
    """
    charged = take_up_charges(now=now, since=timedelta(0))
    close_needless(now=now)
    due = queries.chargeable(today=clock.local_date(now))
    db.session.rollback()
    charged += _each(due, lambda agreement_id: _renew(agreement_id, now=now), what="agreement")
    give_back_stopped(now=now)
    return charged


def take_up_charges(*, now: datetime, since: timedelta = UNDER_WAY) -> int:
    """Find out what became of the tries of which Stripe has not said, ``since`` when; return how many were charged."""
    unanswered = queries.unanswered_charges()
    db.session.rollback()
    charged = _each(unanswered, lambda charge_id: _take_up(charge_id, asked_before=now - since, now=now), what="try")
    give_back_stopped(now=now)
    return charged


def _each(keys: Sequence[int], one: Callable[[int], int], *, what: str) -> int:
    """Add up what ``one`` charges for each key, whatever goes wrong with another, until Stripe does not answer."""
    charged = 0
    for key in keys:
        try:
            charged += one(key)
        except GatewayUnavailable:
            log.warning("Stripe does not answer; %s %s and those after it are charged later", what, key)
            break
        except Exception:
            log.exception("%s %s could not be charged", what, key)
    return charged


def _take_up(charge_id: int, *, asked_before: datetime, now: datetime) -> int:
    found = queries.charge_asked(charge_id)
    wanted = _try_of(*found, again=True) if found and found[0].asked_at <= asked_before else None
    db.session.rollback()
    return 0 if wanted is None else _charge(wanted, now=now)


def _renew(agreement_id: int, *, now: datetime) -> int:
    page_ids = _pages_in_the_way(agreement_id, now=now)
    db.session.rollback()
    # Whoever pays the order by hand at this moment has paid it.
    if ask(page_ids, gateway.close_page, now=now).silence is not None:
        return 0
    with unit_of_work.transaction():
        wanted = _prepare(agreement_id, now=now)
    return 0 if wanted is None else _charge(wanted, now=now)


def _pages_in_the_way(agreement_id: int, *, now: datetime) -> list[str]:
    """Return the pages to close before the card is charged or the order ends; on other days people pay there."""
    contract = queries.contract(db.session.get_one(CardAgreement, agreement_id).contract_id)
    renewal = queries.card_renewal(contract) if contract is not None else None
    if contract is None or renewal is None or renewal.order_id is None:
        return []
    if is_under_way(renewal) or is_unclear(renewal, renewal.order):
        return []
    if not is_its_day(renewal, now=now) and reason_against(contract, renewal, now=now) is None:
        return []
    return open_pages(renewal.order_id)


def _prepare(agreement_id: int, *, now: datetime) -> _Try | None:
    """Write the order, the first time, and the next try; ``None`` when nothing is to be charged today."""
    agreement = queries.locked_agreement(agreement_id)
    contract = queries.contract(agreement.contract_id)
    renewal = queries.card_renewal(contract) if contract is not None else None
    if agreement.state is not AgreementState.ACTIVE or contract is None or renewal is None:
        return None
    order = orders.lock(renewal.order_id) if renewal.order_id is not None else None
    if is_under_way(renewal):
        return None
    if order is not None and order.paid_cents and not order.paid_without_seat and _go_on(agreement, order):
        # Paid by hand on its page.
        return None
    if is_unclear(renewal, order):
        _leave_to_office(agreement, contract, renewal, now=now)
        return None
    reason = reason_against(contract, renewal, now=now)
    if reason is not None:
        _end(agreement, contract, order, reason, now=now)
        return None
    if not is_its_day(renewal, now=now) or is_being_ordered(contract, renewal):
        return None
    if order is None or order.status is not OrderStatus.PENDING:
        # Closed when it was stopped, and taken up again since.
        order = _place(contract, renewal, now=now)
    if open_pages(order.id):
        return None
    if order.balance_cents > renewal.price_cents:
        _end(agreement, contract, order, AgreementEnd.DEARER, now=now)
        return None
    return _write_try(agreement, renewal, order, now=now)


def _place(contract: Contract, renewal: CardRenewal, *, now: datetime) -> Order:
    """Place the order of the renewal, by the method that takes cards; it is written to nobody before it is paid."""
    known = checkout_queries.known_for_renewal(contract)
    method = next(row.code for row in payments.enabled_methods() if row.online)
    last = datetime.combine(renewal.ends_on + timedelta(days=_HELD_DAYS), time(12), tzinfo=now.tzinfo)
    order, _bought = place_order(
        OrderRequest(
            buyer=known.buyer,
            billing=known.billing,
            payment_method=method,
            items=(Subscription(plan=contract.plan.slug, delivery=known.delivery, renews=contract.id),),
            idempotency_key=f"card-renewal-{renewal.id}-{len(renewal.charges) + 1}",
            locale=contract.locale,
            is_test=contract.is_test,
        ),
        occasion=Occasion(charged_until=last),
        now=now,
    )
    renewal.order_id = order.id
    return order


def _write_try(agreement: CardAgreement, renewal: CardRenewal, order: Order, *, now: datetime) -> _Try:
    number = len(renewal.charges) + 1
    row = CardCharge(
        renewal_id=renewal.id,
        number=number,
        key=f"renewal-{order.reference}-{number}",
        amount_cents=order.balance_cents,
        asked_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return _asked(row, order, agreement, again=False)


def _try_of(row: CardCharge, renewal: CardRenewal, agreement: CardAgreement, *, again: bool) -> _Try | None:
    return _asked(row, renewal.order, agreement, again=again) if renewal.order is not None else None


def _asked(row: CardCharge, order: Order, agreement: CardAgreement, *, again: bool) -> _Try:
    return _Try(
        charge_id=row.id,
        key=row.key,
        reference=order.reference,
        amount_cents=row.amount_cents,
        card=SavedCard(
            customer_id=agreement.customer_id,
            method_id=agreement.method_id,
            brand=agreement.brand,
            last4=agreement.last4,
            exp_month=agreement.exp_month or 0,
            exp_year=agreement.exp_year or 0,
        ),
        asked_at=row.asked_at,
        again=again,
        is_unwanted=agreement.state is not AgreementState.ACTIVE,
    )


def _charge(wanted: _Try, *, now: datetime) -> int:
    """Ask Stripe, outside any transaction, and keep what it says in one; return whether the card was charged."""
    try:
        payment = _ask(wanted, now=now)
    except ChargeDeclined as refusal:
        with unit_of_work.transaction():
            _keep_refusal(wanted, refusal, now=now)
        return 0
    except GatewayRefused as refusal:
        # Nothing about this card: a wrong key, a closed account. It is asked for again under the same key.
        log.error("try %s: Stripe refuses to charge: %s", wanted.key, refusal.reason)  # noqa: TRY400
        if wanted.asked_at < now - rules.KEY_LASTS:
            with unit_of_work.transaction():
                _keep_unclear(wanted, refusal, now=now)
        return 0
    if payment is None or not payment.paid:
        return 0
    with unit_of_work.transaction():
        return _keep_payment(wanted, payment, now=now)


def _ask(wanted: _Try, *, now: datetime) -> CardPayment | None:
    """Return what Stripe charged, or is charging; ``None`` when that cannot be said yet."""
    if wanted.again:
        made = gateway.charge_made(key=wanted.key, card=wanted.card, since=wanted.asked_at - CLOCKS_APART)
        if made is not None and (made.paid or made.open):
            return made
        if wanted.asked_at < now - (rules.LONG_ASKED if wanted.is_unwanted else rules.KEY_LASTS):
            raise ChargeDeclined("Stripe n’a pas répondu.", reason="declined" if made else CardCharge.UNANSWERED)
        if wanted.is_unwanted:
            return None
        # While Stripe keeps the key it answers as it did, or charges now.
    return gateway.charge(
        key=wanted.key, reference=wanted.reference, amount_cents=wanted.amount_cents, card=wanted.card
    )


def _keep_payment(wanted: _Try, payment: CardPayment, *, now: datetime) -> int:
    """Settle what was charged, as everything that Stripe took, and go on to the subscription that follows."""
    held = _held_try(wanted)
    if held is None:
        return 0
    row, renewal, agreement = held
    is_wanted = agreement.state is AgreementState.ACTIVE
    _outcome, problem, order = settle_card(payment, expected_cents=wanted.amount_cents, now=now)
    if problem:
        log.error("the charge %s does not fit its order: %s", wanted.key, problem)
    row.state, row.answered_at, row.payment_id = ChargeState.PAID, now, payment.payment_id
    if not is_wanted and not problem:
        row.reason = CardCharge.UNWANTED
    if order is None:
        return 1
    audit.record(
        "subscriptions.card_charged",
        subject=("contract", renewal.contract_id, order.reference),
        now=now,
        by=audit.NOBODY,
        changes={"amount_cents": payment.amount_cents},
    )
    if is_wanted and not _go_on(agreement, order) and not problem:
        # Another order renewed it first; this one's money goes back as whatever is paid twice.
        contract = queries.contract(agreement.contract_id)
        if contract is not None:
            subscriptions.end_agreement(agreement, contract, AgreementEnd.RENEWED, now=now)
    return 1


def _go_on(agreement: CardAgreement, order: Order) -> bool:
    """Let the agreement be for the renewal that an order bought, if that has begun."""
    begun = next((row for row in queries.standing_of_order(order.id) if row.starts_on is not None), None)
    if begun is None:
        return False
    agreement.contract_id = begun.id
    return True


def _keep_refusal(wanted: _Try, refusal: ChargeDeclined, *, now: datetime) -> None:
    """Keep why the card was refused, tell its holder the first time, and give up after the last try."""
    held = _held_try(wanted)
    if held is None:
        return
    row, renewal, agreement = held
    row.state, row.answered_at, row.reason = ChargeState.DECLINED, now, refusal.reason
    contract = queries.contract(renewal.contract_id)
    if contract is None or agreement.state is not AgreementState.ACTIVE:
        return
    next_on = rules.next_charge(charge_on=renewal.charge_on, ends_on=renewal.ends_on, tried=row.number)
    if refusal.asks_holder:
        next_on = None
    if renewal.told_at is None and (next_on is None or refusal.reason != CardCharge.UNANSWERED):
        renewal.told_at = now
        mails.card_refused(contract, agreement, renewal, asks_holder=refusal.asks_holder, next_on=next_on, now=now)
        subscriptions.count_as_reminder(contract, now=now)
    if next_on is None:
        _end(agreement, contract, orders.lock(renewal.order_id or 0), AgreementEnd.DECLINED, now=now)


def _keep_unclear(wanted: _Try, refusal: GatewayRefused, *, now: datetime) -> None:
    """Let the office find out what Stripe does not say, and the reader do meanwhile what waited for that."""
    held = _held_try(wanted)
    if held is None:
        return
    row, renewal, _agreement = held
    row.state, row.answered_at, row.reason = ChargeState.DECLINED, now, CardCharge.UNCLEAR
    payment_service.raise_alert_about(
        row.key,
        kind=AlertKind.PAYMENT,
        problem="Stripe ne dit pas si la carte a été prélevée pour ce renouvellement (métadonnée « request » du "
        f"paiement : {row.key}) : {refusal.reason}",
        amount_cents=row.amount_cents,
        order=orders.lock(renewal.order_id or 0),
        now=now,
    )


def _held_try(wanted: _Try) -> tuple[CardCharge, CardRenewal, CardAgreement] | None:
    """Return a try that still waits for its answer, its agreement and its order kept from others."""
    found = queries.charge_asked(wanted.charge_id)
    if found is None:
        return None
    queries.locked_agreement(found[2].id)
    if found[1].order_id is not None:
        orders.lock(found[1].order_id)
    db.session.refresh(found[0])
    return found if found[0].state is ChargeState.ASKED else None


def _end(
    agreement: CardAgreement, contract: Contract, order: Order | None, reason: AgreementEnd, *, now: datetime
) -> None:
    """End the agreement, and the order that nobody will pay any more."""
    if order is not None and order.status is OrderStatus.PENDING and not order.paid_cents:
        close(order, reason=_REFUSED if reason is AgreementEnd.DECLINED else NOT_NEEDED, now=now, is_told=False)
        db.session.flush()
    subscriptions.end_agreement(agreement, contract, reason, now=now)


def _leave_to_office(agreement: CardAgreement, contract: Contract, renewal: CardRenewal, *, now: datetime) -> None:
    """Charge nothing while money is unclear; once it is too late end the agreement: its reader hears of the money."""
    if clock.local_date(now) > renewal.ends_on:
        subscriptions.end_agreement(agreement, contract, AgreementEnd.LATE, now=now, told=False)
