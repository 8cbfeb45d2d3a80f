import pytest

from eventsapp.papers import pdf
from eventsapp.papers.characters import HELD, unprintable, writable
from scripts import build_paper_characters
from tests.papers.validator import LAST_RESORT, fonts_of


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("L’été à Évry : 12 €\u202f!", "L’été à Évry : 12 €\u202f!"),
        ("un\r\ndeux\rtrois\u2028quatre", "un\ndeux\ntrois\nquatre"),
        ("a\tb", "a b"),
        ("a\x00b\x1bc\x7fd\x85e\ufefff\uffffg", "abcdefg"),
        ("moitié \ud83d", "moitié �"),
        ("😀 שלום 中文", "😀 שלום 中文"),
    ],
)
def test_only_what_no_file_can_hold_is_taken_out(typed: str, written: str) -> None:
    assert writable(typed) == written
    assert writable(typed).encode()


def test_what_is_written_down_is_what_the_fonts_hold() -> None:
    assert HELD.read_text(encoding="utf-8") == build_paper_characters.told(), "run scripts/build_paper_characters.py"


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("Anne-Zoé d’Æbelø-Śląska", ""),
        ("Nguyễn Ðình", ""),
        ("Zoe\u0301 X\u0332u", ""),
        ("Ολγα Жукова", ""),
        ("שלום כהן", ""),
        ("Anne\u202f\u2011\u200b\u200eMarie", ""),
        # Latin and Cyrillic by their names, and in none of the fonts.
        ("Ꞗơi Ꚁнна Ꞗ", "ꞖꚀ"),
        ("王小明, 王", "王小明"),
        ("Zo・e", "・"),
        # An accent that stands on no letter of its face.
        ("e\u1dc4", "e\u1dc4"),
        ("नमस्ते", "नमस्ते"),
    ],
)
def test_signs_that_no_face_holds_are_found_and_no_other_is_a_box(name: str, missing: str) -> None:
    # Hyphen and spaces are those of Unicode, as people paste them.
    assert unprintable(name) == missing
    paper = pdf.render("attendance/badges", _badge(name), title="Badges")
    assert (LAST_RESORT in fonts_of(paper)) is bool(missing)


def _badge(name: str) -> dict[str, object]:
    badge = {"first_name": name, "last_name": "Roux", "job_title": "", "organisation": "", "qr": ""}
    day = {"title": "Journée", "dates": "le 24 février", "city": "Angers", "site_name": "La Lettre"}
    return {**day, "shape": "card", "badges": [badge]}
