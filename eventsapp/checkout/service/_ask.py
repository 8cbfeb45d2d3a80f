"""Asking Stripe what became of the pages it was asked to open."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventsapp.checkout.service._settle import take_answer
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Refusal
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments.errors import GatewayRefused, GatewayUnavailable
from eventsapp.payments.models import CardSession
from eventsapp.payments.statuses import EventOutcome
from eventsapp.payments.values import CardPayment

log = logging.getLogger(__name__)

#: How far back the reconciliation looks; Stripe itself repeats a message for three days.
RECONCILED_FOR = timedelta(days=4)


@dataclass(slots=True)
class Answers:
    """What Stripe said of some pages, kept already."""

    settled: int = 0
    #: Paid, but not what the order asked for: an alert of the office.
    refused: int = 0
    #: Why Stripe did not answer for every page.
    silence: Refusal | None = None


def ask_gateway(order_id: int, *, now: datetime) -> Answers:
    """Ask what became of the pages of an order that can still be paid, as far as we know, and keep it."""
    session_ids = open_pages(order_id)
    db.session.rollback()
    return ask(session_ids, gateway.look_up, now=now)


def ask_about_card(session_id: str, *, now: datetime) -> Answers:
    """Ask what became of a page on which a reader gives another card, and keep it."""
    db.session.rollback()
    return ask([session_id], gateway.look_up, now=now)


def reconcile(*, now: datetime) -> int:
    """Ask about every recent page whose end no message told; return how many payments were found so.

    A page whose order is closed, or costs something else by now, is closed as well. Stops when Stripe does not answer;
    whatever else goes wrong with a page is told in the log, and the next one is asked for.
    """
    pages = [
        (row.session_id, gateway.close_page if _is_outdated(row, row.order) else gateway.look_up)
        for row in payments.unanswered_pages(since=now - RECONCILED_FOR)
        if row.session_id
    ]
    db.session.rollback()
    settled = 0
    for session_id, how in pages:
        try:
            answers = ask([session_id], how, now=now)
        except Exception:
            log.exception("the page %s could not be reconciled", session_id)
            continue
        settled += answers.settled
        if isinstance(answers.silence, GatewayUnavailable):
            log.warning("Stripe does not answer; the pages are asked for again later")
            break
    return settled


def close_outdated(order: Order, *, now: datetime) -> None:
    """Have the pages closed that ask for what ``order`` costs no more, once this transaction is committed.

    What was paid on one of them first is counted. Where Stripe does not answer, the reconciliation closes them.
    """
    outdated = [
        row.session_id for row in payments.open_card_sessions(order.id) if row.session_id and _is_outdated(row, order)
    ]
    if outdated:
        unit_of_work.after_commit(lambda: _close(outdated, now=now))


def _close(session_ids: Sequence[str], *, now: datetime) -> None:
    db.session.rollback()
    try:
        ask(session_ids, gateway.close_page, now=now)
    except Exception:
        # Whoever cancelled has done it, whatever becomes of the page.
        log.exception("the outdated pages %s could not be closed", session_ids)


def _is_outdated(page: CardSession, order: Order) -> bool:
    return not _awaits_money(order) or page.amount_cents != order.balance_cents


def _awaits_money(order: Order) -> bool:
    """Return whether the order is to be paid, or to be paid again of what was given back."""
    return order.status is OrderStatus.PENDING or (order.status is OrderStatus.CONFIRMED and order.balance_cents > 0)


def open_pages(order_id: int) -> list[str]:
    """Return Stripe's names of the pages of an order that can still be paid, as far as we know."""
    return [row.session_id for row in payments.open_card_sessions(order_id) if row.session_id]


def ask(session_ids: Sequence[str], how: Callable[[str], CardPayment], *, now: datetime) -> Answers:
    """Ask about each page by ``how``, outside any transaction, and keep each answer in one of its own.

    A page that Stripe does not answer for stays open for us: only Stripe's word ends it.
    """
    answers = Answers()
    for session_id in session_ids:
        try:
            payment = how(session_id)
        except (GatewayUnavailable, GatewayRefused) as silence:
            log.warning("Stripe does not say what became of the page %s", session_id, exc_info=True)
            answers.silence = silence
            continue
        with unit_of_work.transaction():
            outcome, problem, _order = take_answer(payment, now=now)
        answers.settled += outcome is EventOutcome.SETTLED
        if outcome is EventOutcome.REFUSED:
            answers.refused += 1
            log.error("the paid page %s does not fit its order: %s", session_id, problem)
    return answers
