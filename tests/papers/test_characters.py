import pytest

from eventsapp.papers.characters import writable


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
