"""Cents, rates and rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.money import net_of, shared, unit_net_of, vat_shares


@pytest.mark.parametrize(
    ("gross", "rate", "net"), [(12900, 210, 12635), (54000, 2000, 45000), (0, 2000, 0), (1, 2000, 1), (100, 0, 100)]
)
def test_the_amount_before_tax_is_rounded_to_the_cent(gross: int, rate: int, net: int) -> None:
    assert net_of(gross, vat_rate=rate) == net


def test_a_unit_price_before_tax_keeps_four_decimals() -> None:
    assert unit_net_of(12900, vat_rate=210) == Decimal("126.3467")


@given(st.lists(st.tuples(st.integers(0, 10**8), st.sampled_from([0, 105, 210, 550, 1000, 2000]))))
def test_net_and_tax_of_all_rates_add_up_to_what_is_paid(amounts: list[tuple[int, int]]) -> None:
    shares = vat_shares(amounts)

    assert sum(share.gross_cents for share in shares) == sum(gross for gross, _rate in amounts)
    assert [share.rate for share in shares] == sorted({rate for _gross, rate in amounts}, reverse=True)
    assert all(share.vat_cents >= 0 for share in shares)


def test_the_cents_left_over_go_to_the_largest_remainders() -> None:
    assert shared(100, [1, 1, 1]) == [34, 33, 33]
    assert shared(2, [1, 1, 2]) == [1, 0, 1]
    assert shared(1, [62100, 12900]) == [1, 0]
    assert shared(0, []) == []


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), max_size=6))
def test_parts_make_the_whole_and_none_is_more_than_a_cent_off(amount: int, weights: list[int]) -> None:
    parts = shared(amount, weights)

    total = sum(weights)
    assert sum(parts) == (amount if total else 0)
    for part, weight in zip(parts, weights, strict=True):
        assert not total or abs(part * total - amount * weight) < total
        assert part <= weight or amount > total or not total
