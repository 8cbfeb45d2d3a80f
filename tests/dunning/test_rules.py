"""When reminders are due, and interest, against figures worked out by hand."""

from datetime import date, timedelta

import pytest

from eventsapp.dunning import rules
from eventsapp.dunning.statuses import CountedFrom, Level
from eventsapp.dunning.values import Claim, Rate, Step

DUE = date(2027, 3, 10)
RATE = Rate(since=date(2027, 1, 1), ecb=215, margin=800, fee_cents=4000)


def a_step(step: int = 1, **values: object) -> Step:
    given: dict[str, object] = {
        "step": step, "counted_from": CountedFrom.DUE, "days": 5, "level": Level.POLITE, "title": "Rappel", "text": "…",
    }  # fmt: skip
    return Step(**given | values)  # type: ignore[arg-type]


def a_claim(*, grace_days: int = 10, **values: object) -> Claim:
    given: dict[str, object] = {
        "owed_cents": 10_000, "due_on": DUE, "tolerated_until": DUE + timedelta(days=grace_days),
        "invoiced_on": date(2027, 2, 8),
    }  # fmt: skip
    return Claim(**given | values)  # type: ignore[arg-type]


def test_a_step_counts_from_the_last_day_to_pay_and_the_days_of_grace() -> None:
    assert rules.step_date(a_step(), a_claim()) == date(2027, 3, 25)


def test_a_step_that_counts_from_the_invoice_waits_until_the_days_of_grace_are_over() -> None:
    thirty = a_step(counted_from=CountedFrom.INVOICE, days=30)
    sixty = a_step(counted_from=CountedFrom.INVOICE, days=60)

    assert rules.step_date(thirty, a_claim()) == date(2027, 3, 21)
    assert rules.step_date(thirty, a_claim(grace_days=0)) == date(2027, 3, 11)
    assert rules.step_date(sixty, a_claim()) == date(2027, 4, 9)
    assert rules.step_date(thirty, a_claim(invoiced_on=None)) is None


def test_no_step_is_due_on_the_last_day_to_pay() -> None:
    assert rules.step_date(a_step(days=0), a_claim(grace_days=0)) == DUE + timedelta(days=1)


def test_steps_follow_one_another_and_none_is_left_out() -> None:
    steps = [a_step(3, days=40), a_step(1), a_step(2, days=20)]

    assert [
        plan.step.step if plan else None
        for plan in (rules.planned(a_claim(last_step=last), steps) for last in (0, 1, 2, 3))
    ] == [1, 2, 3, None]


def test_two_reminders_never_follow_within_a_week_however_late_the_sweep_runs() -> None:
    plan = rules.planned(a_claim(last_step=1, last_sent_on=date(2027, 5, 1)), [a_step(2, days=20)])

    assert plan is not None
    assert plan.on == date(2027, 5, 8)


def test_a_pause_puts_off_what_follows() -> None:
    plan = rules.planned(a_claim(paused_until=date(2027, 6, 30)), [a_step()])

    assert plan is not None
    assert plan.on == date(2027, 7, 1)


@pytest.mark.parametrize(
    ("day", "first"),
    [(date(2027, 6, 30), date(2027, 1, 1)), (date(2027, 7, 1), date(2027, 7, 1)), (DUE, date(2027, 1, 1))],
)
def test_a_half_year_begins_in_january_or_july(day: date, first: date) -> None:
    assert rules.half_year(day) == first


def test_interest_is_the_rate_and_eight_points_by_days_of_a_year_of_365() -> None:
    found = rules.interest(owed_cents=129_000, due_on=DUE, payments=[], rates=[RATE], today=date(2027, 4, 9))

    assert found is not None
    # 1 290,00 × 30 / 365 × 10,15 % = 10,7618…
    assert (found.since, found.days, found.cents, found.total_cents) == (date(2027, 3, 11), 30, 1076, 5076)


def test_each_day_bears_interest_on_what_was_open_that_day() -> None:
    paid = [(DUE, 500), (date(2027, 3, 20), 50_000), (date(2027, 3, 30), 79_000)]

    found = rules.interest(owed_cents=0, due_on=DUE, payments=paid, rates=[RATE], today=date(2028, 1, 1))

    assert found is not None
    # (1 290,00 × 10 + 790,00 × 10) / 365 × 10,15 % = 5,7841…
    assert (found.days, found.cents) == (20, 578)


def test_what_was_paid_in_time_bears_none() -> None:
    paid = [(DUE, 129_000)]

    assert rules.interest(owed_cents=0, due_on=DUE, payments=paid, rates=[RATE], today=date(2028, 1, 1)) is None
    assert rules.interest(owed_cents=129_000, due_on=DUE, payments=[], rates=[RATE], today=DUE) is None


def test_a_half_year_without_a_rate_counts_days_only() -> None:
    found = rules.interest(
        owed_cents=129_000, due_on=date(2027, 7, 1), payments=[], rates=[RATE], today=date(2027, 7, 9)
    )

    assert found is not None
    assert (found.days, found.rate, found.total_cents) == (8, None, 0)


def test_a_rate_is_missing_until_the_half_year_of_today_has_one() -> None:
    assert rules.missing_rate([RATE], today=date(2027, 6, 30)) is None
    assert rules.missing_rate([RATE], today=date(2027, 7, 1)) == date(2027, 7, 1)
