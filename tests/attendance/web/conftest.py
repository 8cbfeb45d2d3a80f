"""It is the morning of the day: the doors are open."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.attendance import ARRIVAL


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    """Let it be the moment when people arrive."""
    with time_machine.travel(ARRIVAL, tick=False):
        yield


@pytest.fixture
def phone(client: FlaskClient) -> FlaskClient:
    """The phone of somebody who stands at the door."""
    sign_in(client, make_user(RoleName.DOOR))
    return client
