"""A day is called off: its page says how far its orders are, by itself while somebody looks at it."""

import pytest
from playwright.sync_api import Browser, expect

from eventsapp.core.db import db, writing
from eventsapp.study_days import queries as study_days
from tests.support.browser import visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
def test_the_progress_of_a_day_called_off_shows_itself(
    stack: Stack, browser: Browser, open_day: str, javascript: bool
) -> None:
    with writing():
        day = study_days.shown_day(open_day)
        assert day is not None
        for number in range(3):
            place(seats(day, an_attendee(number)), payment_method="transfer")
        db.session.remove()
    with visitor(browser, javascript=javascript) as page:
        sign_in_page(page, stack.url, email="organisatrice@exemple.fr")
        page.goto(f"{stack.url}/organisation/journees/{open_day}/annuler/")
        page.get_by_label("Pour confirmer").fill("Nantes")
        page.get_by_role("button", name="Annuler la journée").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Annulation de la journée")
        expect(page.get_by_text("3 commandes traitées sur 3")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("button", name="Reprendre maintenant")).to_have_count(0)
