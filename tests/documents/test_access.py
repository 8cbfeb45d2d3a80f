"""Who may have a document of a day: every audience against everybody there is."""

from contextlib import AbstractContextManager
from datetime import date

import pytest
import sqlalchemy as sa

from eventsapp.accounts import queries as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.documents.access import can_read
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import DayDocument
from eventsapp.study_days.statuses import DocumentAudience
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("transaction")
RUNNING = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
OVER = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}


def _documents() -> dict[DocumentAudience, DayDocument]:
    """Return a document of each audience, of a day with one seat, Claude Roux's."""
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    made = {
        audience: DayDocument(
            study_day_id=day.id, title=audience, url=f"https://exemple.fr/{audience}", audience=audience, position=place
        )
        for place, audience in enumerate(DocumentAudience, start=1)
    }
    db.session.add_all(made.values())
    db.session.commit()
    return made


def _opened(person: User | None = None, seat: Registration | None = None) -> set[str]:
    """Return the audiences whose documents open to ``person``, as a request knows them."""
    db.session.expire_all()
    reader = accounts.by_email(person.email) if person else None
    documents = db.session.scalars(sa.select(DayDocument)).all()
    return {document.audience.value for document in documents if can_read(document, reader, seat=seat, now=NOW)}


def _seat() -> Registration:
    return db.session.scalars(sa.select(Registration)).one()


def test_anybody_has_what_is_everybodys_without_a_query(count_queries: AbstractContextManager[QueryCount]) -> None:
    documents = _documents()
    for document in documents.values():
        _ = document.audience, document.study_day_id, document.removed_at

    with count_queries as count:
        opened = {audience for audience, document in documents.items() if can_read(document, None, now=NOW)}

    assert opened == {DocumentAudience.PUBLIC}
    assert count() == 0


@pytest.mark.parametrize(
    ("contract", "opened"),
    [({}, {"public"}), (OVER, {"public"}), (RUNNING, {"public", "subscribers"})],
)
def test_a_reader_has_what_is_for_subscribers_while_a_subscription_runs(
    contract: dict[str, date], opened: set[str]
) -> None:
    _documents()
    reader = make_user(email="lecteur@exemple.fr")
    if contract:
        make_contract(email=reader.email, **contract)

    assert _opened(reader) == opened


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_a_confirmed_seat_opens_everything_and_no_other_does(status: RegistrationStatus) -> None:
    _documents()
    db.session.execute(sa.update(Registration).values(status=status))
    db.session.commit()
    all_of_them = {"public", "attendees", "subscribers"}
    expected = {"public"} if status in {RegistrationStatus.HELD, RegistrationStatus.CANCELLED} else all_of_them

    assert _opened(seat=_seat()) == expected
    assert _opened(make_user(email="Claude.Roux1@ville-exemple.fr")) == expected


def test_a_seat_of_another_day_or_one_without_a_name_opens_nothing() -> None:
    _documents()
    seat = _seat()
    other = make_study_day()
    place(seats(other, an_attendee(2)))
    elsewhere = db.session.scalars(sa.select(Registration).where(Registration.study_day_id == other.id)).one()

    assert _opened(seat=elsewhere) == {"public"}
    seat.named_at, seat.first_name, seat.last_name, seat.email = None, "", "", ""
    db.session.commit()
    assert _opened(seat=seat) == {"public"}


def test_the_team_has_all_and_somebody_shut_out_nothing_more_than_others() -> None:
    _documents()

    assert _opened(make_user(RoleName.EDITOR)) == {"public", "attendees", "subscribers"}
    assert _opened(make_user(RoleName.DOOR)) == {"public"}
    shut = make_user(RoleName.ORGANISER, email="claude.roux1@ville-exemple.fr")
    shut.active = False
    db.session.commit()
    assert _opened(shut) == {"public"}


def test_what_was_taken_away_is_nobodys() -> None:
    documents = _documents()
    for document in documents.values():
        document.removed_at = NOW
    db.session.commit()

    assert _opened(make_user(RoleName.ADMINISTRATOR), _seat()) == set()
