"""Stripe hangs while people order by card: the other pages stay quick, nobody waits long, nobody pays twice."""

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest

from eventsapp.core.db import db, writing
from tests.support.fault_proxy import Fault, FaultProxy, fault_proxy
from tests.support.invariants import broken
from tests.support.makers import api
from tests.support.makers.study_days import make_study_day
from tests.support.stack import Stack, running_stack

#: Card orders, one every so many seconds, and pages read meanwhile by somebody else.
BUYERS, EVERY, READERS_PER_BUYER = 24, 0.4, 5
#: Threads of a web process, as the README has them.
THREADS = 8
#: Seconds within which a buyer is answered, and nearly every reader; on a machine that is busy with something else,
#: so many times what a reader waits without any buyer.
PATIENCE, QUICK, AS_QUICK = 10, 1, 5
Answer: TypeAlias = tuple[int, dict[str, Any], float]

pytestmark = pytest.mark.long


class Visitors:
    """Many people on a running application."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        with writing():
            self.slug = make_study_day(starts_at=datetime.now(UTC) + timedelta(days=60), capacity=BUYERS).slug
            db.session.remove()

    def ask(self, method: str, path: str, body: Any = None, *, visitor: int = 0) -> Answer:
        """Return status, JSON and seconds of an answer."""
        parts = urlsplit(self.stack.url)
        headers = {"X-Forwarded-For": f"10.9.0.{visitor + 1}", "Content-Type": "application/json"}
        headers |= api.key(f"acheteur-{visitor}")
        started = time.monotonic()
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        told = json.loads(text) if "json" in (answer.getheader("Content-Type") or "") else {}
        return answer.status, told, time.monotonic() - started

    def order(self, number: int) -> Answer:
        """Order by card; the same number is the same order."""
        seats = {"type": "registration", "study_day": self.slug, "attendees": [api.attendee(number)]}
        return self.ask("POST", "/api/v1/orders", api.order(seats, payment_method="card"), visitor=number)

    def order_and_read(self, *, buyers: int = BUYERS) -> tuple[Sequence[Answer], float]:
        """Let buyers and readers come, whether the ones before are answered or not.

        Return the orders' answers, and the seconds that 95 of 100 readers did not wait longer for their page.
        """
        pages = ("/journees/", f"/journees/{self.slug}/", f"/journees/{self.slug}/inscription/", "/panier/")
        orders, reads = [], []
        with ThreadPoolExecutor(100) as pool:
            for number in range(BUYERS * READERS_PER_BUYER):
                if number % READERS_PER_BUYER == 0 and number // READERS_PER_BUYER < buyers:
                    orders.append(pool.submit(self.order, number // READERS_PER_BUYER))
                reads.append(pool.submit(self.ask, "GET", pages[number % len(pages)], visitor=200))
                time.sleep(EVERY / READERS_PER_BUYER)
        answers = [read.result() for read in reads]
        assert {status for status, _told, _seconds in answers} == {200}
        waited = sorted(seconds for _status, _told, seconds in answers)
        return [order.result() for order in orders], waited[len(waited) * 95 // 100]


@contextmanager
def hanging(folder: Path, *, wsgi: str = "app:app") -> Iterator[tuple[Visitors, FaultProxy]]:
    """Run the application without an answer of Stripe; the network can be mended."""
    address = f"sqlite:///{folder}/hanging.sqlite"
    with (
        fault_proxy() as network,
        running_stack(folder, database_url=address, worker=False, wsgi=wsgi, threads=THREADS, network=network) as stack,
    ):
        network.fault = Fault.HANG
        visitors = Visitors(stack)
        # The first of each page takes longer, in each process.
        visitors.order_and_read(buyers=0)
        yield visitors, network
        db.session.remove()


def test_pages_stay_quick_while_stripe_hangs_and_every_order_opens_one_page_afterwards(tmp_path: Path) -> None:
    with hanging(tmp_path) as (visitors, network):
        _nobody, calm = visitors.order_and_read(buyers=0)

        orders, waited = visitors.order_and_read()

        assert waited < max(QUICK, AS_QUICK * calm)
        assert {(status, told["checkout_url"]) for status, told, _seconds in orders} == {(201, None)}
        assert max(seconds for _status, _told, seconds in orders) < PATIENCE + AS_QUICK * calm
        network.fault = Fault.NONE
        pages = {visitors.order(number)[1]["checkout_url"] for number in range(BUYERS)}
        assert len(pages - {None}) == len(visitors.stack.sandbox.objects("checkout.session")) == BUYERS
        assert broken() == []


def test_without_the_guard_readers_wait_for_stripe_as_well(tmp_path: Path) -> None:
    with hanging(tmp_path, wsgi="tests.support.queueing:app") as (visitors, _network):
        _nobody, calm = visitors.order_and_read(buyers=0)

        _orders, waited = visitors.order_and_read()

        assert waited > max(QUICK, AS_QUICK * calm)
