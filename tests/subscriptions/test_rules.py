"""When subscriptions start and end, when their readers are reminded, and where a gift stands."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.errors import Invalid
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.statuses import ContractKind, ContractStatus, GiftState, ReminderKind
from eventsapp.subscriptions.values import Delivery

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 12, 31))
MONTHS = st.integers(min_value=1, max_value=60)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 3, 15), 12, date(2027, 3, 14)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 30), 1, date(2026, 2, 28)),
        (date(2026, 1, 28), 1, date(2026, 2, 27)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 1), 24, date(2028, 11, 30)),
    ],
)
def test_the_last_day_is_the_one_before_the_same_date_or_the_end_of_a_month_without_it(
    start: date, months: int, end: date
) -> None:
    assert rules.last_day(starts_on=start, months=months) == end


@given(DAYS, MONTHS)
def test_the_day_after_the_last_is_the_same_date_or_the_first_of_the_next_month(start: date, months: int) -> None:
    after = rules.last_day(starts_on=start, months=months) + timedelta(days=1)
    months_on = (after.year - start.year) * 12 + after.month - start.month

    assert (after.day, months_on) in {(start.day, months), (1, months + 1)}
    assert (after.day == start.day) or start.day > 28


@given(DAYS, st.lists(MONTHS, min_size=2, max_size=6))
def test_renewals_in_a_row_leave_no_day_out_and_take_none_away(start: date, terms: list[int]) -> None:
    one_by_one = start
    for months in terms:
        one_by_one = rules.first_day(today=start, current_end=rules.last_day(starts_on=one_by_one, months=months))

    at_once = rules.last_day(starts_on=start, months=sum(terms)) + timedelta(days=1)
    assert at_once <= one_by_one <= at_once + timedelta(days=3)


def test_a_month_too_short_ends_on_its_last_day() -> None:
    assert rules.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("current_end", "first"),
    [
        (None, date(2026, 11, 23)),
        (date(2026, 11, 22), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 24)),
        (date(2027, 5, 31), date(2027, 6, 1)),
    ],
)
def test_a_renewal_begins_where_the_present_one_ends(current_end: date | None, first: date) -> None:
    assert rules.first_day(today=date(2026, 11, 23), current_end=current_end) == first


@pytest.mark.parametrize(
    ("status", "ends_on", "may"),
    [
        (ContractStatus.ACTIVE, date(2027, 5, 31), True),
        (ContractStatus.EXPIRED, date(2026, 5, 31), True),
        (ContractStatus.PENDING, None, False),
        (ContractStatus.PENDING, date(2027, 5, 31), False),
        (ContractStatus.CANCELLED, date(2027, 5, 31), False),
    ],
)
def test_what_runs_or_ran_out_is_renewed(status: ContractStatus, ends_on: date | None, may: bool) -> None:
    assert rules.is_renewable(status=status, ends_on=ends_on) is may


END = date(2027, 5, 31)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (-61, None),
        (-60, ReminderKind.BEFORE_60),
        (-31, ReminderKind.BEFORE_60),
        (-30, ReminderKind.BEFORE_30),
        (-8, ReminderKind.BEFORE_30),
        (-7, ReminderKind.BEFORE_7),
        (0, ReminderKind.BEFORE_7),
        (1, None),
        (6, None),
        (7, ReminderKind.AFTER_7),
        (29, ReminderKind.AFTER_7),
        (30, ReminderKind.AFTER_30),
        (59, ReminderKind.AFTER_30),
        (60, None),
    ],
)
def test_a_reminder_waits_for_its_day_and_is_caught_up_until_another_says_something_else(
    days: int, kind: ReminderKind | None
) -> None:
    assert rules.reminder_due(starts_on=date(2026, 6, 1), ends_on=END, today=END + timedelta(days=days)) is kind


def test_nobody_is_told_that_what_has_just_begun_will_end() -> None:
    def due(on: date) -> ReminderKind | None:
        return rules.reminder_due(starts_on=date(2027, 5, 1), ends_on=END, today=on)

    assert [due(date(2027, 5, day)) for day in (1, 23, 24)] == [None, None, ReminderKind.BEFORE_7]
    assert rules.next_reminder(starts_on=date(2027, 5, 1), ends_on=END, today=date(2027, 5, 1)) == (
        ReminderKind.BEFORE_7,
        date(2027, 5, 24),
    )


def test_after_the_last_reminder_none_is_next() -> None:
    assert rules.next_reminder(starts_on=date(2026, 6, 1), ends_on=END, today=END + timedelta(days=30)) is None


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({"is_ready": False}, GiftState.AWAITING_MONEY),
        ({}, GiftState.SCHEDULED),
        ({"is_announced": True}, GiftState.OFFERED),
        ({"by_mail": False}, GiftState.OFFERED),
        ({"is_accepted": True, "is_refunded": True, "status": ContractStatus.CANCELLED}, GiftState.ACCEPTED),
        ({"status": ContractStatus.CANCELLED}, GiftState.WITHDRAWN),
        ({"is_refunded": True, "is_announced": True}, GiftState.WITHDRAWN),
    ],
)
def test_where_a_gift_stands_follows_from_what_happened(values: dict[str, Any], state: GiftState) -> None:
    plain: dict[str, Any] = {
        "status": ContractStatus.PENDING,
        "is_ready": True,
        "is_accepted": False,
        "is_announced": False,
        "by_mail": True,
        "is_refunded": False,
    }

    assert rules.gift_state(**plain | values) is state


def test_the_words_of_a_gift_hold_no_link_and_name_somebody() -> None:
    clean = {"recipient_name": "Claude Roux", "giver_name": "", "message": "À bientôt !"}

    assert rules.gift_problems(**clean) == {}
    for name in clean:
        assert set(rules.gift_problems(**clean | {name: "voir casino.online"})) == {name}
    assert set(rules.gift_problems(**clean | {"recipient_name": ""})) == {"recipient_name"}
    assert set(rules.gift_problems(**clean | {"message": "a" * 301})) == {"message"}


@pytest.mark.parametrize(
    ("on", "fine"),
    [(None, True), (0, True), (366, True), (367, False), (-1, False)],
)
def test_a_gift_is_announced_from_today_to_a_year_ahead(on: int | None, fine: bool) -> None:
    today = date(2026, 11, 23)
    day = None if on is None else today + timedelta(days=on)

    assert (rules.announce_problem(day, today=today) == "") is fine


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, set()),
        ({"kind": ContractKind.PAID}, {"/kind"}),
        ({"kind": ContractKind.GIFT}, {"/kind"}),
        ({"reason": ""}, {"/reason"}),
        ({"ends_on": date(2026, 11, 22)}, {"/ends_on"}),
        ({"ends_on": date(2031, 1, 1)}, {"/ends_on"}),
    ],
)
def test_the_office_gives_with_a_reason_until_a_day_to_come(values: dict[str, Any], wrong: set[str]) -> None:
    fine: dict[str, Any] = {"kind": ContractKind.TRIAL, "reason": "Découverte", "ends_on": date(2026, 11, 23)}
    found: set[str] = set()
    try:
        rules.require_grant(today=date(2026, 11, 23), **fine | values)
    except Invalid as refusal:
        found = set(refusal.errors)

    assert found == wrong


@pytest.mark.parametrize(
    ("postcode", "city", "fits"),
    [
        ("69220", "Belleville", True),
        ("69 220", "Belleville", True),
        ("6922", "Belleville", False),
        ("692200", "Belleville", False),
        ("69-22", "Belleville", False),
        ("1000", "Bruxelles, Belgique", True),
        ("L-1249", "Luxembourg", True),
        ("SW1A 1AA", "London", True),
    ],
)
def test_a_postcode_has_five_digits_in_france_and_abroad_what_they_have_there(
    postcode: str, city: str, fits: bool
) -> None:
    delivery = Delivery(name="Claude Roux", address="18, rue des Jardiniers", postcode=postcode, city=city)
    today = date(2026, 11, 23)

    if fits:
        rules.require_address(delivery, from_on=today, today=today)
        return
    with pytest.raises(Invalid) as refused:
        rules.require_address(delivery, from_on=today, today=today)
    assert list(refused.value.errors) == ["/postcode"]


@pytest.mark.parametrize(
    ("number", "offered", "is_gift", "on_paper", "told"),
    [
        (376, (376, 377), False, True, ""),
        (377, (376, 377), False, True, ""),
        (375, (376, 377), False, True, "Le numéro paru, 376, ou le prochain, 377."),
        (376, (), False, True, "Aucun numéro n’est encore paru : laissez vide."),
        (376, (376, 377), False, False, "Rien n’est envoyé sur papier : laissez vide."),
        (376, (376, 377), True, True, "Un abonnement offert commence quand son lecteur l’accepte : laissez vide."),
    ],
)
def test_paper_begins_with_the_number_that_is_out_or_the_next(
    number: int, offered: tuple[int, ...], is_gift: bool, on_paper: bool, told: str
) -> None:
    assert rules.first_issue_problem(number, offered=offered, is_gift=is_gift, on_paper=on_paper) == told
