import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.search import rules


def finds(searched: str, text: str) -> bool:
    """Whether every searched word is in the text, as the index would say."""
    kept = set().union(*map(set, rules.indexed(text)))
    return all(
        any(form in kept for form in term.forms) or (term.prefix and any(word.startswith(term.prefix) for word in kept))
        for term in rules.terms(searched)
    )


@pytest.mark.parametrize(
    ("searched", "text"),
    [
        ("mutualiser", "La mutualisation des services"),
        ("mutualisees", "des directions mutualisées"),
        ("mutualisée", "la mutualisation"),
        ("étude", "Journées d’études"),
        ("etudes", "Journée d'étude"),
        ("territorial", "les cadres territoriaux"),
        ("élus", "le droit d’un élu"),
        ("elu", "les élus"),
        ("Œuvre", "les oeuvres sociales"),
        ("ANGERS", "à Angers"),
        ("agglo", "l’agglomération angevine"),
        ("service mutualisation", "La mutualisation des services"),
        ("la dette", "Deux jours pour une dette"),
        ("376", "n° 376"),
        ("ｍａｉｒｅ", "le maire"),
    ],
)
def test_accents_endings_and_beginnings_do_not_matter(searched: str, text: str) -> None:
    assert finds(searched, text)


@pytest.mark.parametrize(
    ("searched", "text"),
    [
        ("piscine", "La mutualisation des services"),
        ("mutualisation piscine", "La mutualisation des services"),
        ("agg ville", "l’agglomération et la ville"),
        ("ice", "les services"),
    ],
)
def test_every_word_must_be_there_and_only_the_last_may_be_begun(searched: str, text: str) -> None:
    assert not finds(searched, text)


@pytest.mark.parametrize("searched", ["", "   ", "le la les", "?!…", "'\"&|*()", "\x00", "_"])
def test_what_has_no_word_searches_nothing(searched: str) -> None:
    assert rules.terms(searched) == []


@pytest.mark.parametrize(
    ("searched", "is_so"),
    [
        ("le", True),
        ("À l’", True),
        ("le la les ?", True),
        ("le maire", False),
        ("piscine", False),
        ("?!…", False),
        ("", False),
    ],
)
def test_only_words_that_tell_nothing_are_too_common(searched: str, is_so: bool) -> None:
    assert rules.is_too_common(searched) is is_so


def test_a_search_is_bounded() -> None:
    terms = rules.terms(" ".join(f"mot{number}" for number in range(50)) + " " + "x" * 10_000)

    assert len(terms) == rules.MOST_SEARCHED
    assert rules.terms("x" * 10_000)[0].prefix == "x" * rules.LONGEST_WORD


@given(st.text(max_size=60))
def test_forms_are_letters_and_digits_only(text: str) -> None:
    for term in rules.terms(text):
        for form in (*term.forms, term.prefix or "a"):
            assert form.isalnum()
    for name in rules.trigrams(text):
        assert len(name) == 3


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Antonnini", "Jean-Claude Antonini"), ("girardon", "Jean-François Girardin"), ("Monnier", "Michel Monier")],
)
def test_names_with_a_slip_are_alike(typed: str, name: str) -> None:
    assert len(rules.trigrams(typed) & rules.trigrams(name)) >= rules.shared_for(typed) > 0


@pytest.mark.parametrize(("typed", "name"), [("mutualisation", "Michel Monier"), ("ange", "Jérôme Doisy")])
def test_other_names_are_not_alike(typed: str, name: str) -> None:
    needed = rules.shared_for(typed)

    assert needed == 0 or len(rules.trigrams(typed) & rules.trigrams(name)) < needed


def test_an_excerpt_shows_the_words_where_they_stand() -> None:
    text = "Rien ici. " * 40 + "À Angers, les services mutualisés ont changé de main. " + "Rien là. " * 40

    pieces = rules.excerpt(text, rules.terms("mutualisation services"), width=120)

    assert [piece for piece, is_found in pieces if is_found] == ["services", "mutualisés"]
    assert pieces[0] == ("… ", False)
    assert pieces[-1] == (" …", False)
    assert len("".join(piece for piece, _ in pieces)) <= 130


def test_an_excerpt_of_a_short_text_is_the_text() -> None:
    assert rules.excerpt("Une dette, deux dettes.", rules.terms("dettes")) == [
        ("Une ", False),
        ("dette", True),
        (", deux ", False),
        ("dettes", True),
        (".", False),
    ]


@given(st.text(max_size=400), st.text(max_size=20), st.integers(10, 300))
def test_an_excerpt_invents_nothing(text: str, searched: str, width: int) -> None:
    pieces = [piece for piece, _ in rules.excerpt(text, rules.terms(searched), width=width)]
    if pieces[:1] == ["… "]:
        pieces = pieces[1:]
    if pieces[-1:] == [" …"]:
        pieces = pieces[:-1]

    assert "".join(pieces) in text


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("budget", "budget", 0),
        ("budegt", "budget", 1),
        ("budgt", "budget", 1),
        ("bidget", "budget", 1),
        ("bugdte", "budget", 2),
        ("budget", "gadget", 2),
        ("budget", "mairie", 3),
        ("budget", "budgetaires", 3),
    ],
)
def test_words_are_as_far_apart_as_letters_have_to_be_changed(one: str, other: str, apart: int) -> None:
    assert rules.distance(one, other, most=2) == rules.distance(other, one, most=2) == apart


def test_the_nearest_is_meant_and_short_words_differ_in_one_letter_alone() -> None:
    assert rules.nearest("metropoel", ["metropolitain", "métropole", "monopole"]) == "métropole"
    assert rules.nearest("mares", ["marche"]) is None
    assert rules.nearest("élu", ["élus"]) is None


@pytest.mark.parametrize("written", ["D.G.S.", "d.g.s", "DGS", "dgs"])
def test_an_acronym_is_one_word_with_its_full_stops_or_without(written: str) -> None:
    (forms_,) = rules.indexed(written)
    (term,) = rules.terms(written)

    assert "dgs" in forms_
    assert term.found_in("d.g.s.")
    assert rules.marked(f"Le {written}, hier", [term])[1] == (written, True)


@pytest.mark.parametrize("text", ["la fin.a été", "plan B. C’est", "J. Dupont", "3.5.7", "www.exemple.fr"])
def test_full_stops_between_other_words_part_them(text: str) -> None:
    assert not [word for word in rules.words(text) if "." in word]
