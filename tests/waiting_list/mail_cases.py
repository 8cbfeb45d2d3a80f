"""What sends each mail of the waiting list, for the texts kept in ``tests/mail/texts``."""

from collections.abc import Callable
from datetime import date, timedelta

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.places.models import City
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import service as days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import service
from eventsapp.waiting_list.models import WaitingEntry
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.support.makers.waiting_list import a_wish, make_entry, make_full_day


def _full_day() -> StudyDay:
    city = City(slug="angers", name="Angers", latitude=47.47, longitude=-0.55)
    return make_full_day(slug="angers", title="Mutualiser : mais quoi ?", city=city)


def _join(seats: int = 1, *, locale: str = "fr") -> WaitingEntry:
    day = _full_day()
    make_entry(day, 2)
    wish = a_wish(seats, first_name="Claude", last_name="Roux", email="claude.roux@exemple.fr")
    with unit_of_work.transaction():
        return service.join(day, wish, locale=locale, now=NOW)[0]


def _again() -> None:
    _join()
    wish = a_wish(email="claude.roux@exemple.fr")
    day = study_days.any_day("angers")
    assert day is not None
    with unit_of_work.transaction():
        service.join(day, wish, now=NOW)


def _offered(seats: int = 1, *, locale: str = "fr") -> WaitingEntry:
    entry = _join(seats, locale=locale)
    with unit_of_work.transaction():
        days.free_seats(entry.study_day_id, count=2 + seats)
        service.serve(entry.study_day_id, now=NOW)
    return entry


def _lapsed() -> None:
    day_id = _offered().study_day_id
    with unit_of_work.transaction():
        service.tend(day_id, now=NOW + timedelta(days=2))


def _closed() -> None:
    day_id = _join().study_day_id
    with unit_of_work.transaction():
        service.tend(day_id, now=NOW + timedelta(days=92))


def _removed() -> None:
    entry = _join()
    actor = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        service.remove(entry, reason="À sa demande", actor=actor, now=NOW)


def _called_off() -> None:
    _join()
    day, actor = study_days.day_in_full("angers"), make_user(RoleName.ORGANISER)
    assert day is not None
    with unit_of_work.transaction():
        checkout.cancel_day(day, note="La salle est fermée.", actor=actor, now=NOW)


def _postponed(*, offered: bool) -> None:
    if offered:
        _offered()
    else:
        _join()
    day, actor = study_days.day_in_full("angers"), make_user(RoleName.ORGANISER)
    assert day is not None
    with unit_of_work.transaction():
        checkout.postpone_day(day, to=date(2027, 3, 24), note="", reopen=False, actor=actor, now=NOW)


#: Name of the text → template, and what sends it.
CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "waiting_joined": ("waiting_list/joined", lambda: _join(3)),
    "waiting_joined_en": ("waiting_list/joined", lambda: _join(locale="en")),
    "waiting_joined_again": ("waiting_list/joined", _again),
    "waiting_offered": ("waiting_list/offered", _offered),
    "waiting_offered_group": ("waiting_list/offered", lambda: _offered(3)),
    "waiting_offered_en": ("waiting_list/offered", lambda: _offered(3, locale="en")),
    "waiting_lapsed": ("waiting_list/lapsed", _lapsed),
    "waiting_ended_called_off": ("waiting_list/ended", _called_off),
    "waiting_ended_closed": ("waiting_list/ended", _closed),
    "waiting_ended_removed": ("waiting_list/ended", _removed),
    "waiting_postponed": ("waiting_list/postponed", lambda: _postponed(offered=False)),
    "waiting_postponed_offered": ("waiting_list/postponed", lambda: _postponed(offered=True)),
}
