"""The door on phones, by keyboard: four people, one scanned without the network, one ticket at two doors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from qrcode.main import QRCode

from eventsapp.accounts.access import RoleName
from eventsapp.attendance.models import CheckIn
from eventsapp.attendance.statuses import Outcome
from eventsapp.core.db import db, writing
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.journeys.conftest import wait_until
from tests.support.browser import faults
from tests.support.makers.accounts import make_user, sign_in_page
from tests.support.makers.attendance import codes_of, make_open_day
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]

WIDTH = 360


@pytest.fixture
def today(stack: Stack) -> tuple[str, list[str]]:
    """The slug of a day held today, and its four tickets by name."""
    begins = datetime.now(ZoneInfo("Europe/Paris")).replace(hour=9, minute=0, second=0, microsecond=0)
    with writing():
        day = make_open_day(4, starts_at=begins, ends_at=begins.replace(hour=17))
        if db.session.query(Registration).filter_by(study_day_id=day.id).count() != 4:
            raise AssertionError
        for name in ("a", "b"):
            make_user(RoleName.DOOR, email=f"porte-{name}-{day.id}@exemple.fr")
        made = day.slug, codes_of(day)
        db.session.remove()
    return made


@contextmanager
def phone(browser: Browser, stack: Stack, slug: str, name: str) -> Iterator[Page]:
    """Stand at a door with a phone; the page is ready for the network to go."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 740}, locale="fr-FR")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    day = db.session.query(StudyDay).filter_by(slug=slug).one()
    sign_in_page(page, stack.url, email=f"porte-{name.lower()}-{day.id}@exemple.fr")
    db.session.remove()
    page.goto(f"{stack.url}/organisation/journees/{slug}/accueil/")
    page.get_by_label("Nom de cet accueil").fill(f"Porte {name}")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-offline-ready]")
    try:
        yield page
    finally:
        context.close()
    assert broken == []


