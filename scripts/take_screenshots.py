"""Photograph the pages of the demonstration, on a desk and on a phone, into docs/screenshots.

``make screenshots`` calls it. The whole application runs on a database of its own and is gone afterwards. The
demonstration is dated from today, so the dates change from one run to the next; nothing else does.
"""

import io
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.demo import service as demo
from eventsapp.invoices import tasks as invoice_tasks
from tests.support.browser import WIDTHS, chromium, visitor
from tests.support.makers.accounts import sign_in_page
from tests.support.services import MissingProgram
from tests.support.stack import Stack, running_stack

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
#: A day that takes registrations, and one whose reports are written.
OPEN_DAY, PAST_DAY = "nantes-services-communs", "angers-2009"
#: Name of the picture → address of a page that anybody may open.
PUBLIC = {
    "home": "/",
    "list": "/journees/",
    "month": "/journees/?vue=mois",
    "day": f"/journees/{OPEN_DAY}/",
    "day-past": f"/journees/{PAST_DAY}/",
    "article": "/articles/la-mutualisation-avec-ceux-qui-l-ont-conduite/",
    "magazine": "/magazine/",
    "plans": "/abonnements/",
    "sign-in": "/compte/connexion/",
}
OFFICE = {
    "office-today": "/organisation/",
    "office-day": f"/organisation/journees/{OPEN_DAY}/",
    "office-programme": f"/organisation/journees/{OPEN_DAY}/programme/",
}
#: First name, last name, function, rate.
PARTICIPANTS = [
    ("Camille", "Dréano", "Directrice générale adjointe", "subscriber"),
    ("Adrien", "Morvan", "Directeur des finances", "subscriber"),
    ("Françoise", "Tabuteau", "Adjointe aux finances", "elected"),
]
#: Pixels; what is longer is cut.
TALLEST = 2400
#: Colours of a picture, and how many of them are its most frequent ones as they are.
COLOURS, EXACT = 160, 16
#: Steps of a channel, of 255, that are too small to be told apart.
APART = 6
#: The reference of an order is drawn at random: the picture shows this one.
REFERENCE = re.compile(r"\b\d{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
SHOWN_REFERENCE = "7K3P-9QXM"


def main() -> None:
    """Start everything, take every picture at every width, stop everything."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with TemporaryDirectory(prefix="eventsapp-screenshots-") as name:
        folder = Path(name)
        with running_stack(folder, database_url=f"sqlite:///{folder}/pages.sqlite", worker=False) as stack:
            # From midnight, not from now: some hours of the demonstration are counted from it.
            today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
            with writing():
                for step in demo.steps(now=today):
                    step.run()
                db.session.remove()
            # What the worker does in its first minute: until then every invoice waits for its PDF.
            while invoice_tasks.finish():
                db.session.remove()
            with chromium() as browser:
                for width in WIDTHS:
                    photograph_pages(stack, browser, width)
                photograph_order(stack, browser)
    pictures = sorted(FOLDER.glob("*.png"))
    print(f"{len(pictures)} pictures, {sum(picture.stat().st_size for picture in pictures) // 1000} kB, in {FOLDER}")


def photograph_pages(stack: Stack, browser: Browser, width: int) -> None:
    """Take the pictures of one width, the order's left out."""
    with visitor(browser, width=width) as page:
        for name, address in PUBLIC.items():
            page.goto(stack.url + address)
            photograph(page, f"{name}-{width}")
    with visitor(browser, width=width) as page:
        fill_registration(page, stack)
        photograph(page, f"registration-{width}")
    with visitor(browser, width=width) as page:
        organiser = next(person for person in demo.team() if person.email.startswith("organisation@"))
        sign_in_page(page, stack.url, email=organiser.email, password=demo.PASSWORD)
        for name, address in OFFICE.items():
            page.goto(stack.url + address)
            photograph(page, f"{name}-{width}")


def photograph_order(stack: Stack, browser: Browser) -> None:
    """Place one order through the page, after all other pictures: it takes seats."""
    with visitor(browser) as page:
        fill_registration(page, stack)
        page.get_by_role("button", name=re.compile("Commander avec obligation de paiement")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vos places sont confirmées")
        address = page.url
    for width in WIDTHS:
        with visitor(browser, width=width) as page:
            page.goto(address)
            show_reference(page)
            photograph(page, f"order-{width}")


def fill_registration(page: Page, stack: Stack) -> None:
    """Open the registration and fill it for three people of a town hall that subscribes and pays by mandat."""
    page.goto(f"{stack.url}/journees/{OPEN_DAY}/inscription/")
    for _ in PARTICIPANTS[1:]:
        page.get_by_role("button", name="Ajouter un participant").click()
    for number, (first_name, last_name, job_title, rate) in enumerate(PARTICIPANTS):
        prefix = f"attendees-{number}-"
        page.fill(f"[name={prefix}first_name]", first_name)
        page.fill(f"[name={prefix}last_name]", last_name)
        page.fill(f"[name={prefix}job_title]", job_title)
        page.fill(f"[name={prefix}email]", f"formation{number + 1}@saint-aubry.example")
        page.select_option(f"[name={prefix}rate]", rate)
    organisation, siret = demo.subscribed_siret()
    page.fill("[name=organisation]", organisation)
    page.fill("[name=siret]", siret)
    page.fill("[name=address]", "1, place de la Mairie")
    page.fill("[name=postcode]", "00100")
    page.fill("[name=city]", "Saint-Aubry")
    page.check("[name=payment_method][value=mandat]")
    page.fill("[name=commitment_number]", "EJ-2417")
    expect(page.locator("#summary")).to_contain_text(PARTICIPANTS[-1][1])
    with page.expect_response(re.compile("/total/$")):
        page.check("[name=accept_terms]")
    page.locator("h1").click()


def show_reference(page: Page) -> None:
    """Write the same reference on every run's order."""
    page.evaluate(
        """([pattern, shown]) => {
            const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            while (texts.nextNode())
                texts.currentNode.data = texts.currentNode.data.replace(
                    new RegExp(pattern, "g"), (found) => found.slice(0, 5) + shown);
        }""",
        [REFERENCE.pattern, SHOWN_REFERENCE],
    )


def palette_of(picture: Image.Image) -> Image.Image:
    """Return the frequent colours, and a choice of the others in which each weighs the same.

    Weighed by area, the rare ones (a word in green) would be given up for one more grey.
    """
    counted: list[Any] = sorted(picture.getcolors(picture.width * picture.height) or [], reverse=True)
    colours = [colour for _, colour in counted]
    each = Image.new("RGB", (len(colours), 1))
    each.putdata(colours)
    chosen = each.quantize(COLOURS - EXACT, kmeans=1).getpalette() or []
    kept: list[tuple[int, ...]] = []
    for colour in [*colours[:EXACT], *zip(*[iter(chosen)] * 3, strict=True)]:
        # Pillow looks the nearest colour up coarsely: of two that nobody tells apart only the first may be there.
        if all(max(abs(one - other) for one, other in zip(colour, near, strict=True)) > APART for near in kept):
            kept.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in kept for channel in colour])
    return palette


def photograph(page: Page, name: str) -> None:
    """Write the page as a picture with few colours: in a window as tall as the page, what sticks stays in place."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    height: int = page.evaluate("document.documentElement.scrollHeight")
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": min(height, TALLEST)})
    page.evaluate("scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    taken.quantize(palette=palette_of(taken), dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
    page.set_viewport_size(size)


if __name__ == "__main__":
    try:
        main()
    except MissingProgram as error:
        sys.exit(f"make screenshots: {error}")
