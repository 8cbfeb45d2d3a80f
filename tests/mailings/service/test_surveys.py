"""Those who came are asked what they thought, once, from nine on the day after, whatever the worker does."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.mailings import service
from eventsapp.mailings.models import MailingSince, ReminderSent
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.surveys import rules as surveys
from eventsapp.surveys.service import save_survey
from tests.mailings.looking import sent
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.surveys.looking import a_day, answer

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")
#: Nine o'clock in the town, on the day after the days that are made.
NINE = datetime(2027, 2, 25, 8, tzinfo=UTC)


@IN_PLACE
def test_the_link_goes_at_nine_on_the_day_after_and_once() -> None:
    day, _seats, _after = a_day(people=2)
    looks = (day.ends_at, NINE - timedelta(seconds=1), NINE, NINE, NINE + timedelta(days=1))

    assert [service.ask_opinions(now=look) for look in looks] == [0, 0, 2, 0, 0]

    secret = db.session.scalars(sa.select(Registration.secret).order_by(Registration.id)).first()
    mail = sent("survey")[0]
    assert f"/inscriptions/{secret}/questionnaire/" in mail.text
    assert (mail.study_day_id, mail.to_address) == (day.id, "claude.roux1@ville-exemple.fr")


@IN_PLACE
def test_a_worker_that_stood_still_for_three_days_catches_up() -> None:
    a_day()

    assert service.ask_opinions(now=NINE + timedelta(days=3)) == 1
    assert service.ask_opinions(now=NINE + timedelta(days=3)) == 0


@IN_PLACE
@pytest.mark.parametrize(("hours", "asked"), [(-1, 1), (1, 0)])
def test_a_day_that_was_over_when_the_site_began_to_ask_is_no_news(hours: int, asked: int) -> None:
    day, _seats, _after = a_day()
    db.session.add(MailingSince(kind=ReminderKind.SURVEY, since=day.ends_at + timedelta(hours=hours)))
    db.session.commit()

    assert service.ask_opinions(now=NINE) == asked


@IN_PLACE
def test_nobody_is_asked_once_it_is_closed() -> None:
    day, _seats, _after = a_day()

    assert service.ask_opinions(now=day.ends_at + surveys.OPEN_FOR) == 0


@IN_PLACE
def test_only_those_who_came_are_asked_and_not_who_answered_already() -> None:
    _day, seats, _after = a_day(people=4)
    statuses = (RegistrationStatus.ATTENDED, RegistrationStatus.ABSENT, RegistrationStatus.CONFIRMED)
    for seat_id, status in zip(seats, (*statuses, RegistrationStatus.ATTENDED), strict=True):
        db.session.execute(sa.update(Registration).where(Registration.id == seat_id).values(status=status))
    db.session.commit()
    answer(seats[3], NINE - timedelta(hours=2), overall="5")

    service.ask_opinions(now=NINE)

    assert [mail.to_address for mail in sent("survey")] == ["claude.roux1@ville-exemple.fr"]


@IN_PLACE
def test_a_day_that_switched_it_off_asks_nobody() -> None:
    day, _seats, _after = a_day()
    save_survey(day, enabled=False, questions=surveys.STANDARD, actor=make_user(RoleName.ORGANISER), now=NOW)
    db.session.commit()

    assert service.ask_opinions(now=NINE) == 0


@IN_PLACE
def test_who_wants_no_more_messages_is_not_asked() -> None:
    a_day()
    service.ask_opinions(now=NINE)
    token = sent("survey")[0].unsubscribe_url.rstrip("/").rsplit("/", 1)[1]
    assert service.read_token(token) == "claude.roux1@ville-exemple.fr"
    service.refuse(token, now=NINE)
    db.session.commit()
    _other, _seats, _after = a_day()

    assert service.ask_opinions(now=NINE) == 0
    assert db.session.scalar(sa.select(sa.func.count(ReminderSent.id))) == 2


def test_two_workers_ask_each_person_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            a_day(people=6)
            db.session.remove()

        counts = at_once(app, *[partial(service.ask_opinions, now=NINE)] * 3)

        with app.app_context():
            assert (sum(counts), len(sent("survey"))) == (6, 6)
            db.session.remove()