def _type(page: Page, text: str) -> None:
    """Type as a scanner does: into whatever has the focus, then Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def _outcomes(slug: str) -> list[tuple[str, str, str]]:
    rows = (
        db.session.query(Registration.last_name, CheckIn.outcome, CheckIn.device)
        .join(CheckIn.registration)
        .join(StudyDay, StudyDay.id == CheckIn.study_day_id)
        .filter(StudyDay.slug == slug)
    )
    found = sorted((name, outcome.value, device) for name, outcome, device in rows)
    db.session.remove()
    return found


def test_four_people_come_in_one_without_the_network_and_one_ticket_at_two_doors(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as one, phone(browser, stack, slug, "B") as other:
        # A scanner types and presses Enter: the field has the focus, and keeps it.
        _type(one, codes[0])
        card = one.locator(".door-answer")
        expect(card).to_contain_text("Claude Roux1")
        expect(card).to_have_attribute("data-outcome", "admitted")
        expect(one.locator("#code")).to_be_focused()
        expect(one.locator("[data-arrived]")).to_have_text("1")
        assert faults(one) == []
        assert one.evaluate("document.documentElement.scrollWidth") <= WIDTH

        # The same ticket at the other door.
        _type(other, codes[0])
        expect(other.locator(".door-answer")).to_contain_text("Billet déjà passé")
        expect(other.locator(".door-answer")).to_contain_text("Porte A")
        assert faults(other) == []

        # Without the network: a ticket, then after a reload a name.
        one.context.set_offline(True)
        _type(one, codes[1])
        expect(card).to_contain_text("Entrée, à envoyer")
        expect(one.locator("[data-state]")).to_have_text("Hors ligne – 1 arrivée à envoyer")
        one.reload()
        one.wait_for_selector("[data-ready]")
        expect(one.locator("[data-state]")).to_have_text("Hors ligne – 1 arrivée à envoyer")
        expect(one.locator("[data-arrived]")).to_have_text("2")
        _type(one, "roux3")
        button = one.get_by_role("button", name="Faire entrer Claude Roux3")
        expect(button).to_be_visible()
        button.focus()
        one.keyboard.press("Enter")
        expect(card).to_contain_text("Claude Roux3")
        expect(one.locator("[data-state]")).to_have_text("Hors ligne – 2 arrivées à envoyer")
        assert faults(one) == []
        # A ticket that let somebody in here lets in nobody else, network or not.
        _type(one, codes[1])
        expect(card).to_contain_text("Billet déjà passé")

        # Meanwhile the other door lets the third in, and the fourth.
        for code, name in ((codes[2], "Claude Roux3"), (codes[3], "Claude Roux4")):
            _type(other, code)
            expect(other.locator(".door-answer")).to_contain_text(name)
            expect(other.locator(".door-answer")).to_have_attribute("data-outcome", "admitted")

        one.context.set_offline(False)
        expect(one.locator("[data-conflicts]")).to_contain_text("Claude Roux3", timeout=40_000)
        expect(one.locator("[data-conflicts]")).to_contain_text("Porte B")
        expect(one.locator("[data-state]")).to_be_hidden()
        assert faults(one) == []

    wait_until(lambda: len(_outcomes(slug)) == 6)
    assert _outcomes(slug) == [
        ("Roux1", Outcome.ADMITTED, "Porte A"),
        ("Roux1", Outcome.ALREADY, "Porte B"),
        ("Roux2", Outcome.ADMITTED, "Porte A"),
        ("Roux3", Outcome.ADMITTED, "Porte B"),
        ("Roux3", Outcome.ALREADY, "Porte A"),
        ("Roux4", Outcome.ADMITTED, "Porte B"),
    ]


def test_the_phone_forgets_the_people_when_told_to_and_at_sign_out(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, _codes = today
    kept = """async () => {
        const asked = (request) => new Promise((done) => { request.onsuccess = () => done(request.result); });
        if (!(await indexedDB.databases()).some(({ name }) => name === "door")) return 0;
        const database = await asked(indexedDB.open("door"));
        const tickets = await asked(database.transaction("tickets").objectStore("tickets").count());
        database.close();
        return tickets;
    }"""
    with phone(browser, stack, slug, "A") as page:
        assert page.evaluate(kept) == 4
        page.get_by_role("button", name="Effacer la liste de ce téléphone").click()
        page.wait_for_url(f"{stack.url}/organisation/")
        assert page.evaluate(kept) == 0
    with phone(browser, stack, slug, "B") as page:
        assert page.evaluate(kept) == 4
        page.goto(f"{stack.url}/compte/")
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url("**/compte/connexion/")
        assert page.evaluate(kept) == 0
        assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


_CAMERA = """(modules) => {
    const size = modules.length + 8, scale = 8;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size * scale;
    const drawn = canvas.getContext("2d");
    const draw = () => {
        drawn.fillStyle = "white";
        drawn.fillRect(0, 0, canvas.width, canvas.height);
        drawn.fillStyle = "black";
        modules.forEach((row, y) => row.forEach((dark, x) => {
            if (dark) drawn.fillRect((x + 4) * scale, (y + 4) * scale, scale, scale);
        }));
    };
    draw();
    setInterval(draw, 100);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
}"""


def test_the_camera_reads_a_ticket_and_a_refused_one_leaves_the_keyboard(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('refused')); }")
        page.get_by_role("button", name="Caméra", exact=True).click()
        expect(page.locator(".door-answer")).to_contain_text("La caméra n’est pas disponible")
        expect(page.locator("#code")).to_be_focused()

        code = QRCode(border=0)
        code.add_data(f"https://exemple.fr/billets/{codes[0]}")
        page.evaluate(_CAMERA, code.get_matrix())
        page.get_by_role("button", name="Caméra", exact=True).click()

        expect(page.locator(".door-answer")).to_contain_text("Claude Roux1", timeout=30_000)
        expect(page.locator(".door-answer")).to_have_attribute("data-outcome", "admitted")
        assert faults(page) == []
        page.get_by_role("button", name="Fermer la caméra").click()
        expect(page.locator("video")).to_be_hidden()
