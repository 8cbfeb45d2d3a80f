"""Nobody writes a line of the log by typing one."""

import io
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

FORGED = "2026-12-01 12:00:00 INFO eventsapp: all is well"
BREAKS = ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1b[2K\r"]


def logged(app: Flask, *args: object, error: Exception | None = None) -> str:
    """Return what a handler of our own writes of a message."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log = logging.getLogger("eventsapp.of_this_test")
    log.addHandler(handler)
    try:
        log.warning(*args, exc_info=error)
    finally:
        log.removeHandler(handler)
    return written.getvalue().removesuffix("\n")


@pytest.mark.parametrize("ending", BREAKS)
def test_what_somebody_typed_stays_in_the_line_that_tells_of_it(app: Flask, ending: str) -> None:
    assert len(logged(app, "refused: %s", f"Ana{ending}{FORGED}").splitlines()) == 1


@pytest.mark.parametrize("ending", BREAKS)
def test_no_line_of_a_traceback_passes_for_one_of_the_log(app: Flask, ending: str) -> None:
    first, *more = logged(app, "it failed", error=ValueError(f"Ana{ending}{FORGED}")).splitlines()

    assert first.endswith("it failed")
    assert any("ValueError: Ana" in line for line in more)
    assert [line for line in more if not line.startswith("    ")] == []


def test_words_of_every_language_are_written_as_they_are(app: Flask) -> None:
    assert logged(app, "%s\tet %s", "Ana Brún", "Łódź").endswith("Ana Brún\tet Łódź")


def test_a_page_that_breaks_is_told_in_its_own_lines(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_values: object) -> str:
        raise RuntimeError(f"a\n{FORGED}")

    monkeypatch.setitem(app.view_functions, "site.home", broken)

    assert client.get("/").status_code == 500

    lines = caplog.text.splitlines()
    assert any(line.strip() == FORGED for line in lines)
    assert FORGED not in lines
