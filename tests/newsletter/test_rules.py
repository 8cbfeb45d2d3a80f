"""How long a link holds, which week a letter is of, when it may leave."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from eventsapp.newsletter import rules
from eventsapp.newsletter.statuses import NEXT, Group, LetterStatus
from eventsapp.newsletter.values import Choice, Contents, Told

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [(timedelta(0), True), (timedelta(days=7, seconds=-1), True), (timedelta(days=7), False)],
)
def test_an_address_is_confirmed_within_seven_days(after: timedelta, expected: bool) -> None:
    assert rules.can_confirm(asked_at=NOW, now=NOW + after) is expected


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 29), date(2026, 11, 23)),
        (date(2027, 1, 1), date(2026, 12, 28)),
    ],
)
def test_a_week_is_named_by_its_monday(day: date, monday: date) -> None:
    assert rules.week_of(day) == monday


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 23, 5, tzinfo=UTC), True),
        (datetime(2026, 11, 29, 22, 59, tzinfo=UTC), True),
        # In summer the clock of the magazine is two hours ahead; on Sunday at midnight begins another week.
        (datetime(2026, 6, 22, 4, tzinfo=UTC), True),
        (datetime(2026, 6, 21, 22, tzinfo=UTC), False),
    ],
)
def test_a_draft_is_due_from_early_monday_until_the_week_is_over(now: datetime, due: bool) -> None:
    assert rules.draft_is_due(now=now, zone=PARIS) is due


def test_the_first_letter_looks_back_a_fortnight_and_the_others_to_the_last_one() -> None:
    assert rules.looks_back_to(None, now=NOW) == NOW - timedelta(days=14)
    assert rules.looks_back_to(NOW - timedelta(days=40), now=NOW) == NOW - timedelta(days=40)


@pytest.mark.parametrize(("days", "can"), [(0, False), (-1, False), (1, True), (60, True), (61, False)])
def test_a_letter_leaves_at_an_hour_to_come_that_is_not_far(days: int, can: bool) -> None:
    assert rules.can_leave_at(NOW + timedelta(days=days), now=NOW) is can


def test_what_was_sent_does_not_become_a_draft_again() -> None:
    assert NEXT[LetterStatus.DONE] == frozenset()
    assert LetterStatus.DRAFT not in NEXT[LetterStatus.SENDING]


def _told(title: str, group: Group, theme_id: int | None) -> Told:
    return Told(group=group, title=title, url="https://exemple.fr/", about="", text="", theme_id=theme_id)


@pytest.mark.parametrize(
    ("choice", "titles"),
    [
        (Choice(), ["Rapport", "Article", "Un", "Deux"]),
        (Choice(all_themes=False, themes=frozenset({1})), ["Rapport", "Article", "Un"]),
        (Choice(all_themes=False), ["Article"]),
    ],
)
def test_a_reader_reads_of_their_themes_and_what_has_none_in_the_order_of_the_headings(
    choice: Choice, titles: list[str]
) -> None:
    told = [
        _told("Un", Group.DAYS, 1),
        _told("Article", Group.ARTICLES, None),
        _told("Deux", Group.DAYS, 2),
        _told("Rapport", Group.REPORTS, 1),
    ]

    contents = Contents.of(told, choice)

    assert [each.title for _group, found in contents.groups for each in found] == titles
    assert all(found for _group, found in contents.groups)
