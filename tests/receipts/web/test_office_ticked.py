"""The total of the cheques to take to the bank, as ticks come and go in a browser."""

import pytest
from playwright.sync_api import Browser

from eventsapp.core.static_files import FOLDER
from tests.support.browser import visitor

pytestmark = [pytest.mark.browser, pytest.mark.by_turns]

LINE = '<tr><td><input type="checkbox" name="picked" data-cents="{cents}" checked></td><td data-running></td></tr>'
PAGE = """<!doctype html><html lang="fr"><body>
<p data-ticked-of="cheques" data-one="1 chèque choisi" data-many="# chèques choisis">2 chèques, 200,50\u00a0€</p>
<form id="cheques"><table>{lines}</table></form></body></html>"""


def test_the_total_follows_the_ticks(browser: Browser) -> None:
    lines = "".join(LINE.format(cents=cents) for cents in (12900, 7150))
    with visitor(browser) as page:
        page.set_content(PAGE.format(lines=lines))
        page.add_script_tag(path=FOLDER / "js" / "ticked.js", type="module")
        told = page.locator("[data-ticked-of]")
        page.wait_for_function("document.querySelector('[data-ticked-of]').textContent.includes('choisis')")
        assert told.text_content() == "2 chèques choisis, 200,50\u00a0€"

        page.locator("input").first.uncheck()

        assert told.text_content() == "1 chèque choisi, 71,50\u00a0€"
        assert page.locator("[data-running]").all_text_contents() == ["", "71,50\u00a0€"]
