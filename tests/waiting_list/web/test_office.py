"""The waiting list of a day in the office."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail import queries as mails
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import queries, service
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.statuses import EntryStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.study_days import NOW
from tests.support.makers.waiting_list import make_entry, make_full_day
from tests.support.pages import Page
from tests.support.queries import counting_queries

REASON = {"reason": "Convention avec la métropole"}

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


def address(day: StudyDay, entry: WaitingEntry | None = None, action: str = "") -> str:
    base = f"/organisation/journees/{day.slug}/liste-d-attente/"
    return base + (f"{entry.id}/" if entry else "") + (f"{action}/" if action else "")


def free(day: StudyDay, count: int = 1) -> None:
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=count)
        service.serve(day.id, now=NOW)


def history(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


@pytest.mark.parametrize("groups", [2, 5])
def test_the_list_shows_who_waits_and_what_is_offered_in_as_many_queries(office: FlaskClient, groups: int) -> None:
    day = make_full_day()
    make_entry(day, 3, organisation="Communauté du Port")
    for _ in range(groups):
        make_entry(day)
    free(day)

    with counting_queries() as count:
        page = office.get(address(day)).text

    assert "Communauté du Port" in page
    assert "Place proposée" in page
    assert "encore 48" in page
    assert count() == 7


def test_the_list_is_a_file_too(office: FlaskClient) -> None:
    day = make_full_day()
    make_entry(day, 3, organisation="Communauté du Port", phone="01 23 45 67 89")

    text = office.get(f"{address(day)}?format=csv").text

    assert "Communauté du Port" in text
    assert "01 23 45 67 89" in text


def test_moving_up_takes_a_reason_that_the_history_keeps(office: FlaskClient) -> None:
    day = make_full_day()
    first, second = make_entry(day), make_entry(day)

    assert office.post(address(day, second, "monter")).status_code == 422
    assert queries.place_of(second).position == 2
    assert office.post(address(day, second, "monter"), data=REASON).status_code == 303

    assert (queries.place_of(second).position, queries.place_of(first).position) == (1, 2)
    (line,) = history("waiting_list.move")
    assert line.changes == {"position": [2, 1], "reason": REASON["reason"], "passes": first.name}
    assert REASON["reason"] in office.get(address(day, second)).text

    assert office.post(address(day, second, "descendre"), data=REASON).status_code == 303
    assert queries.place_of(second).position == 2


def test_the_first_cannot_move_up(office: FlaskClient) -> None:
    day = make_full_day()
    only = make_entry(day)

    assert office.post(address(day, only, "monter"), data=REASON).status_code == 303

    assert history("waiting_list.move") == []


def test_removing_tells_the_group_and_serves_the_next(office: FlaskClient) -> None:
    day = make_full_day()
    first, second = make_entry(day), make_entry(day)
    free(day)

    assert office.post(address(day, first, "retirer"), data=REASON).status_code == 303

    assert (first.status, second.status) == (EntryStatus.REMOVED, EntryStatus.OFFERED)
    assert "ended" in [mail.template.rpartition("/")[2] for mail in mails.mails_about("waiting_entry", first.id)]
    assert history("waiting_list.remove")[0].changes == REASON
    assert office.post(address(day, first, "retirer"), data=REASON).status_code == 409


def test_an_offer_by_hand_takes_free_seats(office: FlaskClient) -> None:
    day = make_full_day()
    entry = make_entry(day, 2)
    refused = office.post(address(day, entry, "proposer"), data=REASON)
    assert refused.status_code == 409
    assert "pas assez de places libres" in refused.text
    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=2)

    assert office.post(address(day, entry, "proposer"), data=REASON).status_code == 303

    assert (entry.status, db.session.get_one(StudyDay, day.id).seats_taken) == (EntryStatus.OFFERED, 10)


def test_more_seats_go_to_the_list_first(office: FlaskClient) -> None:
    day = make_full_day()
    entry = make_entry(day, 2)
    form = Page(office.get(f"/organisation/journees/{day.slug}/").text).fields

    answer = office.post(f"/organisation/journees/{day.slug}/", data=form | {"capacity": "12"})

    assert answer.status_code == 303, answer.text
    assert entry.status is EntryStatus.OFFERED
    assert db.session.get_one(StudyDay, day.id).seats_taken == 12


def test_fewer_seats_than_sold_drop_nobody_and_stop_the_offers(office: FlaskClient) -> None:
    day = make_full_day(capacity=50, taken=45)
    group = make_entry(day, 6)
    editor = f"/organisation/journees/{day.slug}/"
    form = Page(office.get(editor).text).fields
    # What the request writes is not to be undone with what the test has read.
    db.session.commit()
    office.post(editor, data=form | {"capacity": "40"})

    page = office.get(address(day)).text

    assert "Surbooké de 5 places" in page
    free(day, 4)
    found = db.session.get_one(StudyDay, day.id)
    assert (found.seats_taken, found.overbooked, group.status) == (41, 1, EntryStatus.WAITING)
