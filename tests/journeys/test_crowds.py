"""Crowds on the running application: crossed baskets, one message a hundred times, a day of messages at once."""

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db, on_sqlite, writing
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.payments.models import GatewayEvent, Payment
from eventsapp.payments.statuses import EventState
from eventsapp.study_days.models import StudyDay
from tests.conftest import database_address
from tests.journeys.conftest import wait_until
from tests.support.invariants import broken
from tests.support.makers import api
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.messages import URL, lost
from tests.support.stack import Stack, running_stack

T = TypeVar("T")
BUYERS = 200
#: As many as the web server has threads.
AT_ONCE = 8
#: Messages of a day on which the endpoint was down, and the seconds within which they are dealt with.
BURST = 2000
DRAINED = 5 * 60
#: Seconds after which Stripe takes a message for untold.
STRIPE_WAITS = 10

pytestmark = pytest.mark.long


def crowd(step: Callable[[int], T], count: int) -> Sequence[T]:
    """Do ``step`` for each number, so many at once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(step, range(count)))


def post(stack: Stack, path: str, body: bytes, headers: dict[str, str], *, number: int) -> tuple[int, float]:
    """Post as visitor ``number``; return the status, and the seconds it took."""
    parts = urlsplit(stack.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    visitor = {"X-Forwarded-For": f"10.7.{number // 250}.{number % 250 + 1}", "Content-Type": "application/json"}
    started = time.monotonic()
    try:
        connection.request("POST", path, body, visitor | headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status, time.monotonic() - started


def two_days(capacity: int) -> list[tuple[int, str]]:
    starts_at = datetime.now(UTC) + timedelta(days=60)
    with writing():
        days = [make_study_day(capacity=capacity, starts_at=starts_at) for _ in range(2)]
        known = [(day.id, day.slug) for day in days]
        db.session.remove()
    return known


def a_paid_order(stack: Stack, number: int) -> tuple[int, str]:
    """Place an order by card and pay it, Stripe's message held back; return its key and reference."""
    now = clock.now()
    with writing():
        day = make_study_day(starts_at=now + timedelta(days=60))
        order = place(seats(day, an_attendee(number)), payment_method="card", now=now)
        page = checkout.open_page(checkout.prepare_page(order, now=now), now=now)
        known = order.id, order.reference
        db.session.remove()
    stack.sandbox.turn(drop=True)
    stack.sandbox.pay(page.rsplit("/", 1)[1].split("#", 1)[0])
    stack.sandbox.turn(drop=False)
    return known


def sell_crossed(stack: Stack, capacity: int, *, buyers: int = BUYERS) -> tuple[Counter[int], list[int], int]:
    """Let every buyer order both days, every other in another order.

    Return how many answers there were of each status, the seats taken, and how many deadlocks the database had.
    """
    (first_id, first), (second_id, second) = two_days(capacity)
    before = deadlocks()

    def buy(number: int) -> int:
        slugs = (first, second) if number % 2 else (second, first)
        items = [{"type": "registration", "study_day": slug, "attendees": [api.attendee(number)]} for slug in slugs]
        key = {"Idempotency-Key": str(uuid4())}
        return post(stack, "/api/v1/orders", json.dumps(api.order(*items)).encode(), key, number=number)[0]

    answers = Counter(crowd(buy, buyers))
    taken = sa.select(StudyDay.seats_taken).where(StudyDay.id.in_([first_id, second_id]))
    return answers, list(db.session.scalars(taken)), deadlocks() - before


def deadlocks() -> int:
    """Return how often PostgreSQL had to end somebody who waited in a circle; SQLite lets nobody wait so."""
    if on_sqlite():
        return 0
    db.session.rollback()
    # What a process counted it tells when it has been idle for a second.
    time.sleep(2)
    counted = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    found = int(db.session.scalar(counted) or 0)
    db.session.rollback()
    return found


def test_baskets_that_cross_sell_both_days_out_and_wait_for_nobody(stack: Stack) -> None:
    capacity = 60

    answers, taken, circles = sell_crossed(stack, capacity)

    assert answers == {201: capacity, 409: BUYERS - capacity}
    assert taken == [capacity, capacity]
    assert circles == 0
    assert broken() == []
    db.session.remove()


