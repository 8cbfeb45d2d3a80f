"""axe-core finds nothing on any public page, on a phone and on a desk, in the light and in the dark."""

from collections.abc import Iterator, Sequence

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.demo import service as demo
from eventsapp.subscriptions.models import Contract
from tests.conftest import database_address
from tests.support.browser import WIDTHS, faults, visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.makers.money_pages import make_money_pages
from tests.support.stack import Stack, running_stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns, pytest.mark.xdist_group("demonstration")]

NOWHERE = "/nulle-part/"
#: On a phone each time; the same pages on a desk in ``make test-long``.
EACH = [pytest.param(width, marks=() if width == min(WIDTHS) else pytest.mark.long) for width in WIDTHS]
#: Every public template, and the states in which it looks different; addresses of the demonstration.
PUBLIC = [
    "/", "/journees/", "/journees/?quand=passees", "/journees/?q=mutualisation", "/journees/?q=introuvable",
    "/journees/?ville=nulle-part&du=hier", "/journees/?vue=mois", "/journees/angers-2009/",
    "/journees/angers-2009/seances/1/", "/journees/nantes-services-communs/", "/journees/rennes-recruter/",
    "/journees/reims-agglomeration-communes/", "/journees/strasbourg-frontieres/", "/journees/caen-cyberattaque/",
    "/journees/grenoble-encadrer-a-distance/", "/journees/montpellier-prendre-un-poste/",
    "/journees/nantes-services-communs/inscription/", "/journees/reims-agglomeration-communes/inscription/",
    "/journees/reims-agglomeration-communes/liste-d-attente/", "/journees/nantes-services-communs/envoyer/",
    "/intervenants/", "/intervenants/?q=roux",
    "/intervenants/michel-monier/", "/abonnements/", "/abonnements/papier-et-numerique/",
    "/abonnements/papier-et-numerique/offrir/", "/panier/", "/commandes/retrouver/", "/magazine/",
    "/magazine/376/", "/magazine/602/", "/articles/la-mutualisation-avec-ceux-qui-l-ont-conduite/", "/recherche/",
    "/recherche/?q=mutualisation", "/recherche/?q=introuvable", "/mentions-legales/", "/confidentialite/",
    "/accessibilite/", "/conditions-generales/", "/compte/connexion/", "/compte/connexion/code/",
    "/compte/mot-de-passe/", "/api/v1/docs", "/en/", "/en/journees/nantes-services-communs/", "/en/abonnements/",
    NOWHERE,
]  # fmt: skip
OFFICE = [
    "/organisation/", "/organisation/journees/", "/organisation/journees/nantes-services-communs/",
    "/organisation/journees/nantes-services-communs/programme/",
    "/organisation/journees/nantes-services-communs/inscriptions/", "/organisation/inscriptions/",
    "/organisation/journees/nantes-services-communs/inscriptions/?etat=liste-d-attente",
    "/organisation/inscriptions/1/", "/organisation/inscriptions/vues/",
    "/organisation/inscriptions/actions/?action=cancel&choisi=1&choisi=2&choisi=3",
    "/organisation/journees/reims-agglomeration-communes/liste-d-attente/", "/organisation/commandes/",
    "/organisation/articles/", "/organisation/articles/nouveau/", "/organisation/comptes-rendus/",
    "/organisation/courriels/", "/organisation/equipe/", "/organisation/formules/", "/organisation/reglements/modes/",
    "/organisation/formules/papier-numerique-et-base-documentaire/",
    "/organisation/journees/nantes-services-communs/tarifs/", "/organisation/tva/", "/organisation/tva/press/",
    "/organisation/reglements/modes/mandat/", "/organisation/relances/etapes/", "/organisation/abonnes/",
    "/organisation/abonnes/nouveau/", "/organisation/abonnes/1/",
]  # fmt: skip


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The application with its demonstration."""
    folder = tmp_path_factory.mktemp("demonstration")
    with running_stack(folder, database_url=database_address("sqlite", folder), worker=False) as stack:
        with writing():
            for step in demo.steps(now=clock.now()):
                step.run()
            db.session.remove()
        yield stack


@pytest.fixture(scope="module")
def money_pages(demonstration: Stack) -> list[str]:
    """The addresses of the pages about money."""
    addresses = make_money_pages(now=clock.now())
    db.session.remove()
    return addresses


def found_on(page: Page, stack: Stack, addresses: list[str], *, rules: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return what is wrong with each page that has a fault, by axe’s rules or some; scrolling sideways is one."""
    found = {}
    for address in addresses:
        answer = page.goto(stack.url + address)
        wrong = []
        if answer is None or answer.ok == (address == NOWHERE):
            wrong.append("answers as it should not")
        wrong += faults(page, rules=rules)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append("scrolls sideways")
        if wrong:
            found[address] = wrong
    return found


