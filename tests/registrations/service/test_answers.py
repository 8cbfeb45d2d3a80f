"""Keeping answers, giving them up with the person, and erasing the sensitive ones in time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.orders.models import Order
from eventsapp.registrations import queries, tasks
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Answer
from eventsapp.registrations.service import Replies
from eventsapp.registrations.statuses import NamedBy
from eventsapp.study_days.models import Question, StudyDay
from eventsapp.study_days.statuses import QuestionKind, QuestionScope
from tests.registrations.looking import a_person, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def answered(day: StudyDay, *meals: str) -> Order:
    return place(seats(day, *(an_attendee(n, answers={"repas": meal}) for n, meal in enumerate(meals, start=1))))


def values(order: Order) -> dict[str, object]:
    return dict(queries.values_of_seat(seat_of(order).id))


def test_an_order_by_program_is_refused_with_pointers(app: object) -> None:
    day = make_study_day()
    make_question(day, required=True)
    make_question(day, "origine", kind=QuestionKind.TEXT, scope=QuestionScope.ORDER, required=True, position=2)

    with pytest.raises(Invalid) as refused:
        place(seats(day, an_attendee(1, answers={"a/b~c": "x", "repas": ["Tout"]})))

    assert set(refused.value.errors) == {
        "/items/0/answers/origine",
        "/items/0/attendees/0/answers/a~1b~0c",
        "/items/0/attendees/0/answers/repas",
    }


@pytest.mark.parametrize("value", [1, 1.5, {"a": 1}, ["Tout"], [["Tout"]], True])
def test_a_choice_is_one_text(value: object) -> None:
    day = make_study_day()
    make_question(day)

    with pytest.raises(Invalid):
        place(seats(day, an_attendee(1, answers={"repas": value})))


@pytest.mark.parametrize("value", [1.5, True, "1.5", 10**10, -1, []])
def test_a_number_is_whole_and_plausible(value: object) -> None:
    day = make_study_day()
    make_question(day, "annees", kind=QuestionKind.NUMBER, required=True)

    with pytest.raises(Invalid):
        place(seats(day, an_attendee(1, answers={"annees": value})))


def test_who_names_the_seat_answers_and_a_required_answer_must_be_given() -> None:
    day = make_study_day()
    question = make_question(day, required=True)
    order = place(seats(day, unnamed()))

    def name(answers: dict[str, object]) -> None:
        with unit_of_work.transaction():
            registrations.name_seat(
                seat_of(order),
                person=a_person(),
                by=NamedBy.SELF,
                replies=Replies(asked=[question], answers=answers),
                now=NOW,
            )

    with pytest.raises(Invalid) as refused:
        name({})
    assert set(refused.value.errors) == {"/answers/repas"}
    name({"repas": "Sans porc"})
    assert values(order) == {"repas": "Sans porc"}


def test_the_former_persons_answers_go_with_them_and_a_correction_keeps_what_was_not_asked() -> None:
    day = make_study_day()
    meal, needs = make_question(day), make_question(day, "besoin", kind=QuestionKind.TEXT, position=2, sensitive=True)
    order = place(seats(day, an_attendee(1, answers={"repas": "Tout", "besoin": "Une rampe"})))

    with unit_of_work.transaction():
        registrations.correct_seat(
            seat_of(order),
            person=a_person(),
            by=NamedBy.OFFICE,
            replies=Replies(asked=[meal], answers={"repas": "Végétarien"}),
            now=NOW,
        )
    assert values(order) == {"repas": "Végétarien", "besoin": "Une rampe"}

    with unit_of_work.transaction():
        registrations.substitute(seat_of(order), person=a_person(2), by=NamedBy.BUYER, now=NOW)
    assert values(order) == {}
    assert needs.sensitive


def test_answers_are_counted_for_those_who_have_a_seat() -> None:
    day = make_study_day()
    question = make_question(day, kind=QuestionKind.CHOICES)
    years = make_question(day, "annees", kind=QuestionKind.NUMBER, position=2)
    place(
        seats(
            day,
            an_attendee(1, answers={"repas": ["Végétarien", "Sans porc"], "annees": 3}),
            an_attendee(2, answers={"repas": ["Végétarien"], "annees": 3}),
            an_attendee(3, answers={"annees": 4}),
        )
    )
    gone = place(seats(day, an_attendee(4, answers={"repas": ["Tout"]})))
    with unit_of_work.transaction():
        registrations.release(gone.id, now=NOW)

    meals, numbers = queries.answer_counts([question, years])

    assert (meals.answered, list(meals.options)) == (2, [("Végétarien", 2), ("Sans porc", 1)])
    assert (numbers.answered, numbers.total) == (3, 10)


def test_sensitive_answers_are_erased_once_after_their_days() -> None:
    day = make_study_day()
    make_question(day, sensitive=True, keep_days=30)
    make_question(day, "licence", kind=QuestionKind.TEXT, position=2)
    order = place(seats(day, an_attendee(1, answers={"repas": "Tout", "licence": "A12"})))

    def erase(after: timedelta) -> int:
        with unit_of_work.transaction():
            return registrations.erase_due(now=day.ends_at + after)

    assert erase(timedelta(days=30) - timedelta(seconds=1)) == 0
    assert erase(timedelta(days=30)) == 1
    assert erase(timedelta(days=31)) == 0
    assert values(order) == {"licence": "A12"}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Answer)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 2


def test_the_sweep_erases_by_the_clock() -> None:
    day = make_study_day(starts_at=NOW + timedelta(days=20))
    make_question(day, sensitive=True, keep_days=0)
    answered(day, "Tout", "Sans porc")

    assert tasks.erase_answers() == 0


def test_what_people_need_is_erased_once_thirty_days_after_the_day() -> None:
    day, later = make_study_day(), make_study_day(slug="apres", starts_at=NOW + timedelta(days=300))
    order = place(seats(day, an_attendee(1, access_needs="Une rampe"), an_attendee(2)))
    kept = place(seats(later, an_attendee(3, access_needs="Une boucle magnétique")))

    def erase(after: timedelta) -> int:
        with unit_of_work.transaction():
            return registrations.erase_due(now=day.ends_at + after)

    assert erase(timedelta(days=30) - timedelta(seconds=1)) == 0
    assert seat_of(order).access_needs == "Une rampe"
    assert erase(timedelta(days=30)) == 1
    assert erase(timedelta(days=31)) == 0
    assert seat_of(order).access_needs == ""
    assert seat_of(kept).access_needs == "Une boucle magnétique"