@pytest.mark.writers_at_once
def test_without_an_order_of_the_locks_the_same_baskets_wait_in_circles(database: str, tmp_path: Path) -> None:
    address = database_address(database, tmp_path)
    with running_stack(tmp_path, database_url=address, worker=False, wsgi="tests.support.unordered:app") as stack:
        answers, taken, circles = sell_crossed(stack, 60, buyers=24)

        assert circles > 0
        assert answers[503] > 0
        # Whoever was ended kept nothing.
        assert taken == [answers[201], answers[201]]
        assert broken() == []
        db.session.remove()


def test_one_message_a_hundred_times_is_one_payment_and_one_mail(stack: Stack) -> None:
    order_id, reference = a_paid_order(stack, 7001)
    (event,) = messages_about(stack, {reference})

    def tell(number: int) -> int:
        # Every tenth has another name for the same thing.
        return post_message(stack, event | ({"id": f"{event['id']}_{number}"} if number % 10 == 0 else {}))[0]

    assert set(crowd(tell, 100)) == {200}

    wait_until(lambda: waiting_messages() == 0)
    assert db.session.scalars(sa.select(Payment.amount_cents).where(Payment.order_id == order_id)).all() == [62100]
    mails = sa.select(OutgoingMail.template).where(
        OutgoingMail.subject_id == order_id, OutgoingMail.template == "checkout/payment_received"
    )
    assert len(db.session.scalars(mails).all()) == 1
    assert broken() == []
    db.session.remove()


def test_a_day_of_messages_at_once_is_taken_in_time_and_nothing_waits_for_the_poison_among_them(
    stack: Stack,
) -> None:
    paid = [a_paid_order(stack, 8000 + number) for number in range(10)]
    events = messages_about(stack, {reference for _order_id, reference in paid})
    assert len(events) == len(paid)

    def tell(number: int) -> tuple[int, float]:
        told = events[number % len(events)] | {"id": f"evt_burst_{number}"}
        return post_message(stack, lost("evt_burst_poison") if number == BURST // 2 else told)

    idle = sorted(seconds for _status, seconds in crowd(lambda number: tell_nothing(stack, number), BURST // 10))
    started = time.monotonic()
    answers = crowd(tell, BURST)
    wait_until(lambda: waiting_messages() <= 1, at_most=DRAINED - (time.monotonic() - started))

    assert {status for status, _seconds in answers} == {200}
    seconds = sorted(seconds for _status, seconds in answers)
    # On a machine that is busy with something else, as a multiple of what messages take there that make no work.
    assert seconds[len(seconds) * 95 // 100] < max(1, 5 * idle[len(idle) * 95 // 100])
    assert seconds[-1] < STRIPE_WAITS
    assert states_of_burst() == {EventState.DONE: BURST - 1, EventState.WAITING: 1}
    assert all(
        db.session.scalar(sa.select(Order.status).where(Order.id == order_id)) is OrderStatus.CONFIRMED
        for order_id, _reference in paid
    )
    assert broken() == []
    # The worker tries it again in its own time, longer than a test should last.
    for hours in range(1, 5):
        checkout.take_events(now=clock.now() + timedelta(hours=3 * hours))
    assert states_of_burst() == {EventState.DONE: BURST - 1, EventState.SET_ASIDE: 1}
    db.session.remove()


def messages_about(stack: Stack, references: set[str]) -> list[dict[str, Any]]:
    """Return what Stripe has to tell of the pages of these orders."""
    return [
        told
        for told in stack.sandbox.events("checkout.session.completed")
        if told["data"]["object"]["client_reference_id"] in references
    ]


def post_message(stack: Stack, event: dict[str, Any]) -> tuple[int, float]:
    """Tell the running application; return the status, and the seconds it took."""
    body, headers = stack.sandbox.letter(event)
    return post(stack, URL, body, headers, number=0)


def tell_nothing(stack: Stack, number: int) -> tuple[int, float]:
    """Tell of something that is kept and concerns nobody."""
    about = {"id": f"ch_{number}", "object": "charge"}
    return post_message(stack, lost(f"evt_idle_{number}", type="charge.succeeded", data={"object": about}))


def waiting_messages() -> int:
    waiting = sa.select(sa.func.count()).where(GatewayEvent.state == EventState.WAITING)
    found = db.session.scalar(waiting) or 0
    db.session.rollback()
    return found


def states_of_burst() -> dict[EventState, int]:
    rows = db.session.execute(
        sa.select(GatewayEvent.state, sa.func.count().label("kept"))
        .where(GatewayEvent.event_id.startswith("evt_burst_"))
        .group_by(GatewayEvent.state)
    )
    return {row.state: row.kept for row in rows}
