"""Groups that wait for seats, as they join by themselves."""

from datetime import datetime
from itertools import count
from typing import Any

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.values import Wish
from tests.support.makers.study_days import NOW, make_study_day

_numbers = count(1)


def a_wish(seats: int = 1, **values: Any) -> Wish:
    number = next(_numbers)
    given: dict[str, Any] = {
        "first_name": "Dominique",
        "last_name": f"Attend{number}",
        "email": f"attend{number}@ville-exemple.fr",
        "seats": seats,
        "rate_code": "standard",
    }
    return Wish(**given | values)


def make_full_day(*, capacity: int = 10, taken: int | None = None, **values: Any) -> StudyDay:
    """Make a day whose seats somebody has: by number only, nobody is behind them."""
    return make_study_day(capacity=capacity, seats_taken=capacity if taken is None else taken, **values)


def make_entry(day: StudyDay, seats: int = 1, *, now: datetime = NOW, **values: Any) -> WaitingEntry:
    """Let a group join the list of ``day``."""
    with unit_of_work.transaction():
        entry, _joined = service.join(day, a_wish(seats, **values), now=now)
        key = entry.id
    return db.session.get_one(WaitingEntry, key)
