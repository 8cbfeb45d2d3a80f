"""The application that takes the seats of a basket in the basket's order, for control runs: baskets that cross wait."""

import time
from collections.abc import Iterable
from typing import Any

from eventsapp.checkout.service import _place
from eventsapp.factory import create_app
from eventsapp.study_days import service
from eventsapp.study_days.models import StudyDay

_take_seats = service.take_seats


def as_they_came(values: Iterable[Any], **_order: Any) -> list[Any]:
    """Stand in for ``sorted``."""
    return list(values)


def take_seats_slowly(day: StudyDay, *, count: int) -> None:
    """Take them, and leave another the time to take those of the other day."""
    _take_seats(day, count=count)
    time.sleep(0.05)


_place.sorted = as_they_came  # type: ignore[attr-defined]
service.take_seats = take_seats_slowly
app = create_app()
