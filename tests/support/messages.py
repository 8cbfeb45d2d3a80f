"""Stripe's messages as the application gets them: posted to it, then dealt with as the worker does."""

from datetime import datetime
from typing import Any

from flask import current_app
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox

URL = "/paiement/stripe/webhook"


def post(client: FlaskClient, sandbox: RunningSandbox, event: dict[str, Any]) -> int:
    """Post a message as Stripe does; return the status of the answer. Nobody deals with it yet."""
    body, headers = sandbox.letter(event)
    return client.post(URL, data=body, headers=headers).status_code


def deal_with_them(*, now: datetime | None = None) -> int:
    """Deal with the messages that are due in a context of its own, as the worker does; return how many it were."""
    with current_app.app_context():
        done = checkout.take_events(now=now or clock.now())
    db.session.expire_all()
    return done


def tell(client: FlaskClient, sandbox: RunningSandbox, event: dict[str, Any]) -> int:
    """Post a message and deal with it; return the status of the answer."""
    status = post(client, sandbox, event)
    deal_with_them()
    return status


def tell_all(client: FlaskClient, sandbox: RunningSandbox, kind: str) -> None:
    """Tell every event of a kind, the oldest first."""
    for event in reversed(sandbox.events(kind)):
        assert tell(client, sandbox, event) == 200


def lost(event_id: str, **changes: Any) -> dict[str, Any]:
    """Return an event about a page that Stripe does not know: it fails however often it is tried."""
    page = {"id": f"cs_test_{event_id}", "object": "checkout.session"}
    return {
        "id": event_id, "object": "event", "type": "checkout.session.completed", "livemode": False,
        "data": {"object": page},
    } | changes  # fmt: skip
