"""Debian's Chromium, driven for real."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.support.services import find_program

#: The project fetches no browser of its own; the flags keep Debian's from calling home.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (1280, 390)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_program("chromium", "chromium"), args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visitor(
    browser: Browser, *, javascript: bool = True, width: int = 1280, dark: bool = False, forgiving: bool = False
) -> Iterator[Page]:
    """Be somebody new: no cookie, a window of that width.

    A page that logs an error fails the test; ``forgiving`` leaves out those that only tell an answer's status.
    """
    context: BrowserContext = browser.new_context(
        java_script_enabled=javascript,
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        locale="fr-FR",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(_told(message)) if message.type == "error" else None)
    try:
        yield page
    finally:
        context.close()
    told = [error for error in errors if not (forgiving and "responded with a status of" in error)]
    if told:
        raise AssertionError("the console says: " + " | ".join(told))


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} {message.location['url']}"


def faults(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core finds on the page, by some of its rules or all, one line a fault."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(rules.length ? {runOnly: rules} : {})", list(rules))
    return [
        f"{violation['id']}: {violation['help']} — {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
