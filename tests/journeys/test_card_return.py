"""Back from Stripe's page: the order settles itself, whether Stripe's message comes, is late, or gets lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from eventsapp.checkout import service as checkout
from eventsapp.core import clock
from eventsapp.core.db import db, writing
from tests.support.browser import visitor
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import make_study_day
from tests.support.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]


def test_the_page_has_stripe_asked_when_its_message_gets_lost(stack: Stack, browser: Browser) -> None:
    now = clock.now()
    with writing():
        day = make_study_day(starts_at=now + timedelta(days=60))
        order = place(seats(day, an_attendee(9001)), payment_method="card", now=now)
        page_at_stripe = checkout.open_page(checkout.prepare_page(order, now=now), now=now)
        db.session.remove()
    stack.sandbox.turn(drop=True)
    try:
        with visitor(browser) as page:
            page.goto(page_at_stripe)
            page.get_by_role("button", name=re.compile("4242")).click()
            page.get_by_role("button", name=re.compile("^Payer")).click()

            # The worker would find it in ten minutes.
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Tout est réglé"), timeout=20_000)
            expect(page.get_by_text("pas encore confirmé")).to_have_count(0)
    finally:
        stack.sandbox.turn(drop=False)
