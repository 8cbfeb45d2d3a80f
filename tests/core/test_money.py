"""Cents, rates and rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.money import net_of, unit_net_of, vat_shares


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
