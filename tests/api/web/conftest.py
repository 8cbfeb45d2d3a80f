"""Programs ask on the day that the makers have in mind."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.support.makers.study_days import NOW


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    """Let it be the day of the makers."""
    with time_machine.travel(NOW, tick=True):
        yield
