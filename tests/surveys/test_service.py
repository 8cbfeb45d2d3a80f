"""One answer a seat, from who came, while it is open; then nobody's."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.surveys import queries, rules, service
from eventsapp.surveys.errors import SurveyClosed
from eventsapp.surveys.models import SurveyReply
from eventsapp.surveys.statuses import SurveyKind
from eventsapp.surveys.values import SurveyQuestion
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.study_days import NOW
from tests.surveys.looking import a_day, answer

IN_PLACE = pytest.mark.usefixtures("transaction")
pytestmark = pytest.mark.usefixtures("frozen")


def replies() -> list[dict[str, str]]:
    return list(db.session.scalars(sa.select(SurveyReply.answers).order_by(SurveyReply.id)))


@IN_PLACE
def test_an_answer_is_kept_once_and_changed_until_it_closes() -> None:
    day, (seat_id,), after = a_day()

    answer(seat_id, after, overall="4", keep="Les chiffres.")
    answer(seat_id, after + timedelta(days=20), overall="5")

    assert replies() == [{"overall": "5"}]
    assert queries.reply_of(seat_id) == {"overall": "5"}
    with pytest.raises(SurveyClosed):
        answer(seat_id, day.ends_at + rules.OPEN_FOR, overall="1")
    assert replies() == [{"overall": "5"}]


@IN_PLACE
@pytest.mark.parametrize("status", list(RegistrationStatus))
@pytest.mark.parametrize("noted", [True, False])
def test_only_who_came_answers_and_everybody_where_nothing_was_noted(
    status: RegistrationStatus, *, noted: bool
) -> None:
    _day, (seat_id, other), after = a_day(people=2)
    db.session.execute(sa.update(Registration).where(Registration.id == seat_id).values(status=status))
    if noted:
        db.session.execute(
            sa.update(Registration).where(Registration.id == other).values(status=RegistrationStatus.ATTENDED)
        )
    db.session.commit()
    may = status is RegistrationStatus.ATTENDED or (status is RegistrationStatus.CONFIRMED and not noted)

    if may:
        answer(seat_id, after, overall="4")
    else:
        with pytest.raises(SurveyClosed):
            answer(seat_id, after, overall="4")

    assert len(replies()) == may


@IN_PLACE
@pytest.mark.parametrize("why", ["too early", "switched off", "day cancelled", "nothing asked"])
def test_it_is_closed_before_the_end_and_where_it_is_switched_off(why: str) -> None:
    day, (seat_id,), after = a_day()
    actor = make_user(RoleName.ORGANISER)
    if why == "day cancelled":
        day.status = StudyDayStatus.CANCELLED
    elif why == "switched off":
        service.save_survey(day, enabled=False, questions=rules.STANDARD, actor=actor, now=NOW)
    elif why == "nothing asked":
        service.save_survey(day, enabled=True, questions=[], actor=actor, now=NOW)
    when = day.ends_at - timedelta(seconds=1) if why == "too early" else after
    db.session.commit()

    with pytest.raises(SurveyClosed):
        answer(seat_id, when, overall="4")


@IN_PLACE
def test_a_wrong_answer_keeps_the_former_one() -> None:
    _day, (seat_id,), after = a_day()
    answer(seat_id, after, overall="4")

    with pytest.raises(Invalid) as refusal:
        answer(seat_id, after, overall="9")

    assert list(refusal.value.errors) == ["/answers/overall"]
    assert replies() == [{"overall": "4"}]


@IN_PLACE
def test_once_it_is_closed_nothing_tells_whose_an_answer_is() -> None:
    day, seat_keys, after = a_day(people=3)
    for seat_id in seat_keys:
        answer(seat_id, after, overall="4")
    closes = day.ends_at + rules.OPEN_FOR

    counts = []
    for moment in (closes - timedelta(seconds=1), closes, closes):
        with unit_of_work.transaction():
            counts.append(service.forget_whose(now=moment))

    assert counts == [0, 3, 0]
    assert db.session.scalars(sa.select(SurveyReply.registration_id)).all() == [None] * 3
    assert queries.results(day.id).replies == 3


@IN_PLACE
def test_too_many_questions_are_refused() -> None:
    day, _seats, _after = a_day()
    questions = [
        SurveyQuestion(code=str(number), kind=SurveyKind.MARK, label="?") for number in range(rules.MOST_QUESTIONS + 1)
    ]

    with pytest.raises(Invalid):
        service.save_survey(day, enabled=True, questions=questions, actor=make_user(RoleName.ORGANISER), now=NOW)


def test_pressed_twice_at_the_same_moment_it_is_one_answer(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            _day, (seat_id,), after = a_day()
            db.session.remove()

        at_once(app, *[partial(answer, seat_id, after, overall="4")] * 4)

        with app.app_context():
            assert replies() == [{"overall": "4"}]
            db.session.remove()
