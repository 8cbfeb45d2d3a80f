"""From a past day to a published issue: written, read by somebody else, changed by two, and seen by readers."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db, writing
from tests.journeys.conftest import wait_until
from tests.support.browser import WIDTHS, visitor
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


def illustrate(page: Page, picture: Path) -> None:
    """By keyboard alone: a text pasted from Word, a note, a quote of who spoke, a picture with what it shows."""
    page.locator("[name=body]").press("ControlOrMeta+A")
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            );
        }""",
        "<h1>Ce qui change<o:p></o:p></h1><p class=MsoNormal>Les <b>directions</b> ont été réunies.</p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Les élus ont suivi.</p>",
    )
    expect(page.locator("[name=body]")).to_have_value(
        "## Ce qui change\n\nLes **directions** ont été réunies.\n\nLes élus ont suivi.\n"
    )
    expect(page.get_by_text("Collé sans les styles")).to_be_visible()
    page.keyboard.press("Alt+F10")
    expect(page.locator("[data-mark=bold]")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Image dans le texte")
    dialog.get_by_label("Image", exact=True).set_input_files(picture)
    dialog.get_by_label("Légende et crédit").fill("Angers, © A. Roux")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Dites ce que montre l’image")).to_be_visible()
    expect(dialog.get_by_label("Ce que montre l’image")).to_be_focused()
    page.keyboard.type("Un beffroi")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Alt+F10")
    page.keyboard.press("Home")
    for _step in range(7):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Citation").get_by_label("Qui le dit").select_option(index=1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Il fallait oser.")
    page.keyboard.press("Alt+F10")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.keyboard.type("Rapport de 2025.")
    expect(page.locator("#preview figure img")).to_be_visible()
    expect(page.locator("#preview .pull-quote figcaption")).to_contain_text("Michel Monier")
    expect(page.locator("#preview .notes")).to_contain_text("Rapport de 2025.")
    expect(page.locator("#preview .remarks")).to_have_count(0)


def press(page: Page, editor: str, button: str) -> None:
    page.goto(editor)
    page.get_by_role("button", name=button, exact=True).click()


def beffroi(folder: Path) -> Path:
    """A photograph as cameras make them: large."""
    picture = folder / "beffroi.jpg"
    Image.effect_mandelbrot((2400, 1350), (-2, -1.2, 1, 1.2), 60).convert("RGB").save(picture, "JPEG")
    return picture


def illustrate_head(page: Page, editor: str, picture: Path) -> None:
    page.goto(editor + "image/")
    page.set_input_files("[name=cover]", picture)
    page.fill("[name=alt]", "Le beffroi d’Angers")
    page.fill("[name=credit]", "A. Roux")
    page.get_by_role("button", name="Enregistrer l’image").click()
    expect(page.get_by_text("C’est enregistré.")).to_be_visible()


def test_a_past_day_becomes_a_published_issue(newsroom: Stack, browser: Browser, past_day: str, tmp_path: Path) -> None:
    with at_work(browser, newsroom, EDITOR) as chief, at_work(browser, newsroom, AUTHOR) as author:
        chief.goto(f"{newsroom.url}/organisation/numeros/nouveau/")
        chief.fill("[name=number]", str(NUMBER))
        chief.fill("[name=title]", "Mutualiser")
        chief.get_by_role("button", name="Enregistrer").click()
        first = write_report(chief, newsroom, past_day, session=1, title="Angers met en commun")
        illustrate(chief, beffroi(tmp_path))
        chief.locator(".save-bar").get_by_role("button", name="Enregistrer", exact=True).click()
        expect(chief.get_by_text("C’est enregistré.")).to_be_visible()
        illustrate_head(chief, first, beffroi(tmp_path))
        chief.goto(first)
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

    for width in WIDTHS:
        with visitor(browser, width=width) as reader:
            reader.goto(f"{newsroom.url}/magazine/{NUMBER}/")
            expect(reader.locator(".contents .thumb")).to_have_count(1)
            reader.get_by_role("link", name="Mulhouse hésite").click()
            expect(reader.get_by_text("Deux territoires, et 40 agents.")).to_be_visible()
            expect(reader.get_by_text("Les directions de 40 agents ont été réunies en mars.")).to_be_visible()
            reader.get_by_role("region", name="À lire").get_by_role("link", name="Angers met en commun").click()
            expect(reader.get_by_role("heading", name="Angers met en commun")).to_be_visible()
            for image in reader.locator("article img").all():
                image.scroll_into_view_if_needed()
                expect(image).to_have_js_property("complete", value=True)
                assert image.evaluate("image => image.naturalWidth") > 0
            assert not overflows(reader)

            feed = ET.fromstring(reader.request.get(f"{newsroom.url}/articles/flux.atom").text())  # noqa: S314 - our own feed
            assert {"Angers met en commun", "Mulhouse hésite"} <= {
                title.text for title in feed.iter("{http://www.w3.org/2005/Atom}title")
            }
            paper = PdfReader(BytesIO(reader.request.get(reader.url.rstrip("/") + ".pdf").body()))
            text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
            assert "Il fallait oser." in text
            assert "Rapport de 2025." in text
            assert "Mulhouse hésite" in text, "under « À lire »"
            assert sum(len(page.images) for page in paper.pages) == 1


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
