"""How an address is written on a label."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core import postal

ANYTHING = st.text(max_size=300)


def on_label(address: str, *, organisation: str = "", name: str = "Claude Roux", city: str = "Nantes") -> list[str]:
    found = postal.on_label(organisation=organisation, name=name, address=address, postcode="44000", city=city)
    assert found.fits
    return list(found.lines)


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("1, place de la Mairie", ["1 place de la Mairie"]),
        ("12 bis, rue Neuve", ["12 bis rue Neuve"]),
        ("Résidence du Parc, bâtiment B, 12, rue Neuve", ["Résidence du Parc", "bâtiment B", "12 rue Neuve"]),
        ("Hôtel de ville\nBP 12", ["Hôtel de ville", "BP 12"]),
        ("18 rue des Jardiniers", ["18 rue des Jardiniers"]),
    ],
)
def test_the_parts_of_an_address_are_lines_and_a_number_stays_with_its_street(address: str, lines: list[str]) -> None:
    assert on_label(address) == ["Claude Roux", *lines, "44000 NANTES"]


@pytest.mark.parametrize(
    ("city", "last"),
    [
        ("Angers", "44000 ANGERS"),
        ("L’Haÿ-les-Roses", "44000 L HAY LES ROSES"),
        ("Saint-Étienne Cedex 1", "44000 SAINT ETIENNE CEDEX 1"),
        ("Œuilly", "44000 OEUILLY"),
    ],
)
def test_the_last_line_is_in_plain_capitals(city: str, last: str) -> None:
    assert on_label("1 rue A", city=city)[-1] == last


def test_a_body_stands_before_the_person_and_once_if_both_are_one() -> None:
    assert on_label("1 rue A", organisation="Ville d’Angers")[:2] == ["Ville d’Angers", "Claude Roux"]
    assert on_label("1 rue A", organisation="Ville d’Angers", name="Ville d’Angers")[0] == "Ville d’Angers"
    assert len(on_label("1 rue A", organisation="Ville d’Angers", name="Ville d’Angers")) == 3


def test_a_long_line_goes_on_in_the_next_one() -> None:
    lines = on_label("Centre de gestion de la fonction publique territoriale, 5 rue X")

    assert lines[1:4] == ["Centre de gestion de la fonction", "publique territoriale", "5 rue X"]


def test_where_room_is_short_words_are_shortened_as_the_standard_does() -> None:
    lines = on_label(
        "Résidence universitaire des Tilleuls blancs, bâtiment B, 118 boulevard du Maréchal-Foch prolongé ouest",
        organisation="Centre de gestion de Maine-et-Loire",
    )

    assert lines[2:5] == ["RES universitaire des Tilleuls blancs", "BAT B", "118 BD du Maréchal-Foch prolongé ouest"]


def test_what_completes_the_street_shares_a_line_where_room_is_short() -> None:
    lines = on_label(
        "Résidence du Parc, bâtiment B, 118 boulevard Foch",
        organisation="Communauté d’agglomération du Grand Angoulême",
    )

    assert lines[1:5] == ["Angoulême", "Claude Roux", "RES du Parc BAT B", "118 BD Foch"]


def test_what_cannot_fit_is_cut_and_said() -> None:
    found = postal.on_label(
        organisation="",
        name="Claude Roux",
        address=", ".join(f"partie vraiment longue {n}" for n in range(9)),
        postcode="1",
        city="X",
    )

    assert not found.fits
    assert len(found.lines) == 6
    assert found.lines[-1] == "1 X"


def test_the_street_is_never_what_is_cut() -> None:
    found = postal.on_label(
        organisation="Syndicat mixte interdépartemental d’aménagement et de développement des pays du Lac",
        name="Service de la documentation et des archives contemporaines",
        address="Centre administratif départemental du Lac et de la Forêt, 12, rue Neuve",
        postcode="38000",
        city="Grenoble",
    )

    assert not found.fits
    assert found.lines[-2:] == ("12 rue Neuve", "38000 GRENOBLE")


@given(organisation=ANYTHING, name=ANYTHING, address=ANYTHING, postcode=st.text(max_size=10), city=ANYTHING)
def test_whatever_is_typed_makes_six_lines_of_38_characters_at_most(
    organisation: str, name: str, address: str, postcode: str, city: str
) -> None:
    found = postal.on_label(organisation=organisation, name=name, address=address, postcode=postcode, city=city)

    assert 1 <= len(found.lines) <= 6
    assert all(len(line) <= 38 for line in found.lines)
    assert re.fullmatch(r"[A-Z0-9 ]*", found.lines[-1])


@pytest.mark.parametrize(
    ("postcode", "city", "fits"),
    [
        ("44000", "Nantes", True),
        ("97400", "Saint-Denis", True),
        ("20000", "Ajaccio", True),
        ("69 220", "Belleville", True),
        ("", "", True),
        ("4500", "Orléans", False),
        ("ABCDE", "Orléans", False),
        ("2A004", "Ajaccio", False),
        ("4500O", "Orléans", False),
        ("4500", "Orléans, France", False),
        ("4500", "Orléans, ", False),
        ("1000", "Bruxelles, Belgique", True),
        ("L-1249", "Luxembourg", True),
        ("SW1A 1AA", "London", True),
    ],
)
def test_a_postcode_is_five_digits_unless_it_is_abroad(postcode: str, city: str, fits: bool) -> None:
    assert (postal.postcode_problem(postcode, city=city) is None) is fits
