"""What may stand in a text, and when a reminder is due."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eventsapp.mailings import rules
from eventsapp.mailings.errors import UnusableText
from eventsapp.mailings.statuses import Basis, ReminderKind, Seat

DAY = date(2026, 10, 26)
NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{order.__class__}", "{ prenom }", "{Prenom}", "{}", "{{prenom}} {x}", "{% print(1) %}"]
)
def test_what_is_in_braces_and_is_no_placeholder_is_refused_next_to_its_field(text: str) -> None:
    with pytest.raises(UnusableText) as refused:
        rules.require_fillable(Basis.REGISTRATIONS, subject="Bonjour", body=f"Cher {text}")

    assert list(refused.value.errors) == ["/body"]


@pytest.mark.parametrize("text", ["${7*7}"])
def test_a_dollar_before_braces_is_no_way_in_either(text: str) -> None:
    with pytest.raises(UnusableText) as refused:
        rules.require_fillable(Basis.REGISTRATIONS, subject=text, body="%n %s")

    assert list(refused.value.errors) == ["/subject"]
    assert "{7*7}" in refused.value.errors["/subject"]


@pytest.mark.parametrize("text", ["%n %(x)s", "a { b", "} {", "{prenom} {nom}, {journee} {date} {heure} {lieu} {lien}"])
def test_anything_else_is_taken_as_it_stands(text: str) -> None:
    rules.require_fillable(Basis.REGISTRATIONS, subject=text, body=text)


def test_what_is_not_known_of_everybody_there_is_refused() -> None:
    with pytest.raises(UnusableText) as refused:
        rules.require_fillable(Basis.SUBSCRIBERS, body="{nom}, {journee}, {tarif}")

    assert "{journee}, {tarif}" in refused.value.errors["/body"]


def test_what_somebody_is_called_is_never_read_as_a_placeholder() -> None:
    facts = {"prenom": "{nom}", "nom": "{{7*7}}"}

    assert rules.filled("{prenom} {nom} {autre}", facts) == "{nom} {{7*7}} {autre}"


@pytest.mark.parametrize(
    ("basis", "ends", "expected"),
    [
        (Basis.REGISTRATIONS, [1], True),
        (Basis.REGISTRATIONS, [1, -1], False),
        (Basis.REGISTRATIONS, [-1], False),
        (Basis.REGISTRATIONS, [], False),
        (Basis.WAITING_LIST, [1], True),
        (Basis.SUBSCRIBERS, [], False),
    ],
)
def test_only_ones_own_coming_day_is_written_about_to_everybody(basis: Basis, ends: list[int], expected: bool) -> None:
    ends_at = [NOW + timedelta(days=days) for days in ends]

    assert rules.is_service(basis, (Seat.CONFIRMED, Seat.HELD), ends_at, now=NOW) is expected


@pytest.mark.parametrize("seats", [(Seat.CANCELLED,), (Seat.CONFIRMED, Seat.CANCELLED)])
def test_a_day_that_somebody_comes_to_no_more_is_not_theirs(seats: tuple[Seat, ...]) -> None:
    coming = [NOW + timedelta(days=1)]

    assert not rules.is_service(Basis.REGISTRATIONS, seats, coming, now=NOW)
    assert rules.is_service(Basis.WAITING_LIST, seats, coming, now=NOW)


@pytest.mark.parametrize(
    ("days_before", "expected"),
    [
        (8, None),
        (7, ReminderKind.WEEK),
        (4, ReminderKind.WEEK),
        (2, ReminderKind.WEEK),
        (1, ReminderKind.EVE),
        (0, ReminderKind.EVE),
        (-1, None),
    ],
)
def test_a_reminder_is_due_from_its_day_until_the_next(days_before: int, expected: ReminderKind | None) -> None:
    today = DAY - timedelta(days=days_before)
    due = rules.reminder_due(held_on=DAY, named_on=date(2026, 9, 1), today=today, has_begun=False)

    assert due is expected


def test_nobody_is_reminded_once_the_doors_are_open() -> None:
    assert rules.reminder_due(held_on=DAY, named_on=date(2026, 9, 1), today=DAY, has_begun=True) is None


@pytest.mark.parametrize(("named", "today", "expected"), [(7, 7, None), (8, 7, "week"), (1, 1, None), (2, 1, "eve")])
def test_who_has_just_been_told_all_is_not_reminded(named: int, today: int, expected: str | None) -> None:
    due = rules.reminder_due(
        held_on=DAY, named_on=DAY - timedelta(days=named), today=DAY - timedelta(days=today), has_begun=False
    )

    assert due == expected


def test_what_appeared_before_the_running_hour_is_told_of() -> None:
    assert rules.hour_of(datetime(2027, 3, 1, 14, 59, 59, 999, tzinfo=UTC)) == datetime(2027, 3, 1, 14, tzinfo=UTC)


def test_a_fingerprint_is_that_of_one_address_under_one_key() -> None:
    one = rules.fingerprint("claude@exemple.fr", key="k")

    assert one == rules.fingerprint("claude@exemple.fr", key="k")
    others = {rules.fingerprint("camille@exemple.fr", key="k"), rules.fingerprint("claude@exemple.fr", key="l")}
    assert one not in others
    assert one.startswith(rules.FINGERPRINT)
    assert len(one) <= 254
