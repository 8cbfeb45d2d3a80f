"""It is the morning of the day: the doors are open."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.makers.attendance import ARRIVAL


@pytest.fixture(autouse=True)
def this_morning() -> Iterator[None]:
    """Let it be the moment when people arrive."""
    with time_machine.travel(ARRIVAL, tick=False):
        yield
