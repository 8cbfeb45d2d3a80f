"""Markdown of editors: what is printed, and what never gets through."""

import time

import pytest

from eventsapp.core.markdown import beginning, pictures, to_html, to_text, words_alone


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('Il a dit "oui".', "<p>Il a dit «\u00a0oui\u00a0».</p>\n"),
        ('"Oui", dit-il ("peut-être").', "<p>«\u00a0Oui\u00a0», dit-il («\u00a0peut-être\u00a0»).</p>\n"),
        ("L'\"exemple\" d'Angers", "<p>L’«\u00a0exemple\u00a0» d’Angers</p>\n"),
        ('Un "*vrai*" projet', "<p>Un «\u00a0<em>vrai</em>\u00a0» projet</p>\n"),
        ('Une ligne\n"puis une autre"', "<p>Une ligne\n«\u00a0puis une autre\u00a0»</p>\n"),
        ("Et puis...", "<p>Et puis…</p>\n"),
        ("Alinéa (c), article (r)", "<p>Alinéa (c), article (r)</p>\n"),
        ('`l\'"essai"...`', '<p><code>l\'"essai"...</code></p>\n'),
    ],
)
def test_typed_signs_are_printed_as_in_french(typed: str, printed: str) -> None:
    assert to_html(typed).replace("&nbsp;", "\u00a0") == printed


def test_a_table_without_headings_has_no_empty_heading() -> None:
    assert "<th" not in to_html("| | |\n|--|--|\n| Éditeur | La Lettre |\n")
    assert to_html("| Qui | |\n|--|--|\n| Éditeur | La Lettre |\n").count("<th>") == 2


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[lien](javascript:alert(1))",
        "![image](https://ailleurs.example/pixel.png)",
        "<img src=x onerror=alert(1)>",
        "[lien](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_harmful_gets_through(text: str) -> None:
    printed = to_html(text)

    assert "<script" not in printed
    assert "<img" not in printed
    assert "href" not in printed


def test_the_words_are_what_is_searched() -> None:
    assert to_text("## Deux récits\n\nLes **directions**, et `a = 1`.") == "Deux récits Les  directions , et  a = 1 ."


@pytest.mark.parametrize(
    ("text", "paragraphs", "open_to_all"),
    [
        ("Un.\n\nDeux.\n\nTrois.", 0, ""),
        ("Un.\n\nDeux.\n\nTrois.", 1, "Un."),
        ("Un.\r\n\r\nDeux.\r\n\r\nTrois.", 2, "Un.\n\nDeux."),
        # The last block is never taken, nor a heading under which nothing is shown.
        ("Un.\n\nDeux.\n\nTrois.", 9, "Un.\n\nDeux."),
        ("Un.", 3, ""),
        ("", 3, ""),
        ("## Titre\n\nUn\nsuite.\n\n## Autre\n\nDeux.\n\nTrois.", 1, "## Titre\n\nUn\nsuite."),
        ("## Titre\n\nUn.\n\n## Autre\n\nDeux.\n\nTrois.", 2, "## Titre\n\nUn.\n\n## Autre\n\nDeux."),
        # Nothing of a list, a quotation or a box, nor what follows one.
        ("Un.\n\n- a\n- b\n\nDeux.\n\nTrois.", 3, "Un."),
        ("Un.\n\n::: box Encadré\nSecret.\n:::\n\nDeux.\n\nTrois.", 3, "Un."),
        ("> Cité.\n\nUn.\n\nDeux.", 2, ""),
    ],
)
def test_the_beginning_ends_with_a_paragraph_and_leaves_something(text: str, paragraphs: int, open_to_all: str) -> None:
    assert beginning(text, paragraphs=paragraphs) == open_to_all


