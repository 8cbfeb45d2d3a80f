"""A message to those who came: filtered, read as one of them, tried, counted, taken back, sent, followed, refused."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from eventsapp.core.db import db, writing
from eventsapp.mailings.models import Mailing
from eventsapp.study_days.models import StudyDay
from tests.journeys.conftest import wait_until
from tests.journeys.test_gifts_and_renewals import is_well_made
from tests.support.browser import visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_city, make_study_day
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

ORGANISER = "organisatrice@exemple.fr"
SUBJECT = "Les actes de la journée de {ville}"
READ = "Les actes de la journée de Laval"
#: Milliseconds that the worker may take: by its timetable twice a minute apart.
PATIENCE = 200_000


def reader(number: int) -> str:
    return f"claude.roux{number}@ville-exemple.fr"


@pytest.fixture
def past_day(stack: Stack) -> str:
    """A day that is over: two people at the standard rate, one elected."""
    with writing():
        starts_at = datetime.now(UTC) + timedelta(days=30)
        day = make_study_day(city=make_city("Laval"), starts_at=starts_at, registration_closes_at=starts_at)
        place(seats(day, an_attendee(1), an_attendee(2), an_attendee(3, rate="elected")), now=datetime.now(UTC))
        day = db.session.get_one(StudyDay, day.id)
        day.starts_at -= timedelta(days=60)
        day.ends_at -= timedelta(days=60)
        day.registration_closes_at = day.starts_at
        slug = day.slug
        db.session.commit()
        db.session.remove()
    return slug


def test_a_message_from_the_first_word_to_the_last_refusal(stack: Stack, browser: Browser, past_day: str) -> None:
    with visitor(browser) as page:
        sign_in_page(page, stack.url, email=ORGANISER)
        _write(page, stack, past_day)
        _read_and_try(page, stack)
        _take_back(page)
        _send(page, stack)
    _refuse(stack, browser)


def _write(page: Page, stack: Stack, slug: str) -> None:
    page.goto(f"{stack.url}/organisation/messages/nouveau/?journee={slug}")
    page.get_by_label("Objet").fill(SUBJECT)
    page.get_by_label("Texte").fill("Bonjour {prenom} {nom},\n\nLes **actes** sont en ligne.")
    page.get_by_role("group", name="Tarifs").get_by_label("Non-abonné").check()
    is_well_made(page)
    page.get_by_role("button", name="Garder le brouillon").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SUBJECT)


def _read_and_try(page: Page, stack: Stack) -> None:
    """Read it as the second reader does, and have it sent to oneself."""
    expect(page.locator(".big-count")).to_have_text("2 personnes")
    page.get_by_label("Par", exact=True).select_option(label=f"Claude Roux2 · {reader(2)}")
    page.get_by_role("button", name="Montrer").click()
    expect(page.locator("main")).to_contain_text(READ)
    frame = page.frame_locator("iframe.mail-body")
    expect(frame.locator("body")).to_contain_text("Bonjour Claude Roux2,")
    expect(frame.locator("strong").first).to_be_visible()
    is_well_made(page)
    page.get_by_role("button", name="M’envoyer un essai").click()
    expect(page.get_by_role("status").first).to_contain_text(f"L’essai part à {ORGANISER}.")
    wait_until(lambda: _texts(stack, ORGANISER))
    assert "Bonjour Claude Roux2," in _texts(stack, ORGANISER)[-1]


def _take_back(page: Page) -> None:
    """Confirm the number of people, and think again within the minute."""
    _confirm(page)
    expect(page.locator("main")).to_contain_text("Le message part à")
    page.get_by_role("button", name="Annuler l’envoi").click()
    expect(page.get_by_role("status").first).to_contain_text("L’envoi est annulé")


def _confirm(page: Page) -> None:
    page.get_by_role("link", name="Envoyer…").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Envoyer à 2 personnes")
    page.get_by_role("button", name="Envoyer à 2 personnes").click()


def _send(page: Page, stack: Stack) -> None:
    """Send it after all, and see it leave without touching the page."""
    _confirm(page)
    expect(page.get_by_role("progressbar")).to_be_visible()
    with writing():
        # The minute passes.
        db.session.query(Mailing).update({"starts_at": datetime.now(UTC) - timedelta(seconds=1)})
        db.session.commit()
        db.session.remove()
    expect(page.locator("[data-followed]")).to_contain_text("Message envoyé", timeout=PATIENCE)
    expect(page.locator("#progress")).to_have_text("2 sur 2")
    page.reload()
    for number in (1, 2):
        row = page.get_by_role("row").filter(has_text=reader(number))
        expect(row).to_contain_text("parti")
    assert page.get_by_role("row").filter(has_text=reader(3)).count() == 0
    is_well_made(page)
    for number in (1, 2):
        [told] = [text for text in _texts(stack, reader(number)) if "actes" in text]
        assert f"Bonjour Claude Roux{number}," in told
    assert not [text for text in _texts(stack, reader(3)) if "actes" in text]


def _refuse(stack: Stack, browser: Browser) -> None:
    """Want no more of them as mail programs say it for their reader; the office sees it."""
    [mail] = [message for message in stack.mail.to(reader(1)) if message["Subject"] == READ]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = "".join(str(mail["List-Unsubscribe"]).split()).strip("<>")
    with visitor(browser) as page:
        answer = page.request.post(link, form={"List-Unsubscribe": "One-Click"})
        assert answer.status == 200
        sign_in_page(page, stack.url, email=ORGANISER)
        page.goto(f"{stack.url}/organisation/messages/adresses-ecartees/")
        expect(page.locator("main")).to_contain_text(reader(1))


def _texts(stack: Stack, address: str) -> list[str]:
    found = []
    for message in stack.mail.to(address):
        body = message.get_body(("plain",))
        assert body is not None
        found.append(body.get_content())
    return found
