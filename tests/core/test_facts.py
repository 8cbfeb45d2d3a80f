"""How the texts of the site are filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core import facts, markdown

FACTS = {"seller_name": "Les Éditions", "seller_siret": ""}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Par [[seller_name]].", "Par Les Éditions."),
        ("SIRET [[seller_siret]]", "SIRET *à compléter*"),
        ("[[à renseigner]]", "*à compléter*"),
        ("[[inconnu]] et [lien](/x/)", "[[inconnu]] et [lien](/x/)"),
        ("[[seller_name", "[[seller_name"),
    ],
)
def test_names_are_replaced_by_what_the_settings_say(text: str, filled: str) -> None:
    assert facts.fill(text, FACTS, missing="à compléter") == filled


@given(st.text(max_size=80))
def test_a_fact_is_shown_literally_whatever_is_in_it(fact: str) -> None:
    shown = markdown.to_html(facts.fill("x[[name]]x", {"name": fact}, missing="?"))

    if fact.strip():
        assert "<a " not in shown
        assert "<strong>" not in shown
        assert shown.count("<p>") == 1


@pytest.mark.parametrize(
    ("text", "left"),
    [("[[à renseigner]] [[à renseigner]]", 2), ("[[seller_siret]]", 1), ("[[seller_name]] [[autre]]", 0)],
)
def test_what_nobody_has_written_is_counted(text: str, left: int) -> None:
    assert facts.open_points(text, FACTS) == left


def test_a_shipped_text_begins_with_its_title() -> None:
    assert facts.title_and_body("# Titre\n\nTexte.\n") == ("Titre", "Texte.\n")
