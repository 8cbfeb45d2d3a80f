"""Days with people at the door."""

from datetime import UTC, datetime, timedelta
from typing import Any

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.attendance import service
from eventsapp.attendance.values import Answer, Scan
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.registrations import queries
from eventsapp.registrations.models import Registration, RetiredTicket
from eventsapp.study_days.models import StudyDay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day

#: The day of the door: 9 in the morning in Angers, when people arrive.
ARRIVAL = datetime(2027, 2, 24, 8, 5, tzinfo=UTC)


def make_open_day(people: int = 1, **values: Any) -> StudyDay:
    """Make a day with one order for ``people``, Roux1 to RouxN."""
    day = make_study_day(**values)
    if people:
        place(seats(day, *(an_attendee(number) for number in range(1, people + 1))))
    return day


def door_of(day: StudyDay) -> str:
    """Return the address of the day's door."""
    return f"/organisation/journees/{day.slug}/accueil/"


def kept_scan(key: str, **values: Any) -> dict[str, Any]:
    """Return a scan as a phone hands it over."""
    return {"key": key, "code": "", "seat": None, "at": ARRIVAL.isoformat(), "device": "Porte A"} | values


def seats_of(day: StudyDay) -> list[Registration]:
    """Return the seats of the day by name."""
    return list(queries.of_day(day.id))


def codes_of(day: StudyDay) -> list[str]:
    """Return the tickets of the day by name."""
    return [seat.ticket_code for seat in seats_of(day)]


def make_door() -> User:
    """Make somebody who stands at the door."""
    return make_user(RoleName.DOOR)


def scan(day: StudyDay, code: str, *, by: User, now: datetime = ARRIVAL, **values: Any) -> Answer:
    """Show a ticket at the door, in a transaction of its own."""
    with unit_of_work.transaction():
        return service.check_in(Scan(code=code, **values), day=db.session.merge(day), by=by, now=now)


def retire(seat: Registration, *, code: str, reason: str = "remplacé par Alix Petit le 12 janvier 2027") -> None:
    """Replace the ticket ``code`` of a seat by the one that it has."""
    retired_at = ARRIVAL - timedelta(days=3)
    db.session.add(RetiredTicket(code=code, registration_id=seat.id, retired_at=retired_at, reason=reason))
    db.session.commit()
