"""Programs ask on the day that the makers have in mind."""

from collections.abc import Iterator

import pytest
import time_machine

from eventsapp.core.limits import limiter
from tests.support.makers.study_days import NOW


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Let it be the day of the makers."""
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def unlimited() -> Iterator[None]:
    """Let one address ask as often as it likes."""
    limiter.enabled = False
    yield
    limiter.enabled = True
