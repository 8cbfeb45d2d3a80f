"""Stripe's form encoding."""

import pytest

from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.form import decoded


def test_brackets_become_nested_dictionaries() -> None:
    pairs = [("mode", "payment"), ("line_items[0][price_data][currency]", "eur"), ("line_items[0][quantity]", "2")]

    assert decoded(pairs) == {
        "mode": "payment",
        "line_items": {"0": {"price_data": {"currency": "eur"}, "quantity": "2"}},
    }


def test_empty_brackets_take_the_next_rank() -> None:
    assert decoded([("expand[]", "a"), ("expand[]", "b")]) == {"expand": {"0": "a", "1": "b"}}


def test_the_last_of_two_values_wins() -> None:
    assert decoded([("mode", "setup"), ("mode", "payment")]) == {"mode": "payment"}


@pytest.mark.parametrize("name", ["", "[a]", "a[", "a]", "a[b]c", "a[][b]"])
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(ApiError) as refusal:
        decoded([(name, "x")])

    assert refusal.value.code == "parameter_unknown"


@pytest.mark.parametrize("names", [("a", "a[b]"), ("a[b]", "a")])
def test_a_value_that_is_also_an_object_is_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ApiError, match="both as a value and as an object"):
        decoded([(name, "x") for name in names])
