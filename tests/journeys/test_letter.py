"""The newsletter from the form to the way out, without a script for its reader; and a reading that is counted."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect

from eventsapp.core.db import db, writing
from eventsapp.figures import service as figures
from eventsapp.figures.models import ArticleRead
from eventsapp.newsletter.models import Letter
from tests.journeys.conftest import wait_until
from tests.journeys.test_gifts_and_renewals import is_well_made
from tests.support.browser import visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.makers.magazine import make_article
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

EDITOR, READER = "redactrice@exemple.fr", "lecteur-de-la-lettre@exemple.fr"
TITLE = "Ce que l’annuaire commun a changé"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
#: Milliseconds that the worker may take: by its timetable twice a minute apart.
PATIENCE = 200_000
#: The form was open for as long as somebody takes to read it.
READING = 3_500


@pytest.fixture
def article(stack: Stack) -> str:
    """The address of an article that appeared an hour ago."""
    with writing():
        slug = make_article(title=TITLE, published_at=datetime.now(UTC) - timedelta(hours=1)).slug
        db.session.remove()
    return f"{stack.url}/articles/{slug}/"


def test_somebody_asks_confirms_reads_and_leaves(stack: Stack, browser: Browser, article: str) -> None:
    with visitor(browser, javascript=False) as page:
        _ask_and_confirm(page, stack)
    with visitor(browser) as page:
        sign_in_page(page, stack.url, email=EDITOR)
        _send(page, stack)
    wait_until(lambda: article in _texts(stack)[-1])
    with visitor(browser, javascript=False) as page:
        page.goto(_link(stack, r"/lettre/[\w-]{20,}/quitter/"))
        page.get_by_role("button", name="Ne plus la recevoir").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vous ne recevez plus la lettre")


def test_an_article_in_sight_for_a_while_is_counted_and_nothing_is_left_behind(
    stack: Stack, browser: Browser, article: str
) -> None:
    context = browser.new_context(user_agent=FIREFOX)
    try:
        page = context.new_page()
        page.clock.install()
        page.goto(article)
        page.clock.fast_forward(7_000)
        assert _counted() == 0
        page.clock.fast_forward(2_000)
        wait_until(_counted)
        page.clock.fast_forward(60_000)
        assert context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    finally:
        context.close()
    assert _counted() == 1


def _ask_and_confirm(page: Page, stack: Stack) -> None:
    page.goto(stack.url)
    page.get_by_role("link", name="La lettre, par courriel").click()
    page.get_by_label("Votre courriel").fill(READER)
    page.wait_for_timeout(READING)
    page.get_by_role("button", name="Recevoir la lettre").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre courrier")
    wait_until(lambda: _texts(stack))
    page.goto(_link(stack, r"/lettre/confirmer/[\w-]+/"))
    page.get_by_role("button", name="Oui, je veux la recevoir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre lettre")


def _send(page: Page, stack: Stack) -> None:
    """Open the draft of the week, say something of one's own, and see it leave without touching the page."""
    page.goto(f"{stack.url}/organisation/lettre/")
    if page.get_by_role("link", name=re.compile("^La lettre du")).count():
        page.get_by_role("link", name=re.compile("^La lettre du")).first.click()
        page.get_by_role("button", name="Ajouter ce qui est paru depuis").click()
    else:
        page.get_by_role("button", name="Préparer celle de la semaine").click()
    page.get_by_role("link", name="Modifier").click()
    page.get_by_label("Introduction").fill("**Bonjour** à tous.")
    is_well_made(page)
    page.get_by_role("button", name="Garder le brouillon").click()
    for frame in ("La lettre mise en forme", "La lettre sur un téléphone"):
        inside = page.frame_locator(f"iframe[title='{frame}']")
        expect(inside.locator("body")).to_contain_text(TITLE)
        expect(inside.locator("strong", has_text="Bonjour")).to_be_visible()
    page.get_by_role("link", name="Envoyer…").click()
    page.get_by_role("button", name="Envoyer à 1 lecteur").click()
    expect(page.locator("main")).to_contain_text("La lettre part le")
    with writing():
        # The minute passes.
        db.session.execute(sa.update(Letter).values(starts_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.session.commit()
        db.session.remove()
    expect(page.locator("[data-followed]")).to_contain_text("Lettre envoyée", timeout=PATIENCE)


def _texts(stack: Stack) -> list[str]:
    return [message.get_body(("plain",)).get_content() for message in stack.mail.to(READER)]  # type: ignore[union-attr]


def _link(stack: Stack, path: str) -> str:
    found = re.findall(rf"https?://[^/\s]+{path}", _texts(stack)[-1])
    return str(found[-1])


def _counted() -> int:
    """Return how many readings there are; what was noted is counted now, as the worker does each minute."""
    figures.count_noted()
    with writing():
        count = db.session.scalar(sa.select(sa.func.sum(ArticleRead.count))) or 0
        db.session.remove()
    return int(count)
