"""What a scanner read, and which half-days a day has."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsapp.attendance import rules
from eventsapp.attendance.statuses import Part
from eventsapp.attendance.values import HalfDay

DAY = date(2027, 2, 24)
MORNING, AFTERNOON = HalfDay(DAY, Part.MORNING), HalfDay(DAY, Part.AFTERNOON)


@pytest.mark.parametrize(
    ("scanned", "code"),
    [
        ("Zk3vV0yQ4mX1c9wJb7nT2A", "Zk3vV0yQ4mX1c9wJb7nT2A"),
        ("  Zk3v-V0y_Q4 \r\n", "Zk3v-V0y_Q4"),
        ("https://exemple.fr/billets/Zk3vV0yQ?langue=fr", "Zk3vV0yQ"),
        ("https://exemple.fr/billets/Zk3vV0yQ/", "Zk3vV0yQ"),
        ("Roux Claude", ""),
        ("<script>", ""),
        ("x" * 65, ""),
        ("", ""),
    ],
)
def test_a_code_is_read_alone_or_at_the_end_of_an_address(scanned: str, code: str) -> None:
    assert rules.code_in(scanned) == code


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (((9, 0), (17, 30)), (MORNING, AFTERNOON)),
        (((9, 0), (12, 30)), (MORNING,)),
        (((9, 0), (13, 45)), (MORNING,)),
        (((9, 0), (13, 46)), (MORNING, AFTERNOON)),
        (((12, 14), (13, 0)), (MORNING,)),
        (((12, 15), (13, 0)), (AFTERNOON,)),
        (((14, 0), (17, 0)), (AFTERNOON,)),
        (((18, 0), (23, 59)), (AFTERNOON,)),
    ],
)
def test_a_day_has_the_half_days_that_its_hours_touch(
    hours: tuple[tuple[int, int], tuple[int, int]], expected: tuple[HalfDay, ...]
) -> None:
    first, last = (datetime(2027, 2, 24, *hour, tzinfo=UTC) for hour in hours)

    assert rules.half_days(first, last) == expected


def test_a_day_that_goes_on_has_half_days_on_each_date_and_midnight_belongs_to_the_day_before() -> None:
    first = datetime(2027, 2, 24, 14, tzinfo=UTC)
    following = DAY + timedelta(days=1)

    assert rules.half_days(first, datetime(2027, 2, 25, 12, tzinfo=UTC)) == (
        AFTERNOON,
        HalfDay(following, Part.MORNING),
    )
    assert rules.half_days(first, datetime(2027, 2, 25, 0, tzinfo=UTC)) == (AFTERNOON,)


@pytest.mark.parametrize(
    ("moment", "among", "half"),
    [
        (datetime(2027, 2, 24, 8, tzinfo=UTC), (MORNING, AFTERNOON), MORNING),
        (datetime(2027, 2, 24, 12, 59, tzinfo=UTC), (MORNING, AFTERNOON), MORNING),
        (datetime(2027, 2, 24, 13, 0, tzinfo=UTC), (MORNING, AFTERNOON), AFTERNOON),
        (datetime(2027, 2, 24, 12, 0, tzinfo=UTC), (AFTERNOON,), AFTERNOON),
        (datetime(2027, 2, 24, 15, 0, tzinfo=UTC), (MORNING,), MORNING),
        (datetime(2027, 2, 23, 15, 0, tzinfo=UTC), (MORNING, AFTERNOON), MORNING),
        (datetime(2027, 2, 26, 9, 0, tzinfo=UTC), (MORNING, AFTERNOON), AFTERNOON),
    ],
)
def test_who_arrives_is_there_for_the_half_day_of_the_hour_or_the_nearest(
    moment: datetime, among: tuple[HalfDay, ...], half: HalfDay
) -> None:
    assert rules.half_day_at(moment, among) == half


def test_a_phone_whose_clock_is_fast_scans_now() -> None:
    now = datetime(2027, 2, 24, 8, tzinfo=UTC)

    assert rules.scanned_at(now + timedelta(hours=2), now=now) == now
    assert rules.scanned_at(now - timedelta(hours=2), now=now) == now - timedelta(hours=2)
    assert rules.scanned_at(None, now=now) == now


@pytest.mark.parametrize(("days", "open_"), [(-1, False), (0, True), (1, True), (4, True), (5, False)])
def test_a_phone_may_hand_over_until_three_days_after(days: int, open_: bool) -> None:
    last = DAY + timedelta(days=1)

    assert rules.may_hand_over(first=DAY, last=last, today=DAY + timedelta(days=days)) is open_


def test_arrivals_are_added_up_by_minute_and_counted_by_quarter() -> None:
    moments = [datetime(2027, 2, 24, 8, *at, tzinfo=UTC) for at in ((58, 1), (58, 59), (59, 0))]
    moments.append(datetime(2027, 2, 24, 9, 1, tzinfo=UTC))

    minutes = [(moment.strftime("%H:%M"), count) for moment, count in rules.by_minute(moments)]
    quarters = [(begins.strftime("%H:%M"), *counts) for begins, *counts in rules.by_quarter(moments)]

    assert minutes == [("08:58", 2), ("08:59", 3), ("09:01", 4)]
    assert quarters == [("08:45", 3, 3), ("09:00", 1, 4)]
    assert (rules.by_minute([]), rules.by_quarter([])) == ([], [])
