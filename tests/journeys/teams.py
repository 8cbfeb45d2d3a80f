"""Five seats for a team: bought with two names, filled in by the colleagues from their invitations."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_gifts_and_renewals import is_well_made
from tests.support.browser import visitor
from tests.support.makers.orders import SIRET
from tests.support.stack import Stack


def buy_five(page: Page, stack: Stack, slug: str, *, email: str) -> None:
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


def invite(page: Page, addresses: list[str], *, first: int) -> None:
    """Invite people to the seats from ``first`` on, by the keyboard alone."""
    for number, address in enumerate(addresses, start=first):
        seat = page.locator("li.seat").nth(number)
        seat.locator("summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(seat.get_by_label("Courriel de la personne")).to_be_focused()
        page.keyboard.type(address)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text(f"L’invitation est partie à {address}.")


def fill_in(browser: Browser, link: str, *, last_name: str, email: str, javascript: bool) -> None:
    """Say who one is, by the link of the invitation."""
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
