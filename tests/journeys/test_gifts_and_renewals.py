"""A subscription offered, announced by mail, accepted by its reader, and renewed by the link: no password anywhere."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from eventsapp.core.db import db
from eventsapp.subscriptions import queries
from tests.journeys.conftest import wait_until
from tests.support.browser import WIDTHS, faults, visitor
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


def is_well_made(page: Page) -> None:
    """Nothing is wrong with the page, on a desk and on a phone."""
    size = page.viewport_size
    assert size is not None
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.set_viewport_size(size)


def pay_by_card(page: Page, stack: Stack) -> None:
    page.check("[name=payment_method][value=card]")
    page.check("[name=accept_terms]")
    page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Payer par carte")
    page.get_by_role("button", name=re.compile("4242")).click()
    page.get_by_role("button", name=re.compile("^Payer")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Tout est réglé"), timeout=20_000)


def link_in_the_mail(stack: Stack, address: str, path: str) -> str:
    """Wait for a mail to ``address`` with a link below ``path``, and return the link."""
    found: list[str] = []

    def arrived() -> bool:
        for mail in stack.mail.to(address):
            body = mail.get_body(("plain",))
            assert body is not None
            found.extend(re.findall(rf"http\S+{path}\S+", body.get_content()))
        return bool(found)

    wait_until(arrived)
    return found[-1]


def test_a_gift_is_bought_announced_accepted_and_renewed(stack: Stack, browser: Browser, database: str) -> None:
    giver, reader = f"mamie-{database}@ville-exemple.fr", f"petite-fille-{database}@ville-exemple.fr"
    with visitor(browser) as page:
        page.goto(f"{stack.url}/abonnements/individuel/")
        page.get_by_role("link", name="Offrir cet abonnement").click()
        page.wait_for_url("**/offrir/")
        is_well_made(page)
        page.fill("[name=recipient_name]", "Claude Roux")
        page.fill("[name=recipient_email]", reader)
        page.fill("[name=message]", "Pour tes trajets du lundi.")
        page.get_by_role("button", name="Mettre le cadeau au panier").click()
        page.wait_for_url("**/panier/")
        is_well_made(page)
        page.get_by_role("link", name="Choisir le règlement").click()
        page.fill("[name=first_name]", "Dominique")
        page.fill("[name=last_name]", "Martin")
        page.fill("[name=email]", giver)
        pay_by_card(page, stack)
        page.get_by_role("link", name="Carte et suivi").first.click()
        page.wait_for_url("**/cadeaux/**")
        is_well_made(page)
        followed = page.url

    opened = link_in_the_mail(stack, reader, "/abonnements/offert/")
    with visitor(browser, javascript=False) as page:
        page.goto(opened)
        expect(page.get_by_text("Pour tes trajets du lundi.")).to_be_visible()
        expect(page.locator("main")).not_to_contain_text("129")
        page.get_by_role("button", name="Accepter le cadeau").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("C’est commencé")
    with visitor(browser) as page:
        page.goto(opened)
        is_well_made(page)
        page.goto(followed)
        expect(page.get_by_role("heading", level=2, name=re.compile("^Accepté le"))).to_be_visible()
        is_well_made(page)

    (contract,) = queries.contracts_of(reader)
    renewing = f"{stack.url}/abonnements/renouveler/{contract.secret}/"
    db.session.remove()
    with visitor(browser) as page:
        page.goto(renewing)
        is_well_made(page)
        expect(page.locator("[name=email]")).to_have_value(reader)
        page.fill("[name=first_name]", "Claude")
        page.fill("[name=last_name]", "Roux")
        pay_by_card(page, stack)
        page.goto(renewing)
        expect(page.get_by_role("heading", level=1)).to_have_text("C’est déjà renouvelé")
        page.goto(f"{renewing}rappels/")
        is_well_made(page)
        page.get_by_role("button", name="Ne plus recevoir ces rappels").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vous ne recevrez plus de rappels")
