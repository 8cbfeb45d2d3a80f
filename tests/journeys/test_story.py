"""A team's day from the purchase to the certificate: bought, named, replaced, let in, certified, verified."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from eventsapp.attendance.statuses import Outcome
from eventsapp.core.db import db, writing
from eventsapp.registrations.models import Registration, RetiredTicket
from eventsapp.study_days.models import StudyDay
from tests.journeys.conftest import wait_until
from tests.journeys.doors import WIDTH, expect_answer, make_door_people, passages, phone, show_ticket
from tests.journeys.teams import buy_five, fill_in, invite
from tests.journeys.test_gifts_and_renewals import is_well_made, link_in_the_mail
from tests.papers.validator import words
from tests.support.browser import faults, visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

BUYER = "equipe@ville-exemple.fr"
COLLEAGUES = [f"collegue{number}@ville-exemple.fr" for number in (3, 4, 5)]
STAND_IN = "lefort@ville-exemple.fr"
#: How the address of one's own certificate goes on; something of it has to follow.
_PAPER = r"/attestation\.pd"


def test_a_team_from_the_purchase_to_the_certificates(stack: Stack, browser: Browser, open_day: str) -> None:
    people, former = _bought_and_named(stack, browser, open_day)
    _replaced(stack, browser, people, former)
    _comes_today(open_day)
    _let_in(stack, browser, open_day)
    _is_over(open_day)
    _certified(stack, browser, open_day)


def _bought_and_named(stack: Stack, browser: Browser, slug: str) -> tuple[str, str]:
    """Buy, invite and fill in; return the coordinator's page, and the page of whoever will be replaced."""
    with visitor(browser) as page:
        buy_five(page, stack, slug, email=BUYER)
        page.get_by_role("link", name="Donner les noms").click()
        people = page.url
        expect(page.locator("main")).to_contain_text("Il reste 3 places à nommer")
        is_well_made(page)
        invite(page, COLLEAGUES, first=2)
        page.set_viewport_size({"width": WIDTH, "height": 740})
        assert faults(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    for number, address in enumerate(COLLEAGUES, start=3):
        link = link_in_the_mail(stack, address, "/inscriptions/")
        fill_in(browser, link, last_name=f"Petit{number}", email=address, javascript=number != 4)
    return people, _own_page(stack, COLLEAGUES[0])


def _replaced(stack: Stack, browser: Browser, people: str, former: str) -> None:
    """Give one seat to somebody else, without a script and by the keyboard; the former link opens nothing."""
    with visitor(browser, javascript=False, width=WIDTH) as page:
        page.goto(people)
        expect(page.locator("main")).to_contain_text("Tout le monde est nommé")
        _press(page, "link", "Remplacer Camille Petit3")
        for name, text in (("first_name", "Andrée"), ("last_name", "Lefort"), ("email", STAND_IN)):
            page.locator(f"[name={name}]").focus()
            page.keyboard.type(text)
        _press(page, "button", "Remplacer")
        expect(page.get_by_role("status")).to_contain_text("Andrée Lefort remplace Camille Petit3")
        href = page.get_by_role("link", name="Tous les billets (PDF)").get_attribute("href")
        tickets = page.request.get(f"{stack.url}{href}")
        assert tickets.headers["content-type"] == "application/pdf"
    own = _own_page(stack, STAND_IN)
    with visitor(browser, forgiving=True) as page:
        page.goto(own)
        expect(page.locator(".ticket")).to_contain_text("Andrée Lefort")
        answer = page.goto(former)
        assert answer is not None
        assert answer.status == 404


def _let_in(stack: Stack, browser: Browser, slug: str) -> None:
    """Let four in at two doors: one without the network, one twice; the ticket that was replaced opens none."""
    codes, old = _tickets(slug)
    with phone(browser, stack, slug, "A") as one, phone(browser, stack, slug, "B") as other:
        show_ticket(one, codes["Martin"])
        expect_answer(one, "Dominique Martin", admitted=True)
        expect(one.locator("#code")).to_be_focused()
        assert faults(one) == []
        assert one.evaluate("document.documentElement.scrollWidth") <= WIDTH

        show_ticket(one, codes["Roux"])
        expect_answer(one, "Claude Roux", admitted=True)
        show_ticket(other, codes["Roux"])
        expect_answer(other, "Billet déjà passé", "Porte A", admitted=False)
        assert faults(other) == []

        show_ticket(one, old)
        expect_answer(one, "remplacé par Andrée Lefort", admitted=False)

        # Without the network: a ticket, then after a reload a name, of somebody who came in at the other door.
        one.context.set_offline(True)
        show_ticket(one, codes["Petit4"])
        expect_answer(one, "Entrée, à envoyer", admitted=True)
        show_ticket(one, codes["Petit4"])
        expect_answer(one, "Billet déjà passé", admitted=False)
        one.reload()
        one.wait_for_selector("[data-ready]")
        expect(one.locator("[data-state]")).to_have_text("Hors ligne – 1 arrivée à envoyer")
        expect(one.locator("[data-arrived]")).to_have_text("3")
        show_ticket(other, codes["Petit5"])
        expect_answer(other, "Camille Petit5", admitted=True)
        show_ticket(one, "petit5")
        _press(one, "button", "Faire entrer Camille Petit5")
        expect_answer(one, "Camille Petit5", admitted=True)
        expect(one.locator("[data-state]")).to_have_text("Hors ligne – 2 arrivées à envoyer")
        assert faults(one) == []

        one.context.set_offline(False)
        expect(one.locator("[data-conflicts]")).to_contain_text("Camille Petit5", timeout=40_000)
        expect(one.locator("[data-conflicts]")).to_contain_text("Porte B")
        expect(one.locator("[data-state]")).to_be_hidden()
        assert faults(one) == []
    assert passages(slug) == [
        ("Lefort", Outcome.RETIRED, "Porte A"),
        ("Martin", Outcome.ADMITTED, "Porte A"),
        ("Petit4", Outcome.ADMITTED, "Porte A"),
        ("Petit5", Outcome.ADMITTED, "Porte B"),
        ("Petit5", Outcome.ALREADY, "Porte A"),
        ("Roux", Outcome.ADMITTED, "Porte A"),
        ("Roux", Outcome.ALREADY, "Porte B"),
    ]


def _certified(stack: Stack, browser: Browser, slug: str) -> None:
    """Send the certificates; each who came has one that the public page knows, and who did not come has none."""
    with visitor(browser) as page:
        sign_in_page(page, stack.url, email="organisatrice@exemple.fr")
        page.goto(f"{stack.url}/organisation/journees/{slug}/attestations/")
        is_well_made(page)
        page.get_by_role("button", name="Envoyer les 4 attestations").click()
        for address in (BUYER, f"roux-{BUYER}", *COLLEAGUES[1:]):
            link_in_the_mail(stack, address, _PAPER)
    with visitor(browser) as page:
        page.goto(_own_page(stack, COLLEAGUES[1]))
        paper = page.request.get(link_in_the_mail(stack, COLLEAGUES[1], _PAPER))
        assert paper.body().startswith(b"%PDF-")
        verified = link_in_the_mail(stack, COLLEAGUES[1], "/attestations/")
        # Whoever has only the paper types its code.
        code = verified.rstrip("/").rpartition("/")[2]
        assert code in words(paper.body()).replace(" ", "")
        page.goto(f"{stack.url}/attestations/{code}/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Camille Petit4")
        expect(page.locator("main")).to_contain_text("Cette attestation est valable")
        is_well_made(page)
    # Who came has one mail, and who did not, or gave the seat away, none.
    for address in (BUYER, f"roux-{BUYER}", *COLLEAGUES, STAND_IN):
        told = [
            subject
            for message in stack.mail.to(address)
            if "attestation" in (subject := str(message["subject"])).lower()
        ]
        assert len(told) == (0 if address in {STAND_IN, COLLEAGUES[0]} else 1), (address, told)


def _press(page: Page, role: str, name: str) -> None:
    """Reach something by its name and press Enter."""
    found = page.get_by_role(role, name=name)  # type: ignore[arg-type]
    expect(found).to_be_visible()
    found.focus()
    page.keyboard.press("Enter")


def _own_page(stack: Stack, address: str) -> str:
    """Return the page of one's own seat, from the mail."""
    found = re.match(r".*/inscriptions/[^/]+/", link_in_the_mail(stack, address, "/inscriptions/"))
    assert found is not None
    return found.group()


def _tickets(slug: str) -> tuple[dict[str, str], str]:
    """Return the tickets of a day by last name, and the one that was replaced."""
    seats = db.session.query(Registration).join(Registration.study_day).filter(StudyDay.slug == slug).all()
    codes = {seat.last_name: seat.ticket_code for seat in seats}
    old = db.session.query(RetiredTicket.code).filter(RetiredTicket.registration_id.in_([s.id for s in seats])).scalar()
    db.session.remove()
    return codes, old


def _comes_today(slug: str) -> None:
    """Let the time pass until the morning of the day."""
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    _hold(slug, datetime.combine(today, time(0, 1)), datetime.combine(today, time(23, 59)))
    with writing():
        make_door_people(db.session.query(StudyDay).filter_by(slug=slug).one())
        db.session.remove()


def _is_over(slug: str) -> None:
    """Let the day end, on its date."""
    now = datetime.now(ZoneInfo("Europe/Paris")).replace(tzinfo=None)
    begins = datetime.combine(now.date(), time.min)
    _hold(slug, begins, max(now - timedelta(minutes=1), begins + timedelta(seconds=1)))
    wait_until(lambda: datetime.now(ZoneInfo("Europe/Paris")).replace(tzinfo=None) > begins + timedelta(seconds=1))


def _hold(slug: str, begins: datetime, ends: datetime) -> None:
    zone = ZoneInfo("Europe/Paris")
    with writing():
        day = db.session.query(StudyDay).filter_by(slug=slug).one()
        day.starts_at, day.ends_at = begins.replace(tzinfo=zone), ends.replace(tzinfo=zone)
        day.registration_closes_at = day.starts_at
        db.session.commit()
        db.session.remove()
