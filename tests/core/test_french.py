"""French as it is printed."""

from datetime import date, time

import pytest

from eventsapp.core import french

NB, NNB = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, f"0,00{NB}€"),
        (12900, f"129,00{NB}€"),
        (129000, f"1{NB}290,00{NB}€"),
        (123456789, f"1{NB}234{NB}567,89{NB}€"),
        (-5, f"−0,05{NB}€"),
    ],
)
def test_amounts(cents: int, text: str) -> None:
    assert french.money(cents) == text


def test_a_whole_price_may_go_without_decimals() -> None:
    assert (french.money_round(12900), french.money_round(12950)) == (f"129{NB}€", f"129,50{NB}€")


def test_rates() -> None:
    assert (french.percent(210), french.percent(2000)) == (f"2,1{NB}%", f"20{NB}%")


def test_dates_and_hours() -> None:
    day = date(2009, 2, 24)

    assert french.date_words(day) == f"mardi 24{NB}février 2009"
    assert french.date_short(date(2026, 5, 1)) == f"1er{NB}mai 2026"
    assert french.clock_time(time(9, 5)) == f"9{NB}h{NB}05"


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Quoi ?", f"Quoi{NNB}?"),
        ("Un ; deux : trois !", f"Un{NNB}; deux{NB}: trois{NNB}!"),
        ("« Oui »", f"«{NB}Oui{NB}»"),
        ("129 € ou 20 %", f"129{NB}€ ou 20{NB}%"),
        ("Le coût : le vrai coût", f"Le coût{NB}: le{NB}vrai coût"),
        ("Une date : voir le programme", f"Une date{NB}: voir le programme"),
        ("N° 376", f"N°{NB}376"),
        ("310 000 habitants", f"310{NB}000 habitants"),
        ("https://exemple.fr/a?b=c", "https://exemple.fr/a?b=c"),
        ('"Oui", dit-il', f"«{NB}Oui{NB}», dit-il"),
        ('L\'"effet" ("net")...', f"L’«{NB}effet{NB}» («{NB}net{NB}»)…"),
    ],
)
def test_spaces_that_must_not_break(typed: str, printed: str) -> None:
    assert french.typeset(typed) == printed


def test_typesetting_twice_is_typesetting_once() -> None:
    once = french.typeset('« Qui décide ? » : "1 000 €" !')

    assert french.typeset(once) == once
