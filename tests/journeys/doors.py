"""The door of a day, on phones."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page, expect

from eventsapp.accounts.access import RoleName
from eventsapp.attendance.models import CheckIn
from eventsapp.core.db import db, writing
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from tests.journeys.conftest import wait_until
from tests.support.makers.accounts import make_user, sign_in_page
from tests.support.makers.attendance import codes_of, make_open_day
from tests.support.stack import Stack

_KEPT = """async (told) => {
    const kept = await caches.match(`${location.pathname}hors-ligne/`);
    return Boolean(kept) && (await kept.text()).includes(told);
}"""
#: As wide as the narrowest phone.
WIDTH = 360


def make_door_people(day: StudyDay) -> None:
    """Make who stands at the doors A and B of a day."""
    for name in ("a", "b"):
        make_user(RoleName.DOOR, email=_address(name, day.id))


def make_today() -> tuple[str, list[str]]:
    """Make a day held today with its doors; return its slug, and its four tickets by name."""
    begins = datetime.now(ZoneInfo("Europe/Paris")).replace(hour=9, minute=0, second=0, microsecond=0)
    with writing():
        day = make_open_day(4, starts_at=begins, ends_at=begins.replace(hour=17))
        if db.session.query(Registration).filter_by(study_day_id=day.id).count() != 4:
            raise AssertionError
        make_door_people(day)
        made = day.slug, codes_of(day)
        db.session.remove()
    return made


@contextmanager
def phone(browser: Browser, stack: Stack, slug: str, name: str) -> Iterator[Page]:
    """Stand at a door with a phone; the page is ready for the network to go."""
    context = browser.new_context(viewport={"width": WIDTH, "height": 740}, locale="fr-FR")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    day_id = db.session.query(StudyDay.id).filter_by(slug=slug).scalar()
    db.session.remove()
    sign_in_page(page, stack.url, email=_address(name, day_id))
    page.goto(f"{stack.url}/organisation/journees/{slug}/accueil/")
    page.get_by_label("Nom de cet accueil").fill(f"Porte {name}")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("C’est enregistré.")
    page.wait_for_selector("[data-offline-ready]")
    # The page that is kept knows by then what this door is called.
    wait_until(lambda: page.evaluate(_KEPT, f'data-device="Porte {name}"'))
    try:
        yield page
    finally:
        context.close()
    assert broken == []


def show_ticket(page: Page, code: str) -> None:
    """Type as a scanner does: into whatever has the focus, then Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def expect_answer(page: Page, *told: str, admitted: bool) -> None:
    """Expect the door to have said this of the last ticket."""
    card = page.locator(".door-answer")
    for words in told:
        expect(card).to_contain_text(words)
    if admitted:
        expect(card).to_have_attribute("data-outcome", "admitted")
    else:
        expect(card).not_to_have_attribute("data-outcome", "admitted")


def expect_undone(page: Page, name: str) -> None:
    """Expect the door to say aloud whose entry was taken back, and to wait for the next ticket."""
    told = page.locator("[data-result][aria-live=assertive]")
    expect(told).to_have_text(f"{name}\u00a0: entrée annulée.")
    expect(page.locator("#code")).to_be_focused()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def passages(slug: str) -> list[tuple[str, str, str]]:
    """Return who was seen at which door of a day, and what came of it, by name."""
    rows = (
        db.session.query(Registration.last_name, CheckIn.outcome, CheckIn.device)
        .join(CheckIn.registration)
        .join(StudyDay, StudyDay.id == CheckIn.study_day_id)
        .filter(StudyDay.slug == slug)
    )
    found = sorted((name, outcome.value, device) for name, outcome, device in rows)
    db.session.remove()
    return found


def _address(name: str, day_id: int) -> str:
    return f"porte-{name.lower()}-{day_id}@exemple.fr"
