"""What is said of a SIRET."""

import pytest

from eventsapp.organisations.rules import are_alike, is_public, siret_problem


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("21750001600019", None),
        ("217 500 016 00019", None),
        ("217.500.016-00019", None),
        ("35600000000048", None),
        ("35600000049837", None),
        ("217500016000", "Le SIRET compte 14 chiffres ; il en manque 2."),
        ("217500016000191", "Le SIRET compte 14 chiffres ; il y en a 1 de trop."),
        ("2175000160001O", "Le SIRET ne comporte que des chiffres."),
        ("２１７５０００１６０００１９", "Le SIRET ne comporte que des chiffres."),
        ("21750001600018", "Ce SIRET n’existe pas : un chiffre est sans doute mal recopié."),
    ],
)
def test_a_siret_is_valid_or_what_to_mend_is_said(typed: str, problem: str | None) -> None:
    assert siret_problem(typed) == problem


@pytest.mark.parametrize(
    ("siret", "pays_by_mandat", "public"),
    [
        ("21750001600019", False, True),
        ("11000201100044", False, True),
        ("73282932000074", False, False),
        ("73282932000074", True, True),
        ("", False, False),
    ],
)
def test_public_is_who_has_such_a_siren_or_pays_by_mandat(siret: str, pays_by_mandat: bool, public: bool) -> None:
    assert is_public(siret, pays_by_mandat=pays_by_mandat) is public


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        ("Mairie de Nantes", "Ville de NANTES", True),
        ("CCAS de Brémont-sur-Aulne", "CCAS Bremont sur Aulne", True),
        ("Ville de Monteval", "Ville de Monteval, service formation", True),
        ("Ville de Monteval", "Ville de Saint-Aubry", False),
        ("Ville", "Mairie", False),
        ("Ville", "Ville", True),
    ],
)
def test_names_are_alike_when_their_own_words_are(name: str, other: str, alike: bool) -> None:
    assert are_alike(name, other) is alike
    assert are_alike(other, name) is alike
