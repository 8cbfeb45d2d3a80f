"""Orders by program."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.makers.api import key

ORDERS = "/api/v1/orders"


def post(client: FlaskClient, body: Any, headers: dict[str, str] | None = None) -> TestResponse:
    """Send an order, under the usual key unless said otherwise."""
    return client.post(ORDERS, json=body, headers=key() if headers is None else headers)


def secret_of(answer: TestResponse) -> str:
    """Return the secret of an order just placed."""
    return str(answer.get_json()["order_url"].rstrip("/").rsplit("/", 1)[1])
