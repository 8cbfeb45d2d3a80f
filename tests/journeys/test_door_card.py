"""What the card and the chart at the door show once the site has spoken."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from eventsapp.core.db import db, writing
from eventsapp.study_days.models import StudyDay
from tests.journeys.doors import expect_answer, make_today, phone, show_ticket
from tests.support.browser import faults
from tests.support.makers.attendance import make_door, scan
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


@pytest.fixture
def today(stack: Stack) -> tuple[str, list[str]]:
    """The slug of a day held today, and its four tickets by name."""
    return make_today()


def test_the_card_follows_what_the_site_says_of_an_entry_made_offline(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page, phone(browser, stack, slug, "B") as other:
        card = page.locator(".door-answer")
        page.context.set_offline(True)
        show_ticket(page, codes[0])
        expect_answer(page, "Entrée, à envoyer", admitted=True)
        page.context.set_offline(False)
        expect(card.locator("[data-title]")).to_have_text("Entrée")
        expect_answer(page, "Claude Roux1", admitted=True)

        # The other door was first.
        page.context.set_offline(True)
        show_ticket(page, codes[1])
        expect_answer(page, "Entrée, à envoyer", admitted=True)
        show_ticket(other, codes[1])
        expect_answer(other, "Claude Roux2", admitted=True)
        page.context.set_offline(False)
        expect_answer(page, "Claude Roux2", "Billet déjà passé", admitted=False)
        expect(card.get_by_role("button", name="Annuler cette entrée")).to_be_hidden()
        listed = page.locator("[data-conflicts] li")
        expect(listed).to_contain_text(re.compile(r"^Claude Roux2\u00a0: billet déjà passé"))

        # Of a group, whom the site refuses leaves the names; another card is left alone.
        page.context.set_offline(True)
        show_ticket(page, codes[2])
        page.get_by_role("button", name="Faire entrer aussi l’autre").click()
        expect_answer(page, "Entrée, à envoyer", "Claude Roux3, Claude Roux4", admitted=True)
        show_ticket(other, codes[3])
        expect_answer(other, "Claude Roux4", admitted=True)
        page.context.set_offline(False)
        expect(card.locator("[data-name]")).to_have_text("Claude Roux3")
        expect(card.locator("[data-title]")).to_have_text("Entrée")
        expect_answer(page, "Claude Roux4\u00a0: billet déjà passé", admitted=True)
        expect(card.get_by_role("button")).to_have_text(["Annuler l’entrée de Claude Roux3"])
        assert faults(page) == []


def test_the_chart_of_arrivals_is_drawn_anew_while_the_page_stays(
    stack: Stack, browser: Browser, today: tuple[str, list[str]]
) -> None:
    slug, codes = today
    with phone(browser, stack, slug, "A") as page:
        curve = page.locator("[data-curve]")
        expect(curve.locator("svg")).to_have_count(0)
        with writing():
            day = db.session.query(StudyDay).filter_by(slug=slug).one()
            scan(day, codes[0], by=make_door(), now=datetime.now(UTC) - timedelta(minutes=3))
            db.session.remove()
        show_ticket(page, codes[1])
        expect_answer(page, "Claude Roux2", admitted=True)
        page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(curve.locator("svg .name")).to_have_text("2")
        curve.get_by_text("Les mêmes en tableau").click()
        page.locator("#code").focus()
        show_ticket(page, codes[2])
        expect_answer(page, "Claude Roux3", admitted=True)
        page.evaluate("() => dispatchEvent(new Event('online'))")
        expect(curve.locator("svg .name")).to_have_text("3")
        expect(curve.locator("table")).to_be_visible()
