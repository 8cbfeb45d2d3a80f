"""The rule that the page states."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.waiting_list import rules
from tests.support.makers.study_days import NOW

GROUPS = st.lists(st.integers(1, 20), max_size=30).map(lambda sizes: list(enumerate(sizes)))
LEFT = st.timedeltas(timedelta(days=-3), timedelta(days=30))


def test_the_first_who_fit_are_served_and_a_group_too_large_is_passed_over() -> None:
    assert rules.served(3, [(1, 1), (2, 5), (3, 2), (4, 1)]) == [1, 3]


def test_a_group_that_was_passed_over_is_served_first_once_it_fits() -> None:
    assert rules.served(6, [(2, 5), (4, 1), (5, 1)]) == [2, 4]


@given(st.integers(0, 60), GROUPS)
def test_nobody_fits_into_what_is_left(free: int, groups: list[tuple[int, int]]) -> None:
    chosen = rules.served(free, groups)
    sizes = dict(groups)

    left = free - sum(sizes[key] for key in chosen)

    assert left >= 0
    assert all(size > left for key, size in groups if key not in chosen)


@given(st.integers(0, 60), GROUPS)
def test_whoever_is_passed_over_did_not_fit_into_what_those_before_left(
    free: int, groups: list[tuple[int, int]]
) -> None:
    chosen = rules.served(free, groups)

    for place, (key, size) in enumerate(groups):
        left = free - sum(before for other, before in groups[:place] if other in chosen)
        assert (key in chosen) == (size <= left)


@given(LEFT)
def test_an_offer_ends_in_48_hours_and_never_after_registrations_close(left: timedelta) -> None:
    closes_at = NOW + left

    ends = rules.offer_ends(closes_at=closes_at, now=NOW)

    if left < timedelta(hours=2):
        assert ends is None
    else:
        assert ends == min(NOW + timedelta(hours=48), closes_at)


@given(LEFT)
def test_by_hand_an_offer_may_be_short_but_not_late(left: timedelta) -> None:
    ends = rules.offer_ends(closes_at=NOW + left, now=NOW, least=timedelta(0))

    assert (ends is None) == (left <= timedelta(0))


def test_the_last_moment_of_an_offer_is_excluded() -> None:
    def is_open(at: datetime) -> bool:
        return rules.is_open(expires_at=NOW, closes_at=NOW + timedelta(days=1), now=at)

    assert is_open(NOW - timedelta(seconds=1))
    assert not is_open(NOW)
    assert not rules.is_open(expires_at=NOW + timedelta(days=2), closes_at=NOW, now=NOW)
