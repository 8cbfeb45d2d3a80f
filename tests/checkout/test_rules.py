"""Which seats a subscription covers."""

import pytest

from eventsapp.checkout import rules


@pytest.mark.parametrize(
    ("asking", "subscribed", "covered", "missed"),
    [
        ([], set(), 0, []),
        (["a"], set(), 0, [0]),
        (["a"], {"a"}, 0, []),
        (["a", "b", "c"], {"b"}, 1, [2]),
        (["a", "b", "c"], set(), 2, [2]),
        (["a", "b"], set(), 5, []),
    ],
)
def test_a_seat_is_covered_by_its_own_subscription_or_by_one_of_the_buyer(
    asking: list[str], subscribed: set[str], covered: int, missed: list[int]
) -> None:
    assert rules.uncovered(asking, subscribed=subscribed, covered_seats=covered) == missed
