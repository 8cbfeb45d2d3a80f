"""What a phone at the door keeps, hands over before it forgets, and reads by its camera."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from qrcode.main import QRCode

from eventsapp.accounts.access import RoleName
from eventsapp.attendance.statuses import Outcome
from eventsapp.core.db import db, writing
from eventsapp.study_days.models import StudyDay
from tests.journeys.conftest import wait_until
from tests.journeys.doors import expect_answer, expect_undone, make_today, passages, phone, show_ticket
from tests.support.browser import faults
from tests.support.makers.accounts import make_user, sign_in_page
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


@pytest.fixture
def today(stack: Stack) -> tuple[str, list[str]]:
    """The slug of a day held today, and its four tickets by name."""
    return make_today()


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


def test_signing_out_hands_over_what_the_phone_kept_and_says_what_it_cannot(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        page.context.route("**/passages", lambda route: route.abort())
        show_ticket(page, codes[0])
        expect_answer(page, "Entrée, à envoyer", admitted=True)

        page.goto(f"{stack.url}/compte/")
        page.get_by_role("button", name="Se déconnecter", exact=True).click()
        warning = page.locator("[data-told]")
        expect(warning).to_contain_text("Une arrivée notée sur ce téléphone n’est pas encore envoyée")
        expect(page.get_by_role("button", name="Se déconnecter et les perdre")).to_be_focused()
        assert faults(page) == []

        page.context.unroute("**/passages")
        page.reload()
        page.get_by_role("button", name="Se déconnecter", exact=True).click()
        page.wait_for_url("**/compte/connexion/")
    assert passages(slug) == [("Roux1", Outcome.ADMITTED, "Porte A")]


def test_signing_out_says_so_when_the_phone_cannot_tell_what_it_keeps(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, _codes = today
    with phone(browser, stack, slug, "A") as page:
        page.goto(f"{stack.url}/compte/")
        page.evaluate(
            "() => { indexedDB.databases = undefined; indexedDB.open = () => { throw new Error('locked'); }; }"
        )
        page.get_by_role("button", name="Se déconnecter", exact=True).click()
        expect(page.locator("[data-told]")).to_contain_text("ne peut pas dire s’il garde des arrivées")
        page.get_by_role("button", name="Se déconnecter et les perdre").click()
        page.wait_for_url("**/compte/connexion/")


_HELD = """() => {
    const real = window.fetch;
    const waits = new Promise((go) => { window.letGo = go; });
    window.fetch = async (...asked) => {
        if (String(asked[0]).includes("liste.json")) await waits;
        return real(...asked);
    };
}"""


def test_of_two_scans_behind_one_hand_over_each_is_told_what_the_site_said(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as first, phone(browser, stack, slug, "B") as second:
        show_ticket(first, codes[0])
        expect_answer(first, "Claude Roux1", admitted=True)
        # A hand-over is under way when two tickets are shown; the next one takes both.
        second.evaluate(_HELD)
        second.evaluate("() => dispatchEvent(new Event('online'))")
        show_ticket(second, codes[1])
        show_ticket(second, codes[0])
        second.evaluate("() => window.letGo()")

        expect_answer(second, "Claude Roux1", "Billet déjà passé", admitted=False)
        expect(second.locator("[data-conflicts]")).to_be_hidden()
    assert passages(slug) == [
        ("Roux1", Outcome.ADMITTED, "Porte A"),
        ("Roux1", Outcome.ALREADY, "Porte B"),
        ("Roux2", Outcome.ADMITTED, "Porte B"),
    ]


def test_an_entry_whose_answer_was_lost_is_taken_back_at_the_site_too(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        # The site hears of the scan; the phone does not hear of the site.
        page.context.route("**/passages", lambda route: (route.fetch(), route.abort()))
        show_ticket(page, codes[0])
        expect_answer(page, "Entrée, à envoyer", admitted=True)
        assert passages(slug) == [("Roux1", Outcome.ADMITTED, "Porte A")]

        page.context.unroute("**/passages")
        page.get_by_role("button", name="Annuler cette entrée").click()
        expect(page.locator(".door-answer")).to_have_count(0)
        expect_undone(page, "Claude Roux1")
        expect(page.locator("[data-state]")).to_be_hidden()
        expect(page.locator("[data-arrived]")).to_have_text("0")
        wait_until(lambda: ("Roux1", Outcome.UNDONE, "Porte A") in passages(slug))

        show_ticket(page, codes[0])
        expect_answer(page, "Claude Roux1", admitted=True)
        expect(page.locator("[data-conflicts]")).to_be_hidden()


def test_what_was_taken_back_before_it_left_is_never_handed_over(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        page.context.set_offline(True)
        for taken_back in (True, True, False):
            show_ticket(page, codes[0])
            expect_answer(page, "Entrée, à envoyer", admitted=True)
            if taken_back:
                page.get_by_role("button", name="Annuler cette entrée").click()
                expect(page.locator(".door-answer")).to_have_count(0)
                expect_undone(page, "Claude Roux1")
                expect(page.locator("[data-arrived]")).to_have_text("0")
                expect(page.locator("[data-state]")).to_have_text("Hors ligne")
        expect(page.locator("[data-state]")).to_contain_text("1 arrivée à envoyer")
        # Beside the name too: nothing of it has left either.
        show_ticket(page, codes[1])
        expect_answer(page, "Claude Roux2", "Entrée, à envoyer", admitted=True)
        show_ticket(page, "roux2")
        page.locator("[data-found]").get_by_role("button", name="Annuler l’entrée de Claude Roux2").click()
        expect(page.get_by_role("button", name="Faire entrer Claude Roux2")).to_be_visible()
        expect_undone(page, "Claude Roux2")

        page.context.set_offline(False)
        expect(page.locator("[data-state]")).to_be_hidden()
        expect(page.locator("[data-arrived]")).to_have_text("1")
        expect(page.locator("[data-conflicts]")).to_be_hidden()
    assert passages(slug) == [("Roux1", Outcome.ADMITTED, "Porte A")]


def test_what_is_handed_over_after_the_day_says_that_it_is_over(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        page.context.set_offline(True)
        show_ticket(page, codes[0])
        expect_answer(page, "Entrée, à envoyer", admitted=True)
        with writing():
            day = db.session.query(StudyDay).filter_by(slug=slug).one()
            day.starts_at -= timedelta(days=1)
            day.ends_at -= timedelta(days=1)
            db.session.commit()
            db.session.remove()
        page.context.set_offline(False)

        listed = page.locator("[data-conflicts] li")
        expect(listed).to_contain_text("Claude Roux1 – Cette journée est passée")
        expect(page.locator("[data-arrived]")).to_have_text("0")
        expect(page.locator("[data-state]")).to_be_hidden()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        assert faults(page) == []
    assert passages(slug) == []


def test_the_door_of_a_day_that_is_over_offers_no_entry_to_a_script_either(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, _codes = today
    with writing():
        day = db.session.query(StudyDay).filter_by(slug=slug).one()
        day.starts_at -= timedelta(days=1)
        day.ends_at -= timedelta(days=1)
        make_user(RoleName.ORGANISER, email=f"{slug}@lettre.example")
        db.session.commit()
        db.session.remove()
    context = browser.new_context(viewport={"width": 390, "height": 740}, locale="fr-FR")
    page = context.new_page()
    sign_in_page(page, stack.url, email=f"{slug}@lettre.example")
    page.goto(f"{stack.url}/organisation/journees/{slug}/accueil/")
    page.wait_for_selector("[data-ready]")

    show_ticket(page, "roux")

    expect(page.locator("[data-found] li")).to_have_count(4)
    expect(page.get_by_text("Aucune entrée").first).to_be_visible()
    expect(page.get_by_role("button", name="Faire entrer")).to_have_count(0)
    expect(page.get_by_role("button", name="Caméra")).to_have_count(0)
    expect(page.get_by_role("button", name="Chercher")).to_be_visible()
    context.close()


def test_a_search_says_how_many_it_finds_and_puts_them_where_the_last_entry_stood(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        told = page.locator("[role=status][data-told]")
        show_ticket(page, codes[0])
        expect_answer(page, "Claude Roux1", admitted=True)
        expect(told).to_have_text("")

        show_ticket(page, "roux")
        expect(told).to_have_text("4 personnes trouvées.")
        expect(page.locator(".door-answer")).to_have_count(0)
        show_ticket(page, "roux3")
        expect(told).to_have_text("1 personne trouvée.")
        show_ticket(page, "dupont")
        expect(told).to_have_text("Personne de ce nom sur la liste.")
        expect(page.locator("[data-found]")).to_be_hidden()
        assert faults(page) == []


def test_the_latest_entries_show_what_this_door_does_as_it_does_it(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        latest = page.locator("[data-latest] li")
        show_ticket(page, codes[0])
        expect(latest).to_have_count(1)
        show_ticket(page, codes[1])
        expect(latest.locator("strong")).to_have_text(["Claude Roux2", "Claude Roux1"])

        latest.get_by_role("button", name="Annuler l’entrée de Claude Roux1").click()
        expect_undone(page, "Claude Roux1")
        expect(latest.locator("strong")).to_have_text(["Claude Roux2"])
        page.get_by_role("button", name="Annuler l’entrée de Claude Roux2").click()
        expect(page.locator("[data-latest]")).to_be_hidden()
        wait_until(lambda: len(passages(slug)) == 4)


def test_of_a_group_let_in_at_once_each_entry_has_its_own_button(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        show_ticket(page, codes[0])
        page.get_by_role("button", name="Faire entrer aussi les 3 autres").click()
        card = page.locator(".door-answer")
        expect(card.get_by_role("button")).to_have_text([f"Annuler l’entrée de Claude Roux{n}" for n in range(1, 5)])
        expect(page.locator("[data-latest] li")).to_have_count(4)

        for number, left in ((2, "Claude Roux1, Claude Roux3, Claude Roux4"), (4, "Claude Roux1, Claude Roux3")):
            card.get_by_role("button", name=f"Annuler l’entrée de Claude Roux{number}").click()
            expect(page.locator(".door-undone")).to_contain_text(f"Claude Roux{number}")
            expect(card.locator("[data-name]")).to_have_text(left)
        expect(page.locator("[data-arrived]")).to_have_text("2")
        assert faults(page) == []
    assert [name for name, outcome, _door in passages(slug) if outcome == Outcome.UNDONE] == ["Roux2", "Roux4"]


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


def test_beside_a_name_an_entry_of_another_door_is_taken_back_and_the_person_let_in_again(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as first, phone(browser, stack, slug, "B") as second:
        show_ticket(first, codes[0])
        expect_answer(first, "Claude Roux1", admitted=True)
        second.evaluate("() => dispatchEvent(new Event('online'))")
        expect(second.locator("[data-arrived]")).to_have_text("1")

        show_ticket(second, "roux1")
        second.locator("[data-found]").get_by_role("button", name="Annuler l’entrée de Claude Roux1").click()
        second.get_by_role("button", name="Faire entrer Claude Roux1").click()
        expect_answer(second, "Claude Roux1", admitted=True)
        show_ticket(second, "roux1")
        second.locator("[data-found]").get_by_role("button", name="Annuler l’entrée de Claude Roux1").click()
        expect(second.get_by_role("button", name="Faire entrer Claude Roux1")).to_be_visible()

    assert passages(slug) == [
        ("Roux1", "admitted", "Porte A"),
        ("Roux1", "admitted", "Porte B"),
        ("Roux1", "undone", "Porte B"),
        ("Roux1", "undone", "Porte B"),
    ]
