"""What a scanner read, and which half-days a day has."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from eventsapp.attendance import rules
from eventsapp.attendance.errors import NotPrintable
from eventsapp.attendance.statuses import Part
from eventsapp.attendance.values import HalfDay, Slot

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


def _at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2027, 2, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("present", "signed", "expected"),
    [
        # The door knows who came, not who left.
        ({MORNING: True}, (), (MORNING, AFTERNOON)),
        ({AFTERNOON: True}, (), (AFTERNOON,)),
        # The signed sheet does.
        ({MORNING: True}, (AFTERNOON,), (MORNING,)),
        ({MORNING: True, AFTERNOON: False}, (), (MORNING,)),
        ({MORNING: False, AFTERNOON: True}, (MORNING,), (AFTERNOON,)),
        ({MORNING: False, AFTERNOON: False}, (), ()),
        ({}, (), ()),
    ],
)
def test_half_days_that_count(
    present: dict[HalfDay, bool], signed: tuple[HalfDay, ...], expected: tuple[HalfDay, ...]
) -> None:
    assert rules.half_days_attended(present, (MORNING, AFTERNOON), signed=signed) == expected


@pytest.mark.parametrize(
    ("start", "end", "morning", "afternoon"),
    [
        # Lunch from half past twelve to two, for a day whose programme does not say.
        (_at(9), _at(17), 210, 180),
        (_at(9), _at(12, 30), 210, 0),
        (_at(9), _at(13), 240, 0),
        (_at(13, 30), _at(17), 0, 210),
        (_at(14), _at(18), 0, 240),
    ],
)
def test_how_long_a_half_day_lasts_by_the_clock(start: datetime, end: datetime, morning: int, afternoon: int) -> None:
    halves = rules.half_days(start, end)

    lengths = {half: rules.minutes_of(half, local_start=start, local_end=end, slots=()) for half in halves}

    assert lengths == {half: {MORNING: morning, AFTERNOON: afternoon}[half] for half in halves}


def test_the_programme_says_it_better_and_its_breaks_teach_nothing() -> None:
    slots = [
        Slot(_at(9), _at(10, 30), False),
        Slot(_at(10, 30), _at(10, 45), True),
        Slot(_at(10, 45), _at(12, 15), False),
        Slot(_at(12, 15), _at(13, 45), True),
        Slot(_at(13, 45), _at(16, 30), False),
    ]

    found = [
        rules.minutes_of(half, local_start=_at(9), local_end=_at(17), slots=slots) for half in (MORNING, AFTERNOON)
    ]

    assert found == [180, 165]


def test_each_date_of_several_has_its_own_hours() -> None:
    start, end = _at(14), _at(12, day=26)

    found = [rules.minutes_of(half, local_start=start, local_end=end, slots=()) for half in rules.half_days(start, end)]

    assert found == [180, 210, 180, 180]


@pytest.mark.parametrize(
    ("minutes", "words"), [(420, "7\u00a0h"), (390, "6\u00a0h\u00a030"), (425, "7\u00a0h\u00a005")]
)
def test_hours_in_words(minutes: int, words: str) -> None:
    assert rules.hours_in_words(minutes) == words


@pytest.mark.parametrize(("count", "expected"), [(0, [0]), (2, [2]), (3, [2, 1]), (4, [2, 2])])
def test_batches(count: int, expected: list[int]) -> None:
    assert [len(batch) for batch in rules.batches(range(count), 2)] == expected


def test_a_curve_goes_from_the_first_minute_to_the_last() -> None:
    at = datetime(2027, 2, 24, 8, tzinfo=UTC)

    assert rules.along([]) == []
    assert rules.along([(at, 2)]) == [(0.0, 2)]
    assert rules.along([(at + timedelta(minutes=minute), minute) for minute in (0, 1, 4)]) == [
        (0, 0),
        (0.25, 1),
        (1, 4),
    ]


@pytest.mark.parametrize("name", ["王小明 🙂 ﷽ កម្ពុជា", "Anne 王", "🙂"])
def test_a_name_that_would_be_boxes_is_refused_with_its_letters(app: Flask, name: str) -> None:
    with app.test_request_context(), pytest.raises(NotPrintable, match="en lettres latines"):
        rules.printed_name(name)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Anne-Zoé d’Æbelø 🙂👩🏽‍💻", "Anne-Zoé d’Æbelø"),
        ("Nguyễn Ðình", "Nguyễn Ðình"),
        ("Ολγα Жукова", "Ολγα Жукова"),
        ("", ""),
    ],
)
def test_a_name_is_printed_without_emoji(typed: str, printed: str) -> None:
    assert rules.printed_name(typed) == printed
