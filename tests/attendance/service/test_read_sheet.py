"""Reading a file of presences."""

import pytest

from eventsapp.attendance import queries, service
from eventsapp.attendance.errors import SheetUnreadable
from eventsapp.attendance.values import Sheet
from eventsapp.study_days.models import StudyDay
from tests.support.makers.attendance import codes_of, make_open_day, seats_of
from tests.support.makers.orders import an_attendee, place, seats

pytestmark = pytest.mark.usefixtures("transaction")


def _read(day: StudyDay, text: str) -> Sheet:
    return service.read_sheet(text, day=day)


def _found(read: Sheet) -> list[tuple[str, list[bool]]]:
    return [(line.name, list(line.present.values())) for line in read.found]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_line_names_its_person_by_code_address_or_name(separator: str) -> None:
    day = make_open_day(4)
    rows = [
        ["Code", "Courriel", "Nom", "Matin", "Après-midi"],
        [codes_of(day)[0], "", "", "oui", "non"],
        ["", "CLAUDE.ROUX2@ville-exemple.fr", "", "x", "x"],
        ["", "", "roux3  CLAUDE", "1", ""],
        ["", "", "Claude Roux4", "", "Présente"],
    ]

    read = _read(day, "\ufeff" + "\r\n".join(separator.join(row) for row in rows))

    assert _found(read) == [
        ("Claude Roux1", [True, False]),
        ("Claude Roux2", [True, True]),
        ("Claude Roux3", [True]),
        ("Claude Roux4", [True]),
    ]
    assert list(read.found[3].present) == [queries.half_days(day)[1]]
    assert read.lost == []
    assert [mark.registration_id for mark in read.marks] == [seat.id for seat in seats_of(day)]


def test_what_matches_nobody_or_several_or_says_nothing_is_told_and_kept_apart() -> None:
    day = make_open_day(1)
    same = {"first_name": "Dominique", "last_name": "Petit"}
    place(seats(day, an_attendee(2, **same), an_attendee(3, **same)))
    lines = ["inconnue;oui", "Dominique Petit;oui", "Claude Roux1;peut-être", "Claude Roux1;", "Claude Roux1;oui"]

    read = _read(day, "\n".join(["nom;matin", *lines, "Roux1 Claude;non"]))

    assert _found(read) == [("Claude Roux1", [True])]
    assert [(line.number, line.problem.split(" ")[0]) for line in read.lost] == [
        (2, "Personne"),
        (3, "Plusieurs"),
        (4, "«\u00a0peut-être\u00a0»"),
        (5, "Cette"),
        (7, "La"),
    ]


def test_first_and_last_name_may_stand_apart() -> None:
    day = make_open_day(1)

    assert _found(_read(day, "Nom;Prénom;Matin\nRoux1;Claude;oui\n")) == [("Claude Roux1", [True])]


def test_an_address_that_two_people_share_is_told_apart_by_the_name() -> None:
    day = make_open_day(0)
    place(seats(day, *(an_attendee(number, email="accueil@ville-exemple.fr") for number in (1, 2))))

    read = _read(day, "courriel;nom;matin\naccueil@ville-exemple.fr;Claude Roux2;oui\naccueil@ville-exemple.fr;;oui\n")

    assert _found(read) == [("Claude Roux2", [True])]
    assert len(read.lost) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nom;matin",
        "nom;matin\n;;\n",
        "prix;matin\nx;oui",
        "nom;soir\nx;oui",
        "x" * 400_001,
        "nom;matin\n" + "x;oui\n" * 2001,
    ],
)
def test_what_is_no_list_of_presences_is_refused(text: str) -> None:
    day = make_open_day(1)

    with pytest.raises(SheetUnreadable):
        _read(day, text)


def test_a_cell_that_never_ends_is_refused() -> None:
    with pytest.raises(SheetUnreadable):
        service.read_sheet("nom;matin\n" + "x" * 200_000, day=make_open_day())