@pytest.mark.parametrize("width", EACH)
def test_nothing_is_wrong_with_any_public_page(demonstration: Stack, browser: Browser, width: int) -> None:
    with visitor(browser, width=width, forgiving=True) as page:
        assert found_on(page, demonstration, PUBLIC) == {}


def test_nothing_is_wrong_in_the_dark(demonstration: Stack, browser: Browser) -> None:
    with visitor(browser, dark=True) as page:
        # Only the colours are others.
        assert found_on(page, demonstration, PUBLIC[::4], rules=["color-contrast"]) == {}


def test_nothing_is_wrong_with_a_form_that_was_refused(demonstration: Stack, browser: Browser) -> None:
    address = f"{demonstration.url}/journees/nantes-services-communs/inscription/"
    for width in WIDTHS:
        with visitor(browser, width=width, forgiving=True) as page:
            page.goto(address)
            page.click("main form button.main")
            page.wait_for_selector(".error-summary")
            assert faults(page) == []


@pytest.mark.parametrize("width", EACH)
def test_nothing_is_wrong_in_the_office(demonstration: Stack, browser: Browser, width: int) -> None:
    with visitor(browser, width=width) as page:
        sign_in_page(page, demonstration.url, email=demo.team()[0].email, password=demo.PASSWORD)
        assert found_on(page, demonstration, OFFICE) == {}


@pytest.mark.long
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wrong_where_the_office_handles_money(
    demonstration: Stack, money_pages: list[str], browser: Browser, width: int
) -> None:
    with visitor(browser, width=width) as page:
        sign_in_page(page, demonstration.url, email=demo.team()[0].email, password=demo.PASSWORD)
        assert found_on(page, demonstration, money_pages) == {}


@pytest.mark.parametrize("width", EACH)
def test_nothing_is_wrong_where_paper_goes(demonstration: Stack, browser: Browser, width: int) -> None:
    returned = sa.select(Contract.id, Contract.secret).where(Contract.undelivered_on.is_not(None))
    key, secret = db.session.execute(returned).one()
    db.session.remove()
    pages = [
        "/organisation/envois/", "/organisation/envois/602/", "/organisation/envois/602/?etat=de-cote",
        "/organisation/envois/601/etiquettes/", f"/organisation/abonnes/{key}/livraison/",
        "/organisation/journees/nantes-services-communs/annee-offerte/", f"/abonnements/adresse/{secret}/",
    ]  # fmt: skip
    with visitor(browser, width=width) as page:
        sign_in_page(page, demonstration.url, email=demo.team()[0].email, password=demo.PASSWORD)
        assert found_on(page, demonstration, pages) == {}


def test_the_detector_sees_what_is_wrong(demonstration: Stack, browser: Browser) -> None:
    with visitor(browser, forgiving=True) as page:
        page.goto(f"{demonstration.url}/abonnements/")
        page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=x><input>')")

        assert {fault.split(":")[0] for fault in faults(page)} >= {"image-alt", "label"}
