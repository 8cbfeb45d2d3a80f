"""What a day says of itself."""

from datetime import timedelta

import pytest

from tests.support.makers.study_days import make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def test_names_change_until_the_doors_open_unless_the_day_says_otherwise() -> None:
    day = make_study_day()
    assert day.names_change_until == day.starts_at

    day.welcome_at = day.starts_at - timedelta(minutes=30)
    assert day.names_change_until == day.welcome_at

    day.changes_until = day.starts_at - timedelta(days=1)
    assert day.names_change_until == day.changes_until
    assert day.local_names_change_until.utcoffset() == timedelta(hours=1)
