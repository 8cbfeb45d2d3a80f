"""What may stand in a text."""

import time

import pytest

from eventsapp.core import texts


def test_a_line_has_single_spaces_and_none_around() -> None:
    assert texts.one_line("  Claude \t  Roux\n") == "Claude Roux"


def test_a_longer_text_keeps_its_lines() -> None:
    assert texts.tidy("\r\nUn.\r\nDeux.  ") == "Un.\nDeux."


@pytest.mark.parametrize(
    "text", ["Hôtel de ville", "l’Œuvre d’Élise ; n° 3 : 4 €", "Ligne\nsuivante\t!", "日本", "👩‍⚖️"]
)
def test_what_people_write_is_printable(text: str) -> None:
    assert texts.is_printable(text)


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1b[31m", "\u202eevil", "\u2066x\u2069", "\ud800", "\x7f", "\x85", "\ue000", "\uffff"]
)
def test_what_nobody_sees_is_not(text: str) -> None:
    assert not texts.is_printable(text)


@pytest.mark.parametrize("address", ["c.roux@ville-exemple.fr", "a+b@exemple.test", "o'brien@exemple.fr"])
def test_one_address_is_an_address(address: str) -> None:
    assert texts.is_mail_address(address)


@pytest.mark.parametrize(
    "address",
    ["", "c.roux", "c.roux@", "@exemple.fr", "a@b@c.fr", "a@b.fr,c@d.fr", "a@b.fr\nBcc: x@y.fr", "é@exemple.fr"],
)
def test_anything_else_is_not(address: str) -> None:
    assert not texts.is_mail_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour. Lisez donc ceci !",
        "M. Dupont en parle, à 3.5 %.",
        "J.-C. Antonini, art. L. 5211-4-2",
        "Un article : je te le conseille…",
    ],
)
def test_plain_words_pass(text: str) -> None:
    assert texts.without_links(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://mauvais.test",
        "voir mauvais.test",
        "www.mauvais",
        "ＷＷＷ．ｍａｕｖａｉｓ．ｆｒ",
        "mauvais。fr",
        "moi@mauvais",
        "<b>gras</b>",
        "&lt;b> a",
        "javascript://",
        "casino.online",
    ],
)
def test_whatever_a_mail_program_would_make_a_link_of_does_not(text: str) -> None:
    assert not texts.without_links(text)


def test_a_long_text_is_looked_through_once() -> None:
    started = time.process_time()

    assert texts.without_links("9" * 1_000_000)
    assert not texts.without_links("9" * 1_000_000 + "a_-.fr")

    # From each of its letters to its end, that would be hours.
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ("cheque-vacances", "cheque-vacances"),
        ("virement", "virement-3"),
        ("un-nom-beaucoup-trop-long", "un-nom-beaucoup-trop"),
        ("paiement-en-plusieurs-fois", "paiement-en-plusie-2"),
    ],
)
def test_a_code_is_cut_short_and_numbered_where_another_has_it(wanted: str, code: str) -> None:
    taken = {"virement", "virement-2", "paiement-en-plusieur"}

    found = texts.free_code(wanted, taken=taken, longest=20)

    assert found == code
