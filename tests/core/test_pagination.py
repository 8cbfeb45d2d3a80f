"""Pages of a list, as addresses name them."""

import pytest

from eventsapp.core.pagination import LAST_PAGE, page_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("007", 7),
        (str(LAST_PAGE), LAST_PAGE),
        (str(LAST_PAGE + 1), None),
        ("0000011111111111", None),
        ("0", None),
        ("-1", None),
        ("", None),
        ("2.0", None),
        ("²", None),
        ("٣", None),
    ],
)
def test_a_page_is_a_number_within_reason(text: str, number: int | None) -> None:
    assert page_number(text) == number
