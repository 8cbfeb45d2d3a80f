"""Reading days."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventsapp.core.db import db
from eventsapp.places.models import City
from eventsapp.study_days import queries
from eventsapp.study_days.models import Intervention, Theme
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.study_days.values import DayFilters, When
from tests.support.makers.study_days import (
    NOW,
    make_city,
    make_session,
    make_speaker,
    make_study_day,
    make_theme,
)

pytestmark = pytest.mark.usefixtures("transaction")


def count(filters: DayFilters) -> int:
    return queries.day_list(filters, now=NOW, page=1, size=1).total


def make_days() -> tuple[list[str], list[str]]:
    """Make thirty days, past and coming, in three towns, of three themes, some full, closed, cancelled or drafts."""
    cities, themes = [make_city() for _ in range(3)], [make_theme() for _ in range(2)]
    statuses = [StudyDayStatus.PUBLISHED] * 4 + [StudyDayStatus.CANCELLED, StudyDayStatus.DRAFT]
    for number in range(30):
        make_study_day(
            rates={},
            city_id=cities[number % 3].id,
            theme_id=[*(theme.id for theme in themes), None][number % 3 if number % 2 else 2],
            starts_at=NOW + timedelta(days=number * 13 - 150, hours=number),
            status=statuses[number % 6],
            seats_taken=100 if number % 5 == 0 else 0,
        )
    return [city.slug for city in cities], [theme.slug for theme in themes]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    when=st.sampled_from([When.UPCOMING, When.PAST]),
    city=st.integers(-1, 2),
    theme=st.integers(-1, 1),
    first=st.none() | st.dates(date(2026, 6, 1), date(2027, 12, 1)),
    last=st.none() | st.dates(date(2026, 6, 1), date(2027, 12, 1)),
    open_seats=st.booleans(),
)
def test_what_is_counted_around_a_list_is_what_a_list_would_have(
    when: When, city: int, theme: int, first: date | None, last: date | None, *, open_seats: bool
) -> None:
    cities = db.session.scalars(sa.select(City.slug).order_by(City.id)).all()
    themes = db.session.scalars(sa.select(Theme.slug).order_by(Theme.id)).all()
    if not cities:
        cities, themes = make_days()
    filters = DayFilters(
        when=when,
        city=cities[city] if city >= 0 else "",
        theme=themes[theme] if theme >= 0 else "",
        first=first,
        last=last,
        open_seats=open_seats,
    )

    found = queries.overview(filters, now=NOW)

    def under(**changed: object) -> int:
        fields = {
            name: getattr(filters, name) for name in ("when", "city", "theme", "series", "first", "last", "open_seats")
        }
        return count(DayFilters(**(fields | changed)))

    assert found.upcoming == under(when=When.UPCOMING)
    assert found.past == under(when=When.PAST)
    assert found.open_seats == under(open_seats=True)
    assert {town.slug: town.count for town in found.cities} == {
        slug: number for slug in cities if (number := under(city=slug))
    }
    assert {choice.slug: choice.count for choice in found.themes} == {
        slug: number for slug in themes if (number := under(theme=slug))
    }
    assert sum(number for _, number in found.months) == under(first=None, last=None)


def test_the_towns_bring_the_date_to_show() -> None:
    city = make_city("Angers")
    for month in (3, 1):
        make_study_day(city_id=city.id, starts_at=datetime(2027, month, 5, 8, tzinfo=UTC))
    for year in (2009, 2011):
        make_study_day(city_id=city.id, starts_at=datetime(year, 2, 24, 8, tzinfo=UTC))

    (coming,) = queries.overview(DayFilters(), now=NOW).cities
    (past,) = queries.overview(DayFilters(when=When.PAST), now=NOW).cities

    assert (coming.name, coming.count, coming.held_on) == ("Angers", 2, date(2027, 1, 5))
    assert (past.count, past.held_on) == (2, date(2011, 2, 24))


def test_choices_are_sorted_as_people_read() -> None:
    for name in ("Zonage", "Élus", "eau"):
        make_study_day(theme=make_theme(name))

    assert [choice.name for choice in queries.overview(DayFilters(), now=NOW).themes] == ["eau", "Élus", "Zonage"]


def test_names_are_found_for_slugs_that_exist() -> None:
    city, theme = make_city("Angers"), make_theme("Finances", name_en="Finance")

    assert queries.names_of(city=city.slug, theme="inconnu") == {"city": ("Angers", "")}
    assert queries.names_of(city="inconnue", theme=theme.slug, series="x") == {"theme": ("Finances", "Finance")}
    assert queries.names_of() == {}


def test_speakers_of_a_day_are_named_once_in_the_order_of_the_programme() -> None:
    day, other = make_study_day(), make_study_day()
    first, second = make_speaker("Une Première"), make_speaker("Une Seconde")
    make_session(day, position=2, speakers=[first, second])
    make_session(day, position=1, speakers=[second])
    make_session(other, speakers=[first])

    assert queries.names_by_day([day.id, other.id]) == {
        day.id: ["Une Seconde", "Une Première"],
        other.id: ["Une Première"],
    }
    assert [talk.speaker_id for talk in queries.voices_of_day(day.id, limit=3)] == [second.id, first.id]


def test_a_page_beyond_the_end_is_the_last() -> None:
    for _ in range(3):
        make_study_day()

    page = queries.day_list(DayFilters(), now=NOW, page=9, size=2)

    assert (page.number, page.pages, page.total, len(page.items)) == (2, 2, 3, 1)


def test_the_dates_of_a_day_are_those_of_its_town() -> None:
    day = make_study_day(timezone="Pacific/Noumea", starts_at=datetime(2027, 2, 28, 21, tzinfo=UTC))

    assert (day.held_on, day.held_until) == (date(2027, 3, 1), date(2027, 3, 1))


def test_a_day_that_ends_at_midnight_is_of_one_date() -> None:
    day = make_study_day(starts_at=datetime(2027, 2, 24, 8, tzinfo=UTC), ends_at=datetime(2027, 2, 24, 23, tzinfo=UTC))

    assert day.held_until == day.held_on == date(2027, 2, 24)


def test_the_directory_is_by_name_whatever_the_accents() -> None:
    day = make_study_day()
    make_session(day, speakers=[make_speaker(name) for name in ("Z Étienne", "A Eve", "A Etienne", "B Zola")])
    make_session(make_study_day(status=StudyDayStatus.DRAFT), speakers=[make_speaker("C Cachée")])

    letters = queries.directory_letters()
    page = queries.speaker_directory(page=1, size=10, total=sum(letters.values()))
    only = queries.speaker_directory(page=1, size=10, total=letters["E"], letter="E")

    assert letters == {"E": 3, "Z": 1}
    assert [line.speaker.name for line in page.items] == ["A Etienne", "Z Étienne", "A Eve", "B Zola"]
    assert [line.speaker.name for line in only.items] == ["A Etienne", "Z Étienne", "A Eve"]


def test_the_directory_tells_the_last_role_and_how_often() -> None:
    speaker = make_speaker("Claude Laurent")
    for year, role in ((2009, "adjoint"), (2011, "directeur")):
        talk = make_session(make_study_day(starts_at=datetime(year, 2, 24, 8, tzinfo=UTC)), speakers=[speaker])
        db.session.execute(sa.update(Intervention).where(Intervention.session_id == talk.id).values(role=role))

    (line,) = queries.speaker_directory(page=1, size=10, total=1).items

    assert (line.role, line.organisation, line.times) == ("directeur", "Ville", 2)
