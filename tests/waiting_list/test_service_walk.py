"""Random walks through a waiting list: sixty people in twenty-five groups on fifty seats."""

import os
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from eventsapp.waiting_list import rules, service
from tests.support.walks_waiting import waiting_walks

#: ``EVENTSAPP_WALKS=20`` walks twenty times a thousand steps, on other ways each time.
WALKS = int(os.environ.get("EVENTSAPP_WALKS", "0"))
SHORT = settings(
    max_examples=4,
    stateful_step_count=30,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(SHORT, max_examples=WALKS or 1, stateful_step_count=1000, derandomize=not WALKS)


def test_the_rule_holds_after_every_step(app: Flask) -> None:
    run_state_machine_as_test(waiting_walks(app), settings=SHORT)


@pytest.mark.long
def test_the_rule_holds_after_each_of_a_thousand_steps(app: Flask) -> None:
    run_state_machine_as_test(waiting_walks(app), settings=settings(LONG, phases=[Phase.generate]))


def nobody_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop at the first group that does not fit."""

    def stops(free: int, groups: Iterable[tuple[int, int]]) -> list[int]:
        chosen = []
        for key, seats in groups:
            if seats > free:
                break
            chosen.append(key)
            free -= seats
        return chosen

    monkeypatch.setattr(rules, "served", stops)


def smallest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prefer small groups."""
    served = rules.served
    monkeypatch.setattr(
        rules, "served", lambda free, groups: served(free, sorted(groups, key=lambda group: (group[1], -group[0])))
    )


def nobody_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the list where seats come free."""
    monkeypatch.setattr(service, "serve", lambda _day_id, **_now: 0)


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize("without_rule", [nobody_passed_over, smallest_first, nobody_served])
def test_without_the_rule_a_walk_finds_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch, without_rule: Callable[[pytest.MonkeyPatch], None]
) -> None:
    without_rule(monkeypatch)
    found = settings(SHORT, max_examples=100, stateful_step_count=50, phases=[Phase.generate])

    with pytest.raises(AssertionError):
        run_state_machine_as_test(waiting_walks(app), settings=settings(found, report_multiple_bugs=False))
