"""The same order many times at once, on databases that keep what is committed; and pages kept for everybody."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.payments import service as payments
from eventsapp.payments.models import CardSession
from eventsapp.payments.values import CardPage
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.api.web.orders import post
from tests.conftest import database_address
from tests.support.database import migrated_app
from tests.support.makers import api
from tests.support.makers.study_days import make_study_day

BUYERS = 10

pytestmark = pytest.mark.usefixtures("unlimited")


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application as it is served: on a database of its own, with the cache of pages in front."""
    made = migrated_app({"DATABASE_URL": database_address(database, tmp_path)}, keep_pages=True)
    with made.app_context(), writing():
        make_study_day(slug="angers", capacity=100)
        db.session.remove()
    yield made
    made.extensions["eventsapp.page_cache"].close()
    with made.app_context():
        db.engine.dispose()


def _at_once(app: Flask, bodies: list[dict[str, Any]]) -> list[TestResponse]:
    """Send these bodies at the same moment, all under one key."""
    start = Barrier(len(bodies))

    def send(body: dict[str, Any]) -> TestResponse:
        start.wait()
        return post(app.test_client(), body)

    with ThreadPoolExecutor(len(bodies)) as buyers:
        return list(buyers.map(send, bodies))


def _kept(app: Flask) -> list[int]:
    with app.app_context():
        tables = (Order, Registration, OutgoingMail)
        counts = [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]
        return [*counts, db.session.scalars(sa.select(StudyDay.seats_taken)).one()]


def _order(number: int = 1, **values: Any) -> dict[str, Any]:
    seats = {"type": "registration", "study_day": "angers", "attendees": [api.attendee(number)]}
    return api.order(seats, **values)


def test_the_same_request_ten_times_at_once_makes_one_order(served: Flask) -> None:
    answers = _at_once(served, [_order()] * BUYERS)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: BUYERS - 1}
    assert len({answer.get_data() for answer in answers}) == 1
    # The mail to the buyer, and the one to the participant.
    assert _kept(served) == [1, 1, 2, 1]


def test_the_same_key_for_two_orders_at_once_makes_one_of_them(served: Flask) -> None:
    answers = _at_once(served, [_order(), _order(payment_method="cheque")] * (BUYERS // 2))

    statuses = Counter(answer.status_code for answer in answers)
    assert statuses == {201: 1, 200: BUYERS // 2 - 1, 422: BUYERS // 2}
    assert _kept(served) == [1, 1, 2, 1]


def test_the_same_card_order_at_once_opens_one_page_at_stripe(served: Flask, sandbox_server: RunningSandbox) -> None:
    sandbox_server.reset()
    sandbox_server.send_webhooks_to(None)
    settings = served.extensions["eventsapp.settings"]
    served.extensions["eventsapp.settings"] = replace(settings, stripe_api_base=sandbox_server.url)

    answers = _at_once(served, [_order(payment_method="card")] * BUYERS)
    last = post(served.test_client(), _order(payment_method="card"))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: BUYERS - 1}
    # Stripe asks whoever comes while it is still answering the first to come back.
    pages = {answer.get_json()["checkout_url"] for answer in answers}
    assert pages - {None} == {last.get_json()["checkout_url"]}
    assert len(sandbox_server.objects("checkout.session")) == 1
    assert _kept(served)[:2] == [1, 1]
    with served.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(CardSession)) == 1


def test_a_page_at_stripe_that_two_requests_remember_at_once_is_one(served: Flask) -> None:
    post(served.test_client(), _order(payment_method="card"))
    now = datetime.now(UTC)
    page = CardPage(session_id="cs_test_1", url="https://stripe.example/1", expires_at=now)
    first_wrote = Event()

    def remember(*, after: Event | None, before: Event | None) -> None:
        if after is not None:
            after.wait(5)
        with served.app_context(), unit_of_work.transaction():
            order_id = db.session.scalars(sa.select(Order.id)).one()
            payments.remember_page(order_id, attempt=1, page=page, amount_cents=1, expires_at=now, now=now)
            db.session.flush()
            if before is not None:
                before.set()
                # Long enough for the other to look, find nothing, and write as well.
                time.sleep(0.3)

    with ThreadPoolExecutor(2) as requests:
        first = requests.submit(remember, after=None, before=first_wrote)
        second = requests.submit(remember, after=first_wrote, before=None)

    assert (first.exception(), second.exception()) == (None, None)
    with served.app_context():
        assert db.session.scalars(sa.select(CardSession.session_id)).all() == ["cs_test_1"]


def test_different_keys_at_once_never_oversell(served: Flask) -> None:
    with served.app_context(), writing():
        db.session.execute(sa.update(StudyDay).values(capacity=4))
        db.session.commit()
    start = Barrier(BUYERS)

    def send(number: int) -> TestResponse:
        start.wait()
        return post(served.test_client(), _order(number), headers=api.key(f"buyer-{number}"))

    with ThreadPoolExecutor(BUYERS) as buyers:
        answers = list(buyers.map(send, range(BUYERS)))

    assert Counter(answer.status_code for answer in answers) == {201: 4, 409: BUYERS - 4}
    assert {answer.get_json()["type"] for answer in answers if answer.status_code == 409} == {"/problems/sold-out"}
    assert _kept(served) == [4, 4, 8, 4]


def test_a_list_is_kept_until_a_seat_is_taken(served: Flask) -> None:
    client = served.test_client()
    first = client.get("/api/v1/study-days")
    again = client.get("/api/v1/study-days", headers={"If-None-Match": first.headers["ETag"]})
    post(client, _order())
    after = client.get("/api/v1/study-days", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.headers["Cache-Control"], first.headers["Vary"]) == ("public, no-cache", "Accept-Encoding, Cookie")
    assert not [name for name, _value in first.headers if name.startswith(("X-RateLimit", "X-Page-Cache", "Retry"))]
    assert (again.status_code, after.status_code) == (304, 200)
    assert [answer.get_json()["items"][0]["seats_left"] for answer in (first, after)] == [100, 99]


def test_what_is_kept_for_everybody_is_never_somebodys(served: Flask) -> None:
    client = served.test_client()
    placed = post(client, _order())
    secret = placed.get_json()["order_url"].rstrip("/").rsplit("/", 1)[1]

    let_in = client.get(placed.headers["Location"], headers=api.bearer(secret))
    refused = client.get(placed.headers["Location"])

    assert (let_in.status_code, refused.status_code) == (200, 401)
    assert (let_in.headers["Cache-Control"], refused.headers["Cache-Control"]) == ("private, no-store", "no-store")
