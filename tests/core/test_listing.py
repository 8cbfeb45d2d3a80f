"""What an address asks of a list, and which rows answer."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core import listing
from eventsapp.core.db import db
from eventsapp.core.listing import Choice, Column, Dates, Listing, State, _rows
from eventsapp.places.models import City
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.support.makers.study_days import make_city, make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("transaction")


def _days(**values: Any) -> Listing:
    given: dict[str, Any] = {
        "name": "journees",
        "title": "Journées",
        "statement": sa.select(StudyDay).join(StudyDay.city),
        "loads": (joinedload(StudyDay.city),),
        "states": (
            State("toutes", "Toutes"),
            State("brouillons", "Brouillons", StudyDay.status == StudyDayStatus.DRAFT),
            State("annulees", "Annulées", StudyDay.status == StudyDayStatus.CANCELLED, (StudyDay.title.desc(),)),
        ),
        "search": (StudyDay.title, City.name),
        "domains": (StudyDay.contact,),
        "filters": (
            Choice(
                name="ville",
                label="Ville",
                options=lambda: dict(db.session.execute(sa.select(City.slug, City.name)).all()),
                where=lambda slug: City.slug == slug,
            ),
            Dates(name="date", label="Date", column=StudyDay.starts_at),
        ),
        "columns": (
            Column("titre", "Titre", lambda day: day.title, sort=StudyDay.title),
            Column("places", "Places", lambda day: day.capacity, sort=StudyDay.seats_taken),
            Column("note", "Note", lambda day: day.status_note),
        ),
        "order": (StudyDay.starts_at, StudyDay.id),
        "page_size": 2,
    }
    return Listing(**given | values)


def _titles(parameters: Mapping[str, str], **values: Any) -> list[str]:
    days = _days(**values)
    return [day.title for day in listing.fetch(days, listing.read(days, parameters)).page.items]


def test_the_first_state_is_shown_and_every_state_is_counted() -> None:
    make_study_day(title="A")
    make_study_day(title="B", status=StudyDayStatus.DRAFT)
    days = _days()

    answer = listing.fetch(days, listing.read(days, {}))

    assert [day.title for day in answer.page.items] == ["A", "B"]
    assert answer.counts == {"toutes": 2, "brouillons": 1, "annulees": 0}


def test_a_state_shows_its_rows_in_its_own_order() -> None:
    for title in ("A", "C", "B"):
        make_study_day(title=title, status=StudyDayStatus.CANCELLED)
    make_study_day(title="D")

    assert _titles({"etat": "annulees"}, page_size=5) == ["C", "B", "A"]


def test_counts_follow_search_and_filters() -> None:
    angers = make_city("Angers")
    make_study_day(title="A", city=angers)
    make_study_day(title="B", status=StudyDayStatus.DRAFT)
    days = _days()

    answer = listing.fetch(days, listing.read(days, {"ville": angers.slug}))

    assert answer.counts == {"toutes": 1, "brouillons": 0, "annulees": 0}


def test_search_finds_every_word_somewhere_whatever_accents_and_capitals() -> None:
    make_study_day(title="Mutualiser à plusieurs", city=make_city("Sète"))
    make_study_day(title="Mutualiser seul", city=make_city("Angers"))

    assert _titles({"q": "SETE mutualiser"}) == ["Mutualiser à plusieurs"]
    assert _titles({"q": "sete seul"}) == []


@pytest.mark.parametrize("pattern", ["%", "_", "\\"])
def test_search_takes_wildcards_literally(pattern: str) -> None:
    make_study_day(title="Sans signe")
    make_study_day(title=f"Avec {pattern} dedans")

    assert _titles({"q": pattern}) == [f"Avec {pattern} dedans"]


def test_search_by_domain_takes_the_domain_and_what_is_under_it() -> None:
    make_study_day(title="A", contact="x@Angers.fr")
    make_study_day(title="B", contact="x@dgs.angers.fr")
    make_study_day(title="C", contact="x@pas-angers.fr")
    make_study_day(title="D", contact="angers.fr")

    assert _titles({"q": "@angers.fr"}, page_size=5) == ["A", "B"]


def test_a_period_holds_both_its_days_in_local_time() -> None:
    make_study_day(title="veille", starts_at=datetime(2027, 3, 1, 22, 59, tzinfo=UTC))
    make_study_day(title="premier", starts_at=datetime(2027, 3, 1, 23, 0, tzinfo=UTC))
    make_study_day(title="dernier", starts_at=datetime(2027, 3, 3, 22, 59, tzinfo=UTC))
    make_study_day(title="lendemain", starts_at=datetime(2027, 3, 3, 23, 0, tzinfo=UTC))

    assert _titles({"date-du": "2027-03-02", "date-au": "2027-03-03"}, page_size=9) == ["premier", "dernier"]
    assert _titles({"date-du": "2027-03-03", "date-au": "2027-03-02"}, page_size=9) == ["premier", "dernier"]
    assert _titles({"date-au": "2027-03-01"}, page_size=9) == ["veille"]


def test_sorting_by_a_column_both_ways_keeps_the_usual_order_among_equals() -> None:
    for title, taken in (("A", 1), ("B", 3), ("C", 1)):
        make_study_day(title=title, seats_taken=taken)

    assert _titles({"tri": "places"}, page_size=3) == ["A", "C", "B"]
    assert _titles({"tri": "-places"}, page_size=3) == ["B", "A", "C"]


def test_a_page_beyond_the_end_is_the_last_one() -> None:
    for title in ("A", "B", "C"):
        make_study_day(title=title)

    assert _titles({"page": "2"}) == ["C"]
    assert _titles({"page": "9000"}) == ["C"]


@pytest.mark.parametrize(
    ("parameters", "mistake"),
    [
        ({"etat": "perdues"}, "L’état «\u00a0perdues\u00a0» n’existe pas ici."),
        ({"ville": "atlantide"}, "Le filtre «\u00a0Ville\u00a0» ne connaît pas «\u00a0atlantide\u00a0»."),
        ({"date-du": "hier"}, "«\u00a0hier\u00a0» n’est pas une date pour «\u00a0Date\u00a0»."),
        ({"date-au": "0001-01-01"}, "«\u00a00001-01-01\u00a0» n’est pas une date pour «\u00a0Date\u00a0»."),
        ({"date-au": "9999-12-31"}, "«\u00a09999-12-31\u00a0» n’est pas une date pour «\u00a0Date\u00a0»."),
        ({"tri": "note"}, "Cette liste ne se trie pas par «\u00a0note\u00a0»."),
        ({"tri": "-"}, "Cette liste ne se trie pas par «\u00a0-\u00a0»."),
        ({"page": "0"}, "«\u00a00\u00a0» n’est pas un numéro de page."),
        ({"page": "9" * 30}, f"«\u00a0{'9' * 30}\u00a0» n’est pas un numéro de page."),
        ({"page": "²"}, "«\u00a0²\u00a0» n’est pas un numéro de page."),
    ],
)
def test_what_an_address_gets_wrong_is_left_out_and_said(parameters: dict[str, str], mistake: str) -> None:
    make_study_day(title="A")
    days = _days()

    asked = listing.read(days, parameters)

    assert asked.mistakes == [mistake]
    assert [day.title for day in listing.fetch(days, asked).page.items] == ["A"]


@pytest.mark.parametrize("words", ["z\x00b", "z\ud800", "%00", "x" * 5000, "' OR 1=1 --", "@", "@%"])
def test_no_search_breaks_the_database(words: str) -> None:
    make_study_day(title="A")

    assert _titles({"q": words}) == []


@pytest.mark.parametrize("words", ["", "  ", "\x00", "\ud800\r\n"])
def test_a_search_for_nothing_is_none(words: str) -> None:
    make_study_day(title="A")

    assert _titles({"q": words}) == ["A"]


def test_a_list_without_states_counts_all() -> None:
    make_study_day(title="A")
    days = _days(states=())

    assert listing.fetch(days, listing.read(days, {})).page.total == 1


def test_all_rows_come_whatever_the_page_in_the_order_shown() -> None:
    for title in ("C", "A", "B"):
        make_study_day(title=title)
    days = _days()

    rows = listing.every_row(days, listing.read(days, {"page": "2", "tri": "titre"}))

    assert [day.title for day in rows] == ["A", "B", "C"]


def test_a_statement_may_bring_figures_beside_its_table() -> None:
    make_study_day(title="A")
    days = _days(statement=sa.select(StudyDay, (StudyDay.capacity * 2).label("double")).join(StudyDay.city))

    rows = listing.fetch(days, listing.read(days, {})).page.items

    assert [(row.StudyDay.title, row.double) for row in rows] == [("A", 200)]


@pytest.mark.parametrize("rows", [3, 30])
def test_a_page_asks_two_queries_and_one_for_each_filter_that_asks(
    rows: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    for _ in range(rows):
        make_study_day()
    db.session.expire_all()
    days = _days(page_size=50)

    with count_queries as count:
        answer = listing.fetch(days, listing.read(days, {"q": "mutualiser"}))

    assert len(answer.page.items) == rows
    assert count() == 3


def test_the_search_of_the_whole_office_takes_the_first_rows_of_every_state() -> None:
    for title in ("A", "B", "C"):
        make_study_day(title=title, status=StudyDayStatus.CANCELLED)

    assert [day.title for day in listing.first_rows(_days(), words="a", most=5)] == ["A"]
    assert len(listing.first_rows(_days(), words="", most=2)) == 2


@pytest.mark.parametrize(
    ("word", "found"), [("621", ["Cent"]), ("621,00", ["Cent"]), ("621.00", ["Cent"]), ("62", []), ("9" * 18, [])]
)
def test_an_amount_finds_what_costs_exactly_that(word: str, found: list[str]) -> None:
    angers = make_city("Angers")
    make_study_day(title="Cent", capacity=62100, city=angers)
    make_study_day(title="Autre", capacity=62, city=angers)

    assert _titles({"q": word}, amounts=(StudyDay.capacity,)) == found


def test_columns_are_those_of_the_address_in_its_order_once_each() -> None:
    days = _days(columns_chosen=True)

    asked = listing.read(days, {"colonnes": "note,titre,note"})
    wrong = listing.read(days, {"colonnes": "note,mot-de-passe"})

    assert [column.key for column in asked.columns] == ["note", "titre"]
    assert [column.key for column in wrong.columns] == ["note"]
    assert wrong.mistakes == ["Cette liste n’a pas de colonne «\u00a0mot-de-passe\u00a0»."]
    assert listing.read(_days(), {"colonnes": "note"}).columns == []


@pytest.mark.parametrize("parameters", [{}, {"q": "jour"}])
def test_a_count_ends_at_its_bound_and_pages_with_it(parameters: Mapping[str, str]) -> None:
    for number in range(5):
        make_study_day(title=f"Jour {number}", status=StudyDayStatus.DRAFT if number else StudyDayStatus.PUBLISHED)
    days = _days(count_bound=3)

    answer = listing.fetch(days, listing.read(days, {**parameters, "page": "9"}))

    # Five and four are « plus de trois »; the tab with few is exact.
    assert answer.counts == {"toutes": 4, "brouillons": 4, "annulees": 0}
    assert (answer.bound, answer.page.total, answer.page.pages) == (3, 3, 2)
    assert [day.title for day in answer.page.items] == ["Jour 2", "Jour 3"]


def test_what_is_counted_apart_follows_search_and_filters() -> None:
    make_study_day(title="A", status=StudyDayStatus.DRAFT)
    make_study_day(title="AB")
    make_study_day(title="B")
    days = _days(count_bound=3, counting=sa.select(StudyDay), search=(StudyDay.title,))

    answer = listing.fetch(days, listing.read(days, {"q": "a"}))

    assert answer.counts == {"toutes": 2, "brouillons": 1, "annulees": 0}
    assert listing.tab_counts(days, listing.read(days, {})) == {"toutes": 3, "brouillons": 1, "annulees": 0}


def test_the_keys_of_what_is_asked_for_come_in_its_order_whatever_the_page() -> None:
    kept = [make_study_day(title=title, status=StudyDayStatus.DRAFT).id for title in ("B", "C", "A")]
    make_study_day(title="D")
    days = _days()
    asked = listing.read(days, {"etat": "brouillons", "tri": "titre", "page": "2"})

    assert listing.selected_keys(days, asked, most=9) == [kept[2], kept[0], kept[1]]
    assert listing.selected_keys(days, asked, most=1) == [kept[2]]


@pytest.mark.parametrize("words", ["jour", "jour annulees-ou-non", "jour 4"])
def test_a_word_that_finds_more_than_is_counted_finds_the_same_rows(words: str) -> None:
    for number in range(4):
        make_study_day(title=f"Jour {number}")
    make_study_day(title="Jour 4", city=make_city("Annulees-ou-non"))
    make_study_day(title="Autre")
    bounded, whole = _days(count_bound=3, page_size=3), _days(page_size=9)

    found = listing.fetch(bounded, listing.read(bounded, {"q": words, "tri": "titre"}))
    expected = [day.title for day in listing.fetch(whole, listing.read(whole, {"q": words, "tri": "titre"})).page.items]

    assert [day.title for day in found.page.items] == expected[:3] != []
    assert found.counts["toutes"] == min(4, len(expected))


@pytest.mark.parametrize("words", ["elan", "ELAN oeuvre", "@exemple.fr", "annulees élan"])
def test_a_word_that_a_few_rows_show_to_be_everywhere_finds_the_same_rows(
    monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(_rows, "SAMPLE", 2)
    for number in range(4):
        make_study_day(title=f"Élan {number}", contact="a@exemple.fr")
    make_study_day(title="L’œuvre d’un élan", city=make_city("Annulées"), contact="a@sous.exemple.fr")
    make_study_day(title="Autre")
    bounded, whole = _days(count_bound=3, page_size=3), _days(page_size=9)

    found = listing.fetch(bounded, listing.read(bounded, {"q": words, "tri": "titre"}))
    expected = [day.title for day in listing.fetch(whole, listing.read(whole, {"q": words, "tri": "titre"})).page.items]

    assert [day.title for day in found.page.items] == expected[:3] != []
    assert found.counts["toutes"] == min(4, len(expected))


@pytest.mark.parametrize("direction", ["", "-"])
def test_what_is_counted_apart_is_sorted_by_another_table_through_what_leads_there(direction: str) -> None:
    for title, city in (("A", "Rennes"), ("B", "Angers"), ("C", "Nantes")):
        make_study_day(title=title, city=make_city(city))
    by_city = Column("ville", "Ville", lambda day: day.city.name, sort=City.name, sort_through=(StudyDay.city,))
    days = _days(count_bound=3, counting=sa.select(StudyDay), columns=(by_city,), page_size=9)
    asked = listing.read(days, {"tri": f"{direction}ville"})

    titles = [day.title for day in listing.fetch(days, asked).page.items]

    assert titles == (["A", "C", "B"] if direction else ["B", "C", "A"])
    assert len(listing.selected_keys(days, asked, most=9)) == 3
