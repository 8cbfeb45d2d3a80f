"""Members of the team at their desks."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from tests.support.makers.accounts import make_user, sign_in


@pytest.fixture
def editor(client: FlaskClient) -> FlaskClient:
    """Somebody of the newsroom, signed in."""
    sign_in(client, make_user(RoleName.EDITOR))
    return client


@pytest.fixture
def organiser(client: FlaskClient) -> FlaskClient:
    """Somebody who organises the days, signed in."""
    sign_in(client, make_user(RoleName.ORGANISER))
    return client
