"""The three jobs, end to end: registering, subscribing, publishing; with and without JavaScript."""

import io
import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import wait_until
from tests.support.browser import visitor
from tests.support.makers.accounts import PASSWORD
from tests.support.makers.orders import SIRET
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]
WITH_AND_WITHOUT = pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])


def fill_participant(page: Page, number: int, *, first_name: str, last_name: str, rate: str) -> None:
    prefix = f"attendees-{number}-"
    page.fill(f"[name={prefix}first_name]", first_name)
    page.fill(f"[name={prefix}last_name]", last_name)
    page.fill(f"[name={prefix}email]", f"{first_name.lower()}@ville-exemple.fr")
    page.select_option(f"[name={prefix}rate]", rate)


def sign_in(page: Page, stack: Stack, address: str) -> None:
    page.goto(f"{stack.url}/organisation/")
    page.fill("[name=email]", address)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


@WITH_AND_WITHOUT
def test_a_visitor_registers_three_colleagues_by_mandat(
    stack: Stack, browser: Browser, open_day: str, javascript: bool
) -> None:
    suffix = "js" if javascript else "plain"
    with visitor(browser, javascript=javascript) as page:
        page.goto(f"{stack.url}/journees/{open_day}/")
        page.get_by_role("link", name=re.compile("S’inscrire")).first.click()
        for _ in range(2):
            page.get_by_role("button", name="Ajouter un participant").click()
        for number, (first, last, rate) in enumerate(
            [("Claude", "Roux", "standard"), ("Sacha", "Petit", "standard"), ("Andrea", "Élu", "elected")]
        ):
            fill_participant(page, number, first_name=f"{first}{suffix}", last_name=last, rate=rate)
        page.uncheck("[name=buyer_attends]")
        page.fill("[name=first_name]", "Dominique")
        page.fill("[name=last_name]", "Martin")
        page.fill("[name=email]", f"formation-{suffix}@ville-exemple.fr")
        page.fill("[name=organisation]", "Ville d’Exemple")
        page.fill("[name=siret]", SIRET)
        page.fill("[name=address]", "1, place de la Mairie")
        page.fill("[name=postcode]", "44000")
        page.fill("[name=city]", "Nantes")
        page.check("[name=payment_method][value=mandat]")
        page.fill("[name=commitment_number]", "EJ-2026-0417")
        page.check("[name=accept_terms]")
        page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Vos places sont confirmées")
        for name in (f"Claude{suffix} Roux", f"Sacha{suffix} Petit", f"Andrea{suffix} Élu"):
            expect(page.get_by_text(name).first).to_be_visible()
        expect(page.get_by_text("1 632,00 €").first).to_be_visible()
        expect(page.get_by_text("EJ-2026-0417").first).to_be_visible()
        order_page = page.url
    wait_until(lambda: stack.mail.to(f"formation-{suffix}@ville-exemple.fr"))
    wait_until(lambda: stack.mail.to(f"claude{suffix}@ville-exemple.fr"))
    (mail,) = stack.mail.to(f"formation-{suffix}@ville-exemple.fr")
    body = mail.get_body(("plain",))
    assert body is not None
    assert order_page in body.get_content()


@WITH_AND_WITHOUT
def test_a_subscription_and_a_seat_at_its_rate_are_paid_by_card_in_one_order(
    stack: Stack, browser: Browser, open_day: str, javascript: bool
) -> None:
    address = f"lectrice-{'js' if javascript else 'plain'}@ville-exemple.fr"
    with visitor(browser, javascript=javascript) as page:
        page.goto(f"{stack.url}/magazine/")
        page.get_by_role("button", name="Ajouter au panier").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Panier")
        expect(page.get_by_text("129,00 €").first).to_be_visible()
        page.goto(f"{stack.url}/journees/{open_day}/inscription/")
        fill_participant(page, 0, first_name="Lectrice", last_name="Assidue", rate="subscriber")
        page.fill("[name=attendees-0-email]", address)
        page.check("[name=payment_method][value=card]")
        page.check("[name=accept_terms]")
        page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Payer par carte")
        assert page.url.startswith(stack.sandbox.url)
        expect(page.get_by_text("669,00 €").first).to_be_visible()
        page.get_by_role("button", name=re.compile("4242")).click()
        page.get_by_role("button", name=re.compile("^Payer")).click()

        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Tout est réglé"), timeout=20_000)
        expect(page.get_by_text("Lectrice Assidue").first).to_be_visible()
    stack.sandbox.wait_for_deliveries()
    wait_until(lambda: len(stack.mail.to(address)) == 3)
    subjects = [str(mail["Subject"]) for mail in stack.mail.to(address)]
    assert [subject.split(" ")[0] for subject in subjects] == ["Votre", "Règlement", "Facture"]


@WITH_AND_WITHOUT
def test_an_organiser_publishes_a_report_and_a_reader_finds_it(
    stack: Stack, browser: Browser, past_day: str, javascript: bool
) -> None:
    title = f"Ce que Mulhouse a appris d’Angers ({'js' if javascript else 'sans'})"
    with visitor(browser, javascript=javascript) as page:
        sign_in(page, stack, "organisatrice@exemple.fr")
        page.goto(f"{stack.url}/organisation/journees/{past_day}/compte-rendu/")
        page.fill("[name=title]", title)
        page.fill("[name=lead]", "Deux territoires, deux chemins, une même question.")
        page.fill("[name=body]", "## Deux récits\n\nLes **directions générales** ont été réunies.\n")
        if javascript:
            expect(page.locator("#preview strong")).to_have_text("directions générales")
        else:
            page.get_by_role("button", name="Prévisualiser").click()
            expect(page.locator("#preview strong")).to_have_text("directions générales")
        for box in page.locator("[name=sessions]").all():
            box.check()
        page.get_by_role("button", name="Enregistrer le brouillon").click()
        page.get_by_role("button", name="Soumettre à relecture").click()
        expect(page.get_by_text("quelqu’un d’autre doit l’approuver").first).to_be_visible()
        editor = page.url
    with visitor(browser, javascript=javascript) as page:
        sign_in(page, stack, "redactrice@exemple.fr")
        page.goto(editor)
        page.get_by_role("button", name="Publier maintenant").click()
        expect(page.get_by_role("link", name="Voir sur le site")).to_be_visible()
    with visitor(browser, javascript=javascript) as page:
        page.goto(f"{stack.url}/journees/{past_day}/seances/2/")
        page.get_by_role("link", name=re.compile("Ce que Mulhouse")).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        article = page.url
        page.get_by_role("link", name="Jean-François Girardin").first.click()
        page.get_by_role("link", name=re.compile("Ce que Mulhouse")).first.click()
        assert page.url == article
        link = page.get_by_role("link", name=re.compile("PDF")).first.get_attribute("href")
        assert link is not None
        answer = page.request.get(link if link.startswith("http") else stack.url + link)
        assert answer.headers["content-type"] == "application/pdf"
        text = " ".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(answer.body())).pages)
        assert "directions générales" in " ".join(text.split())
