"""What Stripe told, dealt with one by one: asked again, applied, or set aside so that nothing waits behind it."""

import logging
from datetime import datetime

from eventsapp.checkout.service._money_back import take_money_back
from eventsapp.checkout.service._settle import take_answer
from eventsapp.core import queue, unit_of_work
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.payments import gateway, queries
from eventsapp.payments import service as payments
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable, WrongMode
from eventsapp.payments.statuses import EventOutcome
from eventsapp.payments.values import CardPayment, Event, MoneyBack

log = logging.getLogger(__name__)

#: Messages dealt with before others may use the worker: some twenty seconds of them.
TURN = 100
#: So many unanswered in a row, and Stripe is left in peace until the timetable asks again.
SILENCES = 3
#: Characters kept of what went wrong.
_LONGEST = 500


def take_events(*, now: datetime) -> int:
    """Deal with the messages that are due, the longest due first; return how many were dealt with.

    Each is asked about outside any transaction, and applied in one of its own together with the mark that says so.
    One that fails is tried again later (``payments.rules.next_try``), behind those that wait by then; after its last
    try it is set aside for the office. May run twice at once, and stop anywhere.
    """
    due = queries.event_is_due(now=now)
    db.session.rollback()
    if not due:
        # Most nudges of a burst find that another sweep was there: they take no lock.
        return 0
    with unit_of_work.transaction():
        interrupted = payments.set_aside_interrupted(now=now)
    if interrupted:
        log.error("%s of Stripe's messages are set aside: each try was cut short", interrupted)
    done = silences = 0
    for _message in range(TURN):
        with unit_of_work.transaction():
            event = payments.claim_event(now=now)
        if event is None:
            return done
        failure = _try(event, now=now)
        done += failure is None
        silences = silences + 1 if isinstance(failure, GatewayUnavailable) else 0
        if silences == SILENCES:
            log.warning("Stripe does not answer; its messages are dealt with later")
            return done
    queue.ask(payments.EVENT_SWEEP)
    return done


def ask_about(event: Event) -> tuple[CardPayment | None, MoneyBack | None]:
    """Return the page and the money that an event is about, as Stripe has them now; uses the network, no transaction.

    Raises ``GatewayUnavailable`` and ``GatewayRefused``.
    """
    if event.session_id:
        return gateway.look_up(event.session_id), None
    return gateway.page_of_payment(event.payment_id), gateway.money_back(event.payment_id)


def take_event(
    event: Event, payment: CardPayment | None, *, money_back: MoneyBack | None = None, now: datetime
) -> EventOutcome | None:
    """Deal once with a message that was kept; ``payment`` and ``money_back`` are as Stripe has them (``ask_about``).

    Returns ``None``, and changes nothing, when somebody else dealt with it meanwhile.
    """
    kept = payments.finish_event(event.event_id)
    if kept is None:
        return None
    order: Order | None = None
    if payment is not None and (money_back is None or payment.paid):
        kept.outcome, kept.detail, order = take_answer(payment, now=now)
    if money_back is not None:
        found = take_money_back(money_back, now=now)
        order = order or found
        if found is not None:
            kept.outcome = EventOutcome.SETTLED
    if order is not None:
        kept.order_id = order.id
    if kept.outcome is EventOutcome.REFUSED:
        log.error("event %s does not fit its order: %s", event.event_id, kept.detail)
    return kept.outcome


def _try(event: Event, *, now: datetime) -> Exception | None:
    """Try one that is claimed; return what went wrong, written down already, or ``None``."""
    try:
        _deal_with(event, now=now)
    except Exception as failure:
        log.warning("event %s could not be dealt with", event.event_id, exc_info=True)
        _write_down(event, failure, now=now)
        return failure
    return None


def _deal_with(event: Event, *, now: datetime) -> None:
    if event.live is not gateway.expects_live():
        raise WrongMode("C’est un message d’essai pour de vrais comptes, ou l’inverse.")
    payment, money_back = ask_about(event)
    with unit_of_work.transaction():
        take_event(event, payment, money_back=money_back, now=now)


def _write_down(event: Event, failure: Exception, *, now: datetime) -> None:
    with unit_of_work.transaction():
        set_aside = payments.event_failed(
            event.event_id, reason=_reason(failure), for_good=isinstance(failure, WrongMode), now=now
        )
    if set_aside:
        log.error("event %s (%s) is set aside for the office", event.event_id, event.kind)


def _reason(failure: Exception) -> str:
    """Return what went wrong in words, with what Stripe or the program says of it."""
    match failure:
        case WrongMode():
            told = failure.message
        case GatewayUnavailable():
            told = f"Stripe ne répond pas : {failure.reason}"
        case GatewayRefused():
            told = f"Stripe refuse de répondre : {failure.reason}"
        case _:
            told = f"Le programme a échoué : {type(failure).__name__}: {failure}"
    return told[:_LONGEST]
