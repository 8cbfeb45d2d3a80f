"""A message that Stripe did not sign is a matter of security: the log says so, and from where it came."""

import logging
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from eventsapp.demo.sandbox import RunningSandbox
from tests.support.messages import URL

LOGGER = "eventsapp.payments.web.webhook"


@pytest.mark.parametrize("signature", ["", "t=1,v1=00", "v0=00"])
def test_a_forged_message_is_logged_with_its_address(
    client: FlaskClient, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture, signature: str
) -> None:
    secret = "nobody-should-read-this"
    with caplog.at_level(logging.WARNING, LOGGER):
        answer = client.post(
            URL,
            data=f'{{"id": "{secret}"}}',
            headers={"Stripe-Signature": signature},
            environ_base={"REMOTE_ADDR": "203.0.113.7"},
        )

    assert answer.status_code == 400
    said = [(record.levelname, record.getMessage()) for record in caplog.records if record.name == LOGGER]
    assert said == [("WARNING", "a message that Stripe did not sign, from 203.0.113.7")]
    assert secret not in caplog.text


def test_a_message_that_stripe_signed_is_not(
    client: FlaskClient, sandbox: RunningSandbox, caplog: pytest.LogCaptureFixture
) -> None:
    event = {"id": "evt_1", "object": "event", "type": "ping", "livemode": False, "created": 1,
             "data": {"object": {"id": "x", "object": "balance"}}}  # fmt: skip
    body, headers = sandbox.letter(event | {"created": int(datetime.now(UTC).timestamp())})

    with caplog.at_level(logging.WARNING, LOGGER):
        assert client.post(URL, data=body, headers=headers).status_code == 200

    assert [record for record in caplog.records if record.name == LOGGER] == []
