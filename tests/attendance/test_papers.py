"""The papers of a day: what they say, that archives and screen readers take them, and that long names hold."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from flask import Flask

from tests.papers.validator import faults, words
from tests.support.makers.day_papers import NAMES, made
from tests.support.snapshots import kept

KEPT = Path(__file__).parent / "papers"


@pytest.fixture(autouse=True)
def asked(app: Flask) -> Iterator[None]:
    """Somebody asks for a paper."""
    with app.test_request_context():
        yield


def pages(paper: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages]


@pytest.mark.one_database
@pytest.mark.parametrize("name", NAMES)
def test_every_paper_is_valid_for_the_archive_and_for_screen_readers(name: str) -> None:
    assert faults(made(name, 2)) == []


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["training", "sheet", "programme", "convocations", "agreements", "badges-card"])
def test_a_paper_says_what_was_read_and_approved(name: str) -> None:
    text = "\n\n".join(pages(made(name, 1))) + "\n"

    assert text == kept(KEPT / f"{name}.txt", text)


@pytest.mark.one_database
def test_the_same_certificates_give_the_same_bytes() -> None:
    assert made("certificates", 2) == made("certificates", 2)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("name", "people", "expected"),
    [("badges-card", 21, 3), ("badges-label", 21, 3), ("certificates", 3, 3), ("training", 3, 6)],
)
def test_as_many_pages_as_there_are_people(name: str, people: int, expected: int) -> None:
    assert len(pages(made(name, people))) == expected


@pytest.mark.one_database
def test_the_sheet_has_everybody_on_each_half_day_and_counts_its_pages() -> None:
    paper = made("sheet", 40)

    shown = pages(paper)
    whole = words(paper)
    assert len(shown) == 6
    assert [f"{number}/6" in page for number, page in enumerate(shown, start=1)] == [True] * 6
    assert whole.count("Roux 40 Claude") == 2
    assert whole.count("Feuille d’émargement, 24 février 2027, matin") >= 1
    # Who speaks in the morning does not sign for the afternoon.
    assert whole.count("Jean-Claude Antonini 1 ") == 1
    assert whole.count("Jean-Claude Antonini 5 ") == 1


@pytest.mark.one_database
def test_a_very_long_name_stays_on_its_badge() -> None:
    paper = made("badges-card", 7)

    [page] = pypdf.PdfReader(io.BytesIO(paper)).pages
    whole = " ".join(page.extract_text().split())
    assert "de La Rochefoucauld-Montmorency-" in whole
    assert "Saint-Hilaire" in whole
