"""Tax is due as the money comes in, shared over the rates to the cent; with the invoice under the option."""

from hypothesis import given
from hypothesis import strategies as st

from eventsapp.books.rules import Billed, Part, due_shares
from eventsapp.books.rules._vat import rounded
from eventsapp.core.money import net_of

SEAT = Part(rate=2000, gross_cents=62100, vat_cents=10350)
PAPER = Part(rate=210, gross_cents=12900, vat_cents=265)
PARTS = st.lists(
    st.builds(
        lambda rate, gross, on_debits: Part(
            rate=rate, gross_cents=gross, vat_cents=gross - net_of(gross, vat_rate=rate), on_debits=on_debits
        ),
        st.sampled_from([2000, 1000, 550, 210, 105, 0]),
        st.integers(0, 500_000),
        st.booleans(),
    ),
    max_size=6,
)


def due(received: int, *parts: Part) -> list[tuple[int, int, int]]:
    shares = due_shares(Billed(parts=parts or (SEAT, PAPER), received_cents=received))
    return [(share.rate, share.net_cents, share.vat_cents) for share in shares]


def test_nothing_is_due_before_the_money_and_all_of_it_with_all_the_money() -> None:
    assert due(0) == [(2000, 0, 0), (210, 0, 0)]
    assert due(75000) == [(2000, 51750, 10350), (210, 12635, 265)]


def test_a_part_is_shared_over_the_rates_by_what_each_is_billed() -> None:
    # 100 € of 750 €: 82,80 and 17,20; their tax is a sixth, and 2,1/102,1.
    assert due(10000) == [(2000, 6900, 1380), (210, 1685, 35)]


def test_more_than_is_billed_and_less_than_nothing_change_nothing() -> None:
    assert due(80000) == due(75000)
    assert due(-500) == due(0)


def test_under_the_option_it_is_due_with_the_invoice_whatever_came_in() -> None:
    on_invoice = Part(rate=2000, gross_cents=62100, vat_cents=10350, on_debits=True)

    assert due(0, on_invoice) == due(62100, on_invoice) == [(2000, 51750, 10350)]


@given(PARTS, st.integers(-10, 2_000_000))
def test_whatever_comes_in_the_shares_make_it_to_the_cent(parts: list[Part], received: int) -> None:
    shares = due_shares(Billed(parts=tuple(parts), received_cents=received))

    billed = [part for part in parts if part.gross_cents]
    by_money = [
        share.net_cents + share.vat_cents for share, part in zip(shares, billed, strict=True) if not part.on_debits
    ]
    if not any(part.on_debits for part in billed):
        assert sum(by_money) == max(0, min(received, sum(part.gross_cents for part in billed)))
    for share, part in zip(shares, billed, strict=True):
        assert 0 <= share.vat_cents <= part.vat_cents
        assert 0 <= share.net_cents + share.vat_cents <= part.gross_cents
        if part.on_debits or received >= sum(other.gross_cents for other in billed):
            assert (share.net_cents + share.vat_cents, share.vat_cents) == (part.gross_cents, part.vat_cents)


@given(st.integers(0, 10**9), st.integers(1, 10**6))
def test_halves_are_rounded_up(dividend: int, divisor: int) -> None:
    assert rounded(1, 2) == 1
    assert abs(rounded(dividend, divisor) * divisor - dividend) * 2 <= divisor
