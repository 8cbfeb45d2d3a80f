"""Five seats bought with two names: three colleagues fill in theirs, and one of them is replaced."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_gifts_and_renewals import is_well_made, link_in_the_mail
from tests.support.browser import visitor
from tests.support.makers.orders import SIRET
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


def _register(page: Page, stack: Stack, slug: str, *, email: str) -> None:
    """Buy five seats at the standard rate by mandat: the buyer's own, one colleague's, and three without a name."""
    page.goto(f"{stack.url}/journees/{slug}/inscription/")
    page.fill("[name=attendees-0-first_name]", "Dominique")
    page.fill("[name=attendees-0-last_name]", "Martin")
    page.fill("[name=attendees-0-email]", email)
    page.select_option("[name=attendees-0-rate]", "standard")
    for _number in range(4):
        page.get_by_role("button", name="Ajouter un participant").click()
    page.fill("[name=attendees-1-first_name]", "Claude")
    page.fill("[name=attendees-1-last_name]", "Roux")
    page.fill("[name=attendees-1-email]", f"roux-{email}")
    for number in (2, 3, 4):
        page.locator(f"[name=attendees-{number}-name_later]").check()
        expect(page.locator(f"[name=attendees-{number}-last_name]")).to_be_hidden()
    page.fill("[name=organisation]", "Ville d’Exemple")
    page.fill("[name=siret]", SIRET)
    page.fill("[name=address]", "1, place de la Mairie")
    page.fill("[name=postcode]", "44000")
    page.fill("[name=city]", "Nantes")
    page.check("[name=payment_method][value=mandat]")
    page.check("[name=accept_terms]")
    page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos places sont confirmées")


def _fill_in(browser: Browser, link: str, *, last_name: str, email: str, javascript: bool) -> None:
    with visitor(browser, javascript=javascript, width=390) as page:
        page.goto(link)
        expect(page.get_by_role("heading", level=1)).to_have_text("Une place vous est réservée")
        page.fill("[name=first_name]", "Camille")
        page.fill("[name=last_name]", last_name)
        page.fill("[name=email]", email)
        page.get_by_role("button", name="C’est moi").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre place est confirmée")
        expect(page.locator("main")).not_to_contain_text("Roux")
        if javascript:
            is_well_made(page)


def test_a_team_fills_in_its_seats_and_one_is_replaced(
    stack: Stack, browser: Browser, open_day: str, database: str
) -> None:
    buyer = f"equipe-{database}@ville-exemple.fr"
    colleagues = [f"collegue{number}-{database}@ville-exemple.fr" for number in (3, 4, 5)]
    with visitor(browser) as page:
        _register(page, stack, open_day, email=buyer)
        page.get_by_role("link", name="Donner les noms").click()
        people = page.url
        expect(page.locator("main")).to_contain_text("Il reste 3 places à nommer")
        is_well_made(page)
        for number, address in enumerate(colleagues, start=2):
            seat = page.locator("li.seat").nth(number)
            seat.locator("summary").focus()
            page.keyboard.press("Enter")
            seat.get_by_label("Courriel de la personne").fill(address)
            page.keyboard.press("Enter")
            expect(page.get_by_role("status")).to_contain_text(f"L’invitation est partie à {address}.")

    for number, address in enumerate(colleagues, start=3):
        link = link_in_the_mail(stack, address, "/inscriptions/")
        _fill_in(browser, link, last_name=f"Petit{number}", email=address, javascript=number != 4)
    former = link_in_the_mail(stack, colleagues[0], "/inscriptions/").split("billet.pdf")[0].split("agenda.ics")[0]

    with visitor(browser, javascript=False) as page:
        page.goto(people)
        expect(page.locator("main")).to_contain_text("Tout le monde est nommé")
        page.get_by_role("link", name="Remplacer Camille Petit3").click()
        page.fill("[name=first_name]", "Andrée")
        page.fill("[name=last_name]", "Lefort")
        page.fill("[name=email]", f"lefort-{database}@ville-exemple.fr")
        page.get_by_role("button", name="Remplacer").click()
        expect(page.get_by_role("status")).to_contain_text("Andrée Lefort remplace Camille Petit3")
        href = page.get_by_role("link", name="Tous les billets (PDF)").get_attribute("href")
        tickets = page.request.get(f"{stack.url}{href}")
        assert tickets.headers["content-type"] == "application/pdf"

    own = link_in_the_mail(stack, f"lefort-{database}@ville-exemple.fr", "/inscriptions/")
    with visitor(browser, forgiving=True) as page:
        page.goto(own.split("billet.pdf")[0].split("agenda.ics")[0])
        expect(page.get_by_role("heading", level=1)).to_have_text("Votre place est confirmée")
        expect(page.locator(".ticket")).to_contain_text("Andrée Lefort")
        answer = page.goto(former)
        assert answer is not None
        assert answer.status == 404
