"""From a past day to a published issue: written, read by somebody else, changed by two, and seen by readers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db, writing
from tests.journeys.conftest import wait_until
from tests.support.browser import visitor
from tests.support.makers.accounts import PASSWORD, make_user
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

EDITOR, AUTHOR = "chef@exemple.fr", "autrice@exemple.fr"
NUMBER = 7612


@pytest.fixture
def newsroom(stack: Stack) -> Stack:
    """Two people who work for the magazine."""
    with writing():
        make_user(RoleName.EDITOR, email=EDITOR)
        make_user(RoleName.ORGANISER, email=AUTHOR)
        db.session.remove()
    return stack


@contextmanager
def at_work(browser: Browser, stack: Stack, address: str) -> Iterator[Page]:
    """Be somebody of the newsroom; a conflict answers 409, which the console tells."""
    with visitor(browser, forgiving=True) as page:
        page.goto(f"{stack.url}/organisation/")
        page.fill("[name=email]", address)
        page.fill("[name=password]", PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        yield page


def write_report(page: Page, stack: Stack, day: str, *, session: int, title: str) -> str:
    """Write the report of one session, for the issue; return where its editor is."""
    page.goto(f"{stack.url}/organisation/comptes-rendus/")
    page.locator(f'a[href="/organisation/journees/{day}/compte-rendu/?seance={session}"]').click()
    expect(page.locator("[name=sessions]:checked")).to_have_count(1)
    page.fill("[name=title]", title)
    page.fill("[name=lead]", "Deux territoires, une même question.")
    page.fill("[name=body]", "Les directions ont été réunies.\n\nLes élus ont suivi.")
    page.select_option("[name=issue]", label=f"N° {NUMBER}")
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_text("Le brouillon est enregistré.")).to_be_visible()
    return page.url


def press(page: Page, editor: str, button: str) -> None:
    page.goto(editor)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_past_day_becomes_a_published_issue(newsroom: Stack, browser: Browser, past_day: str) -> None:
    with at_work(browser, newsroom, EDITOR) as chief, at_work(browser, newsroom, AUTHOR) as author:
        chief.goto(f"{newsroom.url}/organisation/numeros/nouveau/")
        chief.fill("[name=number]", str(NUMBER))
        chief.fill("[name=title]", "Mutualiser")
        chief.get_by_role("button", name="Enregistrer").click()
        first = write_report(chief, newsroom, past_day, session=1, title="Angers met en commun")
        second = write_report(author, newsroom, past_day, session=2, title="Mulhouse hésite")
        chief.get_by_role("button", name="Soumettre à relecture").click()
        author.get_by_role("button", name="Soumettre à relecture").click()
        expect(author.get_by_text("quelqu’un d’autre doit l’approuver").first).to_be_visible()
        expect(author.get_by_role("button", name="Approuver", exact=True)).to_have_count(0)

        # The chief asks for changes; the author is told by mail, changes the text and hands it over again.
        chief.goto(second)
        chief.fill("[name=note]", "Dites combien d’agents.")
        chief.get_by_role("button", name="Demander des changements").click()
        author.goto(second)
        expect(author.get_by_text("Dites combien d’agents.").first).to_be_visible()
        wait_until(lambda: newsroom.mail.to(AUTHOR))

        # What the author types is kept without being saved, and offered back when the page is opened anew.
        author.fill("[name=lead]", "Deux territoires, et 40 agents.")
        expect(author.get_by_text("Brouillon gardé à")).to_be_visible(timeout=25_000)
        author.goto(second)
        expect(author.get_by_text("Un brouillon non enregistré de")).to_be_visible()
        author.get_by_role("link", name="Reprendre").click()
        expect(author.locator("[name=lead]")).to_have_value("Deux territoires, et 40 agents.")

        # Both have it open: each sees the other; both save, and the author puts the two texts together.
        chief.goto(second)
        expect(chief.get_by_text("est en train de modifier cet article depuis").first).to_be_visible(timeout=20_000)
        chief.fill("[name=body]", "Les directions ont été réunies en mars.\n\nLes élus ont suivi.")
        author.fill("[name=body]", "Les directions de 40 agents ont été réunies.\n\nLes élus ont suivi.")
        chief.locator(".save-bar").get_by_role("button", name="Enregistrer", exact=True).click()
        expect(chief.get_by_text("C’est enregistré.")).to_be_visible()
        author.locator(".save-bar").get_by_role("button", name="Enregistrer", exact=True).click()
        expect(author.get_by_role("heading", name="Deux textes pour un article")).to_be_visible()
        expect(author.locator(".diff del").first).to_be_visible()
        author.fill("[name=body]", "Les directions de 40 agents ont été réunies en mars.\n\nLes élus ont suivi.")
        author.locator(".save-bar").get_by_role("button", name="Enregistrer", exact=True).click()
        expect(author.get_by_text("C’est enregistré.")).to_be_visible()
        author.get_by_role("button", name="Soumettre à relecture").click()

        # Each approves the other's text for the issue, which then appears with both.
        press(chief, second, "Faire paraître avec le numéro")
        press(author, first, "Faire paraître avec le numéro")
        expect(author.get_by_text("L’article paraîtra avec son numéro.")).to_be_visible()
        chief.goto(f"{newsroom.url}/organisation/redaction/")
        expect(chief.get_by_role("heading", name="Avec le numéro · 2")).to_be_visible()
        chief.goto(f"{newsroom.url}/organisation/numeros/{NUMBER}/")
        expect(chief.get_by_text("2 textes l’attendent")).to_be_visible()
        with visitor(browser, forgiving=True) as reader:
            answer = reader.goto(f"{newsroom.url}/magazine/{NUMBER}/")
            assert answer is not None
            assert answer.status == 404
        chief.get_by_role("button", name="Faire paraître le numéro maintenant").click()
        expect(chief.get_by_text("Le numéro est paru, avec 2 textes.")).to_be_visible()

    with visitor(browser) as reader:
        reader.goto(f"{newsroom.url}/magazine/{NUMBER}/")
        expect(reader.get_by_role("link", name="Angers met en commun")).to_be_visible()
        reader.get_by_role("link", name="Mulhouse hésite").click()
        expect(reader.get_by_text("Deux territoires, et 40 agents.")).to_be_visible()
        expect(reader.get_by_text("Les directions de 40 agents ont été réunies en mars.")).to_be_visible()