@pytest.mark.parametrize(
    "text",
    [
        *(sign * 100_000 for sign in "[>*`<&("),
        "![" * 50_000,
        "*a " * 33_000,
        "[a](" * 25_000,
        "**a" * 30_000,
        "<div>" * 20_000,
        "- " * 5_000 + "fond",
        "1. " * 20_000 + "fond",
        "|" + "a|" * 10_000 + "\n|" + "-|" * 10_000 + "\n|" + "b|" * 10_000,
        "".join(f"[a{number}]: #a{number + 1}\n" for number in range(5_000)) + "[a1]",
        "".join(f"[^{number}]: [^{number + 1}]\n\n" for number in range(3_000)) + "[^0]",
    ],
    ids=lambda text: text[:8],
)
def test_a_text_made_to_take_long_does_not(text: str) -> None:
    """What grows with the square of such a text would take hours; some seconds are left for a machine under load."""
    begun = time.process_time()

    to_html(text)

    assert time.process_time() - begun < 10


KEY = "aB3-_" + "x" * 27


def test_a_picture_of_ours_is_a_figure_of_known_size_and_its_caption() -> None:
    shown = to_html(f'![Un "beffroi"](/fichiers/{KEY}/1600x900.jpg "Angers, © A. Roux")')

    assert shown.startswith(f'<figure class="in-text"><img src="/fichiers/{KEY}/largeur/640/" srcset=')
    assert f"/fichiers/{KEY}/largeur/1280/ 1280w" in shown
    assert "1600w" not in shown, "nobody is sent more than a page needs"
    assert 'width="1600" height="900" loading="lazy"' in shown
    assert "<figcaption>Angers, © A. Roux</figcaption>" in shown
    assert pictures(f"Un ![a](/fichiers/{KEY}/300x200.png) mot")[0].key == KEY


@pytest.mark.parametrize(
    "address",
    ["https://ailleurs.example/x.png", f"/fichiers/{KEY}/", f"/fichiers/{KEY}/0x9.png", "/fichiers/court/9x9.png"],
)
def test_another_image_leaves_nothing(address: str) -> None:
    assert "<img" not in to_html(f"![a]({address})")
    assert pictures(f"![a]({address})") == []


def test_a_note_is_called_in_the_text_and_stands_at_its_end() -> None:
    shown = to_html("Un[^a], deux[^b], encore[^a].\n\n[^a]: La première.\n\n[^b]: La *seconde*.\n\nFin.")

    assert '<sup class="note-call"><a href="#note-1" id="appel-1" rel="noopener">1</a></sup>' in shown
    assert 'id="appel-1-2"' in shown
    assert '<li id="note-2"><p>La <em>seconde</em>. <a href="#appel-2"' in shown
    assert shown.index("Fin.") < shown.index('<section class="notes"')
    assert "[^" not in beginning("Un[^a].\n\nDeux.\n\nTrois.\n\n[^a]: Secret.", paragraphs=1)


@pytest.mark.parametrize("typed", ["[Angers](/x)", "*Angers* _a_ `b`", "a\\\nb", "Angers\n\n# Titre"])
def test_words_alone_mean_nothing_where_they_are_put(typed: str) -> None:
    words = words_alone(typed)

    assert to_html(f"Ici {words}.") == f"<p>Ici {words}.</p>\n"


def test_a_quote_says_whose_it_is() -> None:
    shown = to_html("::: quote [Anne Roux](/intervenants/anne-roux/), l'élue\nNous avons **osé**.\n:::")

    assert '<figcaption><a href="/intervenants/anne-roux/" rel="noopener">Anne Roux</a>, l’élue</figcaption>' in shown
    assert "<figcaption" not in to_html("::: quote\nNous avons osé.\n:::")


def test_a_quote_goes_on_through_marks() -> None:
    assert to_html('"Un *vrai* "projet" commun"') == ("<p>«&nbsp;Un <em>vrai</em> “projet” commun&nbsp;»</p>\n")


def test_columns_of_figures_stand_to_the_right() -> None:
    assert '<td class="right">12</td>' in to_html("| a | b |\n|---|--:|\n| c | 12 |\n")
