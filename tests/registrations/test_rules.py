"""What is decided about a seat without a name."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsapp.registrations import rules
from eventsapp.registrations.errors import ChangesClosed, RemindedTooSoon
from eventsapp.registrations.statuses import NamingReminder, RegistrationStatus
from eventsapp.study_days.statuses import StudyDayStatus

UNTIL = datetime(2027, 3, 23, 7, 30, tzinfo=UTC)
HELD_ON = date(2027, 3, 23)
EARLY = date(2027, 1, 1)
FORTNIGHT, LAST_DAYS = NamingReminder.FORTNIGHT, NamingReminder.LAST_DAYS


@pytest.mark.parametrize(
    ("days_before", "due"),
    [(15, None), (14, FORTNIGHT), (6, FORTNIGHT), (5, LAST_DAYS), (1, LAST_DAYS), (0, None), (-1, None)],
)
def test_a_reminder_is_due_from_its_day_until_the_next(days_before: int, due: NamingReminder | None) -> None:
    today = HELD_ON - timedelta(days=days_before)

    assert rules.reminder_due(held_on=HELD_ON, bought_on=EARLY, today=today) == due


@pytest.mark.parametrize(
    ("bought_before", "days_before", "due"),
    [(14, 14, None), (14, 7, None), (15, 14, FORTNIGHT), (10, 5, LAST_DAYS), (5, 4, None), (2, 1, None)],
)
def test_whoever_bought_after_a_reminders_day_is_not_reminded_by_it(
    bought_before: int, days_before: int, due: NamingReminder | None
) -> None:
    bought_on, today = HELD_ON - timedelta(days=bought_before), HELD_ON - timedelta(days=days_before)

    assert rules.reminder_due(held_on=HELD_ON, bought_on=bought_on, today=today) == due


@pytest.mark.parametrize(
    ("status", "day_status", "now", "told"),
    [
        (RegistrationStatus.CANCELLED, StudyDayStatus.PUBLISHED, UNTIL - timedelta(days=1), "Cette place est annulée."),
        (
            RegistrationStatus.CONFIRMED,
            StudyDayStatus.CANCELLED,
            UNTIL - timedelta(days=1),
            "Cette journée est annulée.",
        ),
        (RegistrationStatus.ATTENDED, StudyDayStatus.PUBLISHED, UNTIL - timedelta(days=1), "Les noms ne changent plus"),
        (RegistrationStatus.CONFIRMED, StudyDayStatus.PUBLISHED, UNTIL, "Les noms ne changent plus"),
    ],
)
def test_why_a_name_no_longer_changes(
    status: RegistrationStatus, day_status: StudyDayStatus, now: datetime, told: str
) -> None:
    with pytest.raises(ChangesClosed) as refused:
        rules.require_changeable(status=status, day_status=day_status, until=UNTIL, now=now)

    assert refused.value.message.startswith(told)


@pytest.mark.parametrize("status", [RegistrationStatus.HELD, RegistrationStatus.CONFIRMED])
@pytest.mark.parametrize("day_status", [StudyDayStatus.PUBLISHED, StudyDayStatus.POSTPONED])
def test_names_change_until_the_moment_itself(status: RegistrationStatus, day_status: StudyDayStatus) -> None:
    rules.require_changeable(status=status, day_status=day_status, until=UNTIL, now=UNTIL - timedelta(microseconds=1))


def test_a_day_passes_before_somebody_is_written_to_again() -> None:
    assert rules.may_write_again(last=None, now=UNTIL)
    rules.require_may_write_again(last=UNTIL - timedelta(hours=24), now=UNTIL)
    with pytest.raises(RemindedTooSoon):
        rules.require_may_write_again(last=UNTIL - timedelta(hours=23, minutes=59), now=UNTIL)
