"""The office and the door where people, bodies and addresses have very long names: nothing runs over the page."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from eventsapp.accounts.access import RoleName
from eventsapp.checkout.values import Subscription
from eventsapp.core.db import db, writing
from eventsapp.orders.values import Buyer
from eventsapp.subscriptions.values import Delivery
from tests.support.browser import visitor
from tests.support.makers.accounts import make_user, sign_in_page
from tests.support.makers.orders import TOWN_HALL, an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]

#: Eighty letters without a place to break them, and as many with.
WORD = "Wolfeschlegelsteinhausenbergerdorff" * 2 + "Montmorenc"
NAME = "Marie-Antoinette Philippine de La Rochefoucauld-Montmorency d’Aubigné Saint-Hilai"[:80]
BODY = ("Syndicat intercommunal à vocation multiple pour la mutualisation des services techniques, " * 3)[:200]
EMAIL = f"{'m' * 64}@direction-generale-adjointe.services-techniques.communaute-d-agglomeration.exemple.fr"
OUT_OF_PAGE = """() => [...document.querySelectorAll("main *")].filter((each) => {
    const box = each.getBoundingClientRect();
    let holds = each.parentElement;
    while (holds && getComputedStyle(holds).overflowX === "visible") holds = holds.parentElement;
    return each.checkVisibility() && box.width && box.right > innerWidth + 1 && holds === null;
}).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def named(stack: Stack) -> str:
    """The slug of a day held today with people of long names."""
    begins = datetime.now(ZoneInfo("Europe/Paris")).replace(hour=9, minute=0, second=0, microsecond=0)
    with writing():
        day = make_study_day(starts_at=begins, ends_at=begins.replace(hour=17))
        people = [
            an_attendee(1, first_name=WORD, last_name=WORD, email=EMAIL, job_title=BODY[:150]),
            an_attendee(2, first_name=NAME, last_name=NAME, email=EMAIL, job_title=NAME),
        ]
        buyer = Buyer(email=EMAIL, first_name=WORD, last_name=WORD)
        delivery = Delivery(name=NAME[:38], address="1, place de la Mairie", postcode="44000", city="Nantes")
        place(
            seats(day, *people),
            Subscription(plan="individuel", delivery=delivery),
            buyer=buyer,
            billing=replace(TOWN_HALL, organisation=BODY),
        )
        make_user(RoleName.ADMINISTRATOR, email="longs@exemple.fr")
        slug = day.slug
        db.session.remove()
    return slug


@pytest.mark.parametrize("width", [1280, 390])
def test_lists_and_the_door_hold_long_names(
    stack: Stack, browser: Browser, named: str, width: int, tmp_path: Path
) -> None:
    with visitor(browser, width=width) as page:
        sign_in_page(page, stack.url, email="longs@exemple.fr")
        for address in (
            "/organisation/inscriptions/",
            f"/organisation/journees/{named}/inscriptions/",
            f"/organisation/journees/{named}/presences/",
            "/organisation/commandes/",
            "/organisation/abonnes/",
            f"/organisation/journees/{named}/accueil/?q=montmoren",
        ):
            page.goto(f"{stack.url}{address}")
            expect(page.locator("main")).to_contain_text("mmmm" if "abonnes" in address else "Montmoren")
            _expect_whole(page)
        page.get_by_role("button", name=f"Faire entrer {WORD}").click()
        answer = page.locator(".door-answer")
        expect(answer).to_contain_text("Entrée")
        _expect_whole(page)
        page.screenshot(path=tmp_path / f"door-{width}.png", full_page=True)
        answer.get_by_role("button", name="Annuler cette entrée").click()
        expect(page.locator("main")).to_contain_text("entrée annulée")
        _expect_whole(page)
        page.screenshot(path=tmp_path / f"undone-{width}.png", full_page=True)


def _expect_whole(page: Page) -> None:
    assert page.evaluate(OUT_OF_PAGE) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
