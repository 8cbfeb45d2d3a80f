"""Making, changing, copying and removing days."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit.models import AuditEntry
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.magazine.statuses import ArticleStatus
from eventsapp.places.models import City
from eventsapp.study_days import queries
from eventsapp.study_days import service as study_days
from eventsapp.study_days.errors import DayInUse, IllegalTransition, SoldOut
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import QuestionKind, SessionKind, StudyDayStatus
from eventsapp.study_days.values import Essentials, Particulars, Price, Slot, Talk
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.places import make_venue
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_city, make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.fixture
def organiser(transaction: None) -> User:
    """Who changes the days."""
    return make_user(RoleName.ORGANISER)


def _essentials(city: City, **values: Any) -> Essentials:
    given: dict[str, Any] = {
        "title": "Mutualiser", "city_id": city.id, "on": date(2027, 3, 11), "starts": time(9, 30),
        "ends": time(17), "capacity": 100,
    }  # fmt: skip
    return Essentials(**given | values)


def _full(slug: str) -> StudyDay:
    db.session.expire_all()
    day = queries.day_in_full(slug)
    assert day is not None
    return day


def _entries() -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_kind == "study_day")))


def test_a_new_day_is_a_draft_with_its_rates_and_programme(organiser: User) -> None:
    day = study_days.create_day(
        essentials=_essentials(make_city("Angers")),
        prices=[Price(name="Abonné", price_cents=54000, for_subscribers=True), Price(name="Élu", price_cents=39000)],
        slots=[Slot(title="Accueil", kind=SessionKind.BREAK, starts=time(9, 30)), Slot(title="Les finances")],
        actor=organiser,
        now=NOW,
    )

    made = _full(day.slug)
    assert (made.slug, made.status) == ("angers-2027", StudyDayStatus.DRAFT)
    assert made.starts_at == datetime(2027, 3, 11, 8, 30, tzinfo=UTC)
    assert made.registration_closes_at == datetime(2027, 3, 9, 11, tzinfo=UTC)
    assert [(rate.code, rate.position) for rate in made.rates] == [("abonne", 1), ("elu", 2)]
    assert [(session.position, session.title) for session in made.sessions] == [(1, "Accueil"), (2, "Les finances")]
    assert [entry.action for entry in _entries()] == ["study_days.create"]


def test_a_venue_brings_its_town_and_its_clock(organiser: User) -> None:
    venue = make_venue(make_city("Saint-Denis", timezone="Indian/Reunion"))

    day = study_days.create_day(
        essentials=_essentials(make_city("Paris"), venue_id=venue.id), prices=[], slots=[], actor=organiser, now=NOW
    )

    assert (day.city_id, day.timezone) == (venue.city_id, "Indian/Reunion")
    assert day.starts_at == datetime(2027, 3, 11, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"ends": time(9)}, "/ends"),
        ({"venue_id": 999_999}, "/venue"),
        ({"city_id": 999_999}, "/city"),
        ({"closes": datetime(2027, 3, 12, 9)}, "/closes"),  # noqa: DTZ001
    ],
)
def test_a_day_that_cannot_be_is_refused(organiser: User, values: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        study_days.create_day(
            essentials=_essentials(make_city(), **values), prices=[], slots=[], actor=organiser, now=NOW
        )

    assert list(refusal.value.errors) == [pointer]


def test_an_hour_that_the_clock_skips_is_refused(organiser: User) -> None:
    with pytest.raises(Invalid):
        study_days.create_day(
            essentials=_essentials(make_city(), on=date(2027, 3, 28), starts=time(2, 30)),
            prices=[],
            slots=[],
            actor=organiser,
            now=NOW,
        )


def test_the_second_of_two_editors_is_told_and_writes_nothing(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city).slug)
    study_days.edit_essentials(day, values=_essentials(city, title="La première"), version=1, actor=organiser, now=NOW)

    with pytest.raises(Conflict):
        study_days.edit_particulars(day, values=Particulars(audience="la seconde"), version=1, actor=organiser, now=NOW)

    assert _full(day.slug).title == "La première"
    assert _full(day.slug).audience == ""


def test_moving_a_day_moves_its_programme_at_the_same_hours(organiser: User) -> None:
    city = make_city()
    made = make_study_day(city=city, starts_at=datetime(2027, 3, 11, 8, 30, tzinfo=UTC))
    make_session(made, starts_at=datetime(2027, 3, 11, 9, tzinfo=UTC), ends_at=datetime(2027, 3, 11, 10, tzinfo=UTC))
    day = _full(made.slug)
    day.rates[0].available_until = datetime(2027, 2, 28, 23, tzinfo=UTC)

    study_days.edit_essentials(day, values=_essentials(city, on=date(2027, 4, 1)), version=1, actor=organiser, now=NOW)

    moved = _full(day.slug)
    assert moved.starts_at == datetime(2027, 4, 1, 7, 30, tzinfo=UTC)
    assert moved.held_on == date(2027, 4, 1)
    assert moved.sessions[0].starts_at == datetime(2027, 4, 1, 8, tzinfo=UTC)
    assert moved.rates[0].available_until == datetime(2027, 3, 21, 23, tzinfo=UTC)


def test_calendars_learn_of_what_they_show_and_of_nothing_else(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city, title="Mutualiser", starts_at=datetime(2027, 3, 11, 8, 30, tzinfo=UTC)).slug)
    day.ends_at = datetime(2027, 3, 11, 16, tzinfo=UTC)
    db.session.flush()

    study_days.edit_essentials(day, values=_essentials(city, capacity=90), version=1, actor=organiser, now=NOW)
    assert day.calendar_sequence == 0
    study_days.edit_essentials(day, values=_essentials(city, title="Autre"), version=2, actor=organiser, now=NOW)
    assert day.calendar_sequence == 1


def test_calendars_learn_nothing_of_drafts(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city, status=StudyDayStatus.DRAFT).slug)

    study_days.edit_essentials(day, values=_essentials(city, title="Autre"), version=1, actor=organiser, now=NOW)

    assert day.calendar_sequence == 0


def test_a_capacity_below_the_seats_sold_drops_nobody_and_sells_no_more(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city, capacity=50, seats_taken=45).slug)

    study_days.edit_essentials(day, values=_essentials(city, capacity=40), version=1, actor=organiser, now=NOW)
    db.session.flush()

    assert (day.capacity, day.seats_taken, day.overbooked) == (40, 45, 5)
    with pytest.raises(SoldOut):
        study_days.take_seats(day, count=1)
    study_days.edit_essentials(day, values=_essentials(city, capacity=60), version=2, actor=organiser, now=NOW)
    assert day.overbooked == 0


@pytest.mark.parametrize(("freed", "overbooked"), [(2, 3), (5, 0), (9, 0)])
def test_seats_given_back_are_overbooked_no_more(freed: int, overbooked: int) -> None:
    day = make_study_day(capacity=40, seats_taken=45, overbooked=5)

    with unit_of_work.transaction():
        study_days.free_seats(day.id, count=freed)

    day = _full(day.slug)
    assert (day.seats_taken, day.overbooked) == (45 - freed, overbooked)


def test_seats_taken_meanwhile_are_counted(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city, capacity=50, seats_taken=45).slug)
    db.session.execute(
        sa.update(StudyDay)
        .where(StudyDay.id == day.id)
        .values(seats_taken=47)
        .execution_options(synchronize_session=False)
    )

    study_days.edit_essentials(day, values=_essentials(city, capacity=40), version=1, actor=organiser, now=NOW)
    db.session.flush()

    assert day.overbooked == 7


def test_a_new_address_leaves_the_former_one_leading_to_the_day(organiser: User) -> None:
    day = _full(make_study_day(slug="ancienne", published_at=NOW).slug)

    study_days.give_address(day, slug="Nouvelle adresse", actor=organiser, now=NOW)
    db.session.flush()

    assert day.slug == "nouvelle-adresse"
    assert queries.former_day("ancienne") == "nouvelle-adresse"


def test_an_address_that_another_day_has_is_refused(organiser: User) -> None:
    make_study_day(slug="prise")
    day = _full(make_study_day().slug)

    with pytest.raises(Invalid):
        study_days.give_address(day, slug="prise", actor=organiser, now=NOW)
    with pytest.raises(Invalid):
        study_days.give_address(day, slug="nouvelle", actor=organiser, now=NOW)


def test_a_copy_moves_everything_across_summer_time_and_takes_no_registrations(organiser: User) -> None:
    made = make_study_day(
        slug="modele",
        city=make_city("Dijon"),
        starts_at=datetime(2027, 2, 24, 8, 30, tzinfo=UTC),
        registration_closes_at=datetime(2027, 2, 22, 11, tzinfo=UTC),
        seats_taken=30,
        practical="Parking gratuit",
    )
    make_session(
        made,
        speakers=[make_speaker("Anne Petit")],
        starts_at=datetime(2027, 2, 24, 9, tzinfo=UTC),
        ends_at=datetime(2027, 2, 24, 10, tzinfo=UTC),
    )
    make_question(made)
    make_question(made, "ancienne", retired_at=NOW)
    day = _full("modele")
    day.rates[1].available_until = datetime(2027, 2, 9, 23, tzinfo=UTC)

    copy = study_days.duplicate_day(day, on=date(2027, 6, 10), actor=organiser, now=NOW)

    made = _full(copy.slug)
    assert (made.slug, made.status, made.seats_taken) == ("dijon-2027", StudyDayStatus.DRAFT, 0)
    assert made.practical == "Parking gratuit"
    asked = queries.questions_of(made.id)
    assert [(each.code, each.kind, list(each.choices)) for each in asked] == [
        ("repas", QuestionKind.CHOICE, ["Végétarien", "Sans porc", "Tout"])
    ]
    assert made.local_start.time() == time(9, 30)
    assert made.starts_at == datetime(2027, 6, 10, 7, 30, tzinfo=UTC)
    assert made.registration_closes_at == datetime(2027, 6, 8, 10, tzinfo=UTC)
    assert made.sessions[0].starts_at == datetime(2027, 6, 10, 8, tzinfo=UTC)
    assert [talk.speaker.name for talk in made.sessions[0].interventions] == ["Anne Petit"]
    assert [rate.price_cents for rate in made.rates] == [54000, 62100, 39000]
    assert made.rates[1].available_until == datetime(2027, 5, 26, 22, tzinfo=UTC)


def test_a_draft_is_removed_with_all_it_has(organiser: User) -> None:
    made = make_study_day(slug="brouillon", status=StudyDayStatus.DRAFT)
    make_session(made)

    study_days.delete_draft(_full("brouillon"), actor=organiser, now=NOW)

    assert queries.day_in_full("brouillon") is None
    assert [entry.action for entry in _entries()] == ["study_days.delete"]


def test_what_visitors_saw_is_not_removed(organiser: User) -> None:
    with pytest.raises(IllegalTransition):
        study_days.delete_draft(_full(make_study_day().slug), actor=organiser, now=NOW)


def test_the_history_says_before_and_after(organiser: User) -> None:
    city = make_city()
    day = _full(make_study_day(city=city, title="Avant", status=StudyDayStatus.DRAFT).slug)

    study_days.edit_essentials(day, values=_essentials(city, title="Après"), version=1, actor=organiser, now=NOW)
    db.session.flush()

    assert _entries()[-1].changes["title"] == ["Avant", "Après"]
    assert _entries()[-1].actor_id == organiser.id


def test_a_speaker_typed_by_name_is_found_or_made(organiser: User) -> None:
    known = make_speaker("Élise Ménard")
    day = _full(make_study_day().slug)

    study_days.add_session(
        day,
        slot=Slot(title="Séance", talks=[Talk(name="elise menard"), Talk(name="Marc de La Tour", role="maire")]),
        version=1,
        actor=organiser,
        now=NOW,
    )

    talks = _full(day.slug).sessions[0].interventions
    assert [(talk.speaker.name, talk.role) for talk in talks] == [("Élise Ménard", ""), ("Marc de La Tour", "maire")]
    assert talks[0].speaker_id == known.id
    assert (talks[1].speaker.first_name, talks[1].speaker.last_name) == ("Marc", "de La Tour")


def test_in_use_is_said_when_something_points_at_a_draft(organiser: User) -> None:
    from_registrations = make_study_day(slug="avec", status=StudyDayStatus.DRAFT)
    make_article(study_day_id=from_registrations.id, status=ArticleStatus.DRAFT)

    with pytest.raises(DayInUse):
        study_days.delete_draft(_full("avec"), actor=organiser, now=NOW)

    assert queries.day_in_full("avec") is not None
