"""The same form sent many times at the same moment, then once more from the history of the browser: one order."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.checkout.service import _place
from eventsapp.core.db import db, writing
from eventsapp.core.limits import limiter
from eventsapp.invoices.models import Invoice
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from tests.checkout.web.sending import MANDAT, open_day
from tests.support.at_once import at_once, committing_app
from tests.support.invariants import broken

CLICKS = 10
PAGE = "/journees/angers/inscription/"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        limiter.enabled = False
        with app.app_context(), writing():
            open_day(slug="angers", capacity=100)
            db.session.remove()
        yield app
        limiter.enabled = True


def send(app: Flask) -> tuple[int, str]:
    """Be a click: send the form as it stands, with the token that its page gave."""
    answer = app.test_client().post(PAGE, data=MANDAT)
    return answer.status_code, answer.location or ""


def test_ten_clicks_at_once_are_one_order_and_one_invoice(served: Flask) -> None:
    answers = at_once(served, *(partial(send, served) for _click in range(CLICKS)))
    back_button = send(served)

    assert {status for status, _location in [*answers, back_button]} == {303}
    assert len({location for _status, location in [*answers, back_button]}) == 1
    with served.app_context():
        counts = [
            db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in (Order, Invoice, Registration)
        ]
        mails = db.session.scalars(sa.select(OutgoingMail.template).order_by(OutgoingMail.template)).all()
        assert counts == [1, 1, 1]
        assert len(mails) == len(set(mails))
        assert broken() == []
        db.session.remove()
    # A reload of the page that they all lead to.
    client = served.test_client()
    assert [client.get(back_button[1]).status_code for _reload in range(2)] == [200, 200]


@pytest.mark.parametrize("guarded", [True, False])
def test_without_the_guard_two_clicks_on_one_form_are_two_orders(
    served: Flask, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control: another name each time, since nobody is registered twice for a day either."""
    if not guarded:
        normalised = _place.normalised
        monkeypatch.setattr(_place, "normalised", lambda request: replace(normalised(request), idempotency_key=None))

    def click(name: str) -> int:
        return served.test_client().post(PAGE, data=MANDAT | {"attendees-0-last_name": name}).status_code

    answers = at_once(served, partial(click, "Roux"), partial(click, "Martin"))

    assert answers.count(303) == (1 if guarded else 2)
    with served.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == answers.count(303)
        db.session.remove()


def test_another_token_is_another_order(served: Flask) -> None:
    other = MANDAT | {"submission": "un-autre-jeton-du-formulaire", "attendees-0-last_name": "Autre"}
    send(served)

    assert served.test_client().post(PAGE, data=other).status_code == 303

    with served.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 2
        db.session.remove()
