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


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('« Il a dit "oui" hier »', f"«{NB}Il a dit “oui” hier{NB}»"),
        ("« Il a dit « oui » hier »", f"«{NB}Il a dit “oui” hier{NB}»"),
        ('"Il a dit \'oui\' et "non""', f"«{NB}Il a dit ’oui’ et “non”{NB}»"),
        ("« “Oui”, dit-il »", f"«{NB}“Oui”, dit-il{NB}»"),
        ('"« Oui »"', f"«{NB}Oui{NB}»"),
        ("« « Oui » »", f"«{NB}Oui{NB}»"),
        ('« "Oui" »', f"«{NB}Oui{NB}»"),
        ("« Oui » et « non »", f"«{NB}Oui{NB}» et «{NB}non{NB}»"),
        ("«Oui»", f"«{NB}Oui{NB}»"),
        ("Sans fin «", f"Sans fin «{NB}"),
        ("De trop »", f"De trop{NB}»"),
    ],
)
def test_a_quote_in_a_quote_has_other_marks_and_none_is_doubled(typed: str, printed: str) -> None:
    assert french.typeset(typed) == printed
    assert french.typeset(printed) == printed


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Agnès", "d’Agnès"), ("Élodie", "d’Élodie"), ("Yves", "d’Yves"), ("Hélène", "d’Hélène"), ("Hugo", "d’Hugo"),
        ("Université", "d’Université"), ("EDF", "d’EDF"), ("œuvre", "d’œuvre"),
        ("Paul", "de Paul"), ("Yann", "de Yann"), ("Hambourg", "de Hambourg"), ("Ouassim", "de Ouassim"),
        ("onze", "de onze"), ("11 h", "de 11 h"), ("", "de "),
    ],
)  # fmt: skip
def test_de_elides_where_it_is_heard(name: str, printed: str) -> None:
    assert french.of(name) == printed


@pytest.mark.parametrize(
    ("message", "values", "said"),
    [
        ("Le billet de %(name)s", {"name": "Agnès Roux"}, "Le billet d’Agnès Roux"),
        ("De %(name)s, avant que %(name)s vienne", {"name": "Irène"}, "D’Irène, avant qu’Irène vienne"),
        ("de <strong>%(name)s</strong>", {"name": "Anne"}, "d’<strong>Anne</strong>"),
        ("de %(amount)s de %(payer)s", {"amount": "8 €", "payer": "Paul"}, "de 8 € de Paul"),
        ("une %(name)s de trop", {"name": "âme"}, "une âme de trop"),
        ("Sous « %(title)s ».", {"title": "Le « bon » ton"}, "Sous « Le “bon” ton »."),
    ],
)
def test_a_message_goes_together_with_its_values(message: str, values: dict[str, str], said: str) -> None:
    text, fitting = french.fitted(message, values)

    assert text % fitting == said


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("« Eau » : oui ; non ! Quoi ?", "«\u00a0Eau\u00a0»\u00a0: oui\u202f; non\u202f! Quoi\u202f?"),
        ("Pas plus de 100 000 € ou 20 %.", "Pas plus de 100\u00a0000\u00a0€ ou 20\u00a0%."),
        ("À %(name)s : %(count)s %(unit)s", "À %(name)s\u00a0: %(count)s %(unit)s"),
        ("En 5 %(unit)s, ou 100 %% ?", "En 5 %(unit)s, ou 100\u00a0%%\u202f?"),
        ("Retenu, en %% : soit %(percent)s %%.", "Retenu, en\u00a0%%\u00a0: soit %(percent)s\u00a0%%."),
        ("Taux de la BCE, en %", "Taux de la BCE, en\u00a0%"),
        ('<a title="a : b ?">Lire :</a> !', '<a title="a : b ?">Lire\u00a0:</a>\u202f!'),
        (
            "Écrivez ![texte](adresse), ou ::: encadré, ou a != b",
            "Écrivez ![texte](adresse), ou ::: encadré, ou a != b",
        ),
        ("https://a.example/ ?q=1 :name", "https://a.example/ ?q=1 :name"),
        ("Déjà\u00a0: fait\u202f!", "Déjà\u00a0: fait\u202f!"),
        ('Ses "marques" et l\'apostrophe...', 'Ses "marques" et l\'apostrophe...'),
    ],
)
def test_only_the_spaces_that_must_not_break_change_in_a_text_of_ours(text: str, printed: str) -> None:
    assert french.unbroken(text) == printed
