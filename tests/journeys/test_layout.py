"""What a browser alone can tell of the look: nothing cut, nothing broken in the middle of a word, cards in line."""

import base64
import re

import pytest
from playwright.sync_api import Browser

from eventsapp.core.static_files import BUNDLES, FOLDER
from tests.support.browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]

LONG_WORDS = ("Intercommunalité", "Mutualisation", "Expérimentations", "Contractualisation", "Déconcentration")


def styled(content: str) -> str:
    """Return a public page of that content, its style sheet and its fonts written into it."""
    sheets = "\n".join((FOLDER / "css" / f"{part}.css").read_text() for part in BUNDLES["css/public.css"])
    sheets = re.sub(r"\.\./fonts/([\w-]+\.woff2)[^\"]*", lambda found: _as_data(found[1]), sheets)
    return f'<!doctype html><html lang="fr"><style>{sheets}</style><body>{content}</body></html>'


def _as_data(font: str) -> str:
    return "data:font/woff2;base64," + base64.b64encode((FOLDER / "fonts" / font).read_bytes()).decode()


@pytest.mark.parametrize("width", [1280, 390, 360])
def test_a_table_of_an_article_keeps_its_words_whole_and_scrolls_by_itself(browser: Browser, width: int) -> None:
    cells = "".join(f"<td><span>{word}</span></td>" for word in LONG_WORDS)
    with visitor(browser, width=width) as page:
        page.set_content(styled(f'<main class="page"><div class="prose"><table><tr>{cells}</tr></table></div></main>'))

        assert page.eval_on_selector_all("td span", "all => all.map((each) => each.getClientRects().length)") == [1] * 5
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 320])
def test_a_long_filter_goes_on_in_a_second_line_of_a_phone(browser: Browser, width: int) -> None:
    told = "Série : Journées d’étude sur la mutualisation des services"
    chip = f'<a class="chip on" href="#">{told} <svg class="icon"></svg></a>'
    with visitor(browser, width=width) as page:
        page.set_content(styled(f'<main class="page"><form class="filters">{chip}</form></main>'))

        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.eval_on_selector(".chip", "each => each.scrollWidth <= each.clientWidth")


@pytest.mark.parametrize("width", [390, 360, 320])
def test_the_name_of_the_magazine_is_whole_on_a_phone(browser: Browser, width: int) -> None:
    masthead = (
        '<header class="masthead page"><div class="masthead-line"><p class="masthead-name"><a href="#">'
        "La Lettre du cadre territorial</a></p></div></header>"
    )
    with visitor(browser, width=width) as page:
        page.set_content(styled(masthead))
        page.evaluate("document.fonts.ready")

        assert page.eval_on_selector(".masthead-name", "each => each.scrollWidth <= each.clientWidth")


def test_facts_and_buttons_of_plans_stand_on_one_line(browser: Browser) -> None:
    cards = "".join(
        f'<article class="plan panel"><p class="label">Individuel</p><h2>Formule</h2><p class="plan-price">129</p>'
        f"<p>{words}</p><ul><li>12 mois</li></ul><form><button>Ajouter</button></form></article>"
        for words in ("Peu.", "Des mots et encore des mots. " * 12, "Peu.")
    )
    with visitor(browser) as page:
        page.set_content(styled(f'<main class="page"><div class="plans">{cards}</div></main>'))

        for part in ("ul", "button"):
            tops = page.eval_on_selector_all(part, "all => all.map((each) => each.getBoundingClientRect().top)")
            assert len(tops) == 3
            assert len(set(tops)) == 1
