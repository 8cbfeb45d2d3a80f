"""What codes take off, and which can be used."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.errors import Invalid
from eventsapp.promotions import rules
from eventsapp.promotions.errors import CodeRefused
from eventsapp.promotions.statuses import PromoKind

TODAY = date(2026, 11, 20)
OPEN: dict[str, Any] = {
    "enabled": True, "valid_from": None, "valid_until": None, "uses_limit": None, "uses_count": 0,
}  # fmt: skip
WRITTEN: dict[str, Any] = {
    "code": "NOEL", "kind": PromoKind.PERCENT, "value": 20, "uses_limit": None, "uses_count": 0,
    "valid_from": None, "valid_until": None, "for_everything": True, "chosen": 0,
}  # fmt: skip


def test_a_code_is_the_same_in_any_letters() -> None:
    assert rules.normalised(" bien venue-27 ") == "BIENVENUE-27"


@pytest.mark.parametrize(
    ("kind", "value", "amounts", "off"),
    [
        (PromoKind.PERCENT, 20, [62100, 12900], [12420, 2580]),
        (PromoKind.PERCENT, 15, [1], [0]),
        (PromoKind.PERCENT, 50, [1], [1]),
        (PromoKind.PERCENT, 100, [62100], [62100]),
        (PromoKind.AMOUNT, 5000, [10000, 20000], [1667, 3333]),
        (PromoKind.AMOUNT, 5000, [0, 3000], [0, 3000]),
        (PromoKind.FREE, 0, [62100, 0], [62100, 0]),
    ],
)
def test_what_is_taken_off_each_line(kind: PromoKind, value: int, amounts: list[int], off: list[int]) -> None:
    assert rules.discounts(kind, value, amounts) == off


@given(st.integers(1, 1_000_000), st.lists(st.integers(0, 1_000_000), min_size=1, max_size=20))
def test_a_sum_is_taken_off_to_the_cent_and_no_line_more_than_its_price(value: int, amounts: list[int]) -> None:
    off = rules.discounts(PromoKind.AMOUNT, value, amounts)

    assert sum(off) == min(value, sum(amounts))
    assert all(0 <= share <= amount for share, amount in zip(off, amounts, strict=True))


@pytest.mark.parametrize(
    "values", [{}, {"valid_from": TODAY, "valid_until": TODAY}, {"uses_limit": 10, "uses_count": 9}]
)
def test_a_code_can_be_used_on_its_last_day_and_for_its_last_use(values: dict[str, Any]) -> None:
    rules.require_usable(**OPEN | values, today=TODAY)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"enabled": False}, "n’existe pas"),
        ({"valid_from": date(2026, 11, 21)}, "pas encore valable"),
        ({"valid_until": date(2026, 11, 19)}, "a expiré"),
        ({"uses_limit": 10, "uses_count": 10}, "a déjà servi"),
    ],
)
def test_a_code_that_cannot_be_used_says_why(app: Flask, values: dict[str, Any], told: str) -> None:
    with app.test_request_context(), pytest.raises(CodeRefused, match=told) as refused:
        rules.require_usable(**OPEN | values, today=TODAY)

    assert list(refused.value.errors) == ["/promo_code"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": "ÉTÉ"}, "/code"),
        ({"code": "AB"}, "/code"),
        ({"value": 101}, "/percent"),
        ({"kind": PromoKind.AMOUNT, "value": 0}, "/amount"),
        ({"uses_limit": 3, "uses_count": 4}, "/uses_limit"),
        ({"valid_from": TODAY, "valid_until": date(2026, 11, 19)}, "/valid_until"),
        ({"for_everything": False}, "/scope"),
    ],
)
def test_a_code_that_could_never_work_is_not_written(app: Flask, values: dict[str, Any], field: str) -> None:
    with app.test_request_context(), pytest.raises(Invalid) as refused:
        rules.require_possible(**WRITTEN | values)

    assert list(refused.value.errors) == [field]
