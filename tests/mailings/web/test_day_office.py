"""The messages of one day, and its reminders."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.mailings import queries, service
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from tests.mailings.looking import GONE, make_mailing, plan, to_day
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day

pytestmark = pytest.mark.usefixtures("frozen")


@pytest.fixture
def office(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ORGANISER))
    return client


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    return make_study_day(city=make_city("Angers"))


def address(day: StudyDay, action: str = "") -> str:
    return f"/organisation/journees/{day.slug}/messages/" + (f"{action}/" if action else "")


def test_all_that_was_written_about_a_day_is_on_one_page(office: FlaskClient, day: StudyDay) -> None:
    other = make_study_day()
    place(seats(day, an_attendee(1)), seats(other, an_attendee(8)))
    place(seats(other, an_attendee(9)))
    plan(make_mailing(to_day(day)))
    service.send_due(clock=lambda: GONE)
    service.remind_due(now=day.starts_at - timedelta(days=6))
    actor, slug = make_user(RoleName.ORGANISER), day.slug
    with unit_of_work.transaction():
        found = study_days.day_in_full(slug)
        assert found is not None
        checkout.postpone_day(found, to=None, note="", reopen=False, actor=actor, now=NOW)

    page = office.get(address(day)).text

    for told in ("Message", "Rappel", "Report", "Changement de salle à Angers", "claude.roux1@ville-exemple.fr"):
        assert told in page
    assert "claude.roux8@" not in page
    assert "claude.roux9@" not in page
    reminders = office.get(address(day) + "?etat=rappels").text
    assert "Votre journée approche" in reminders
    assert "Changement de salle" not in reminders
    assert 'href="' + address(day) in office.get(f"/organisation/journees/{day.slug}/").text


def test_reminders_are_switched_and_worded(office: FlaskClient, day: StudyDay) -> None:
    page = office.get(address(day, "rappels")).text
    assert page.count("checked") == 3

    answer = office.post(address(day, "rappels"), data={"eve_on": "y", "eve_text": "Bonjour {prenom}."})

    assert answer.status_code == 303
    kept = queries.reminder_settings(day.id)
    assert {kind: (row.enabled, row.text) for kind, row in kept.items()} == {
        ReminderKind.WEEK: (False, ""),
        ReminderKind.EVE: (True, "Bonjour {prenom}."),
        ReminderKind.REPORTS: (False, ""),
    }
    assert "Une semaine avant\u00a0: non" in office.get(address(day)).text.replace("\u202f", "\u00a0")


def test_words_that_nothing_fills_are_refused_beside_their_field(office: FlaskClient, day: StudyDay) -> None:
    answer = office.post(address(day, "rappels"), data={"week_on": "y", "week_text": "{{7*7}}"})

    assert answer.status_code == 422
    assert 'id="week_text-error"' in answer.text
    assert queries.reminder_settings(day.id) == {}
