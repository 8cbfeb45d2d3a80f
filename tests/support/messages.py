"""Stripe's messages as the application gets them."""

from typing import Any

from flask.testing import FlaskClient

from eventsapp.demo.sandbox import RunningSandbox

URL = "/paiement/stripe/webhook"


def tell(client: FlaskClient, sandbox: RunningSandbox, event: dict[str, Any]) -> int:
    """Post a message as Stripe does; return the status of the answer."""
    body, headers = sandbox.letter(event)
    return client.post(URL, data=body, headers=headers).status_code
