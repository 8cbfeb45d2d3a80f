"""Amounts, numbers and dates of invoices."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.core.money import net_of
from eventsapp.invoices import rules
from eventsapp.invoices.errors import CreditTooHigh
from eventsapp.invoices.rules import Sold
from eventsapp.invoices.statuses import DocumentKind, Nature
from eventsapp.invoices.values import CreditPart

RATES = st.sampled_from([0, 105, 210, 550, 850, 1000, 2000])
SOLD = st.lists(
    st.builds(
        Sold,
        label=st.just("Place"),
        detail=st.just(""),
        quantity=st.integers(1, 50),
        gross_cents=st.integers(0, 5_000_000),
        vat_rate=RATES,
    ),
    min_size=1,
    max_size=20,
)


def sold(gross_cents: int, *, quantity: int = 1, vat_rate: int = 2000) -> Sold:
    return Sold(label="Place", detail="", quantity=quantity, gross_cents=gross_cents, vat_rate=vat_rate)


def test_a_unit_price_before_tax_keeps_four_decimals() -> None:
    (line,), (share,) = rules.lines([sold(31 * 12_900, quantity=31, vat_rate=210)])

    assert line.unit_net == Decimal("126.3467")
    assert (share.net_cents, share.vat_cents, share.gross_cents) == (391_675, 8_225, 399_900)


@given(SOLD)
def test_the_invoice_is_what_was_ordered_to_the_cent(pieces: list[Sold]) -> None:
    lines, shares = rules.lines(pieces)

    assert sum(share.gross_cents for share in shares) == sum(piece.gross_cents for piece in pieces)
    for share in shares:
        assert share.net_cents == sum(line.net_cents for line in lines if line.vat_rate == share.rate)
    assert all(abs(line.net_cents * (10_000 + line.vat_rate) / 10_000 - line.gross_cents) < 25 for line in lines)


@given(SOLD, st.data())
def test_a_part_is_shared_over_the_lines_and_loses_no_cent(pieces: list[Sold], data: st.DataObject) -> None:
    total = sum(piece.gross_cents for piece in pieces)
    if total == 0:
        return
    amount = data.draw(st.integers(1, total))

    parts = rules.part(pieces, amount_cents=amount)

    assert sum(piece.gross_cents for piece in parts) == amount
    assert all(piece.gross_cents > 0 for piece in parts)


@pytest.mark.parametrize("amount", [0, -1, 501])
def test_nothing_and_more_than_all_are_no_part(amount: int) -> None:
    with pytest.raises(ValueError, match="of 500 cents"):
        rules.part([sold(500)], amount_cents=amount)


def test_each_kind_has_its_own_series_per_year() -> None:
    assert rules.number(DocumentKind.INVOICE, year=2026, rank=7) == "F-2026-00007"
    assert rules.number(DocumentKind.CREDIT_NOTE, year=2027, rank=123_456) == "A-2027-123456"
    assert rules.number(DocumentKind.INVOICE, year=2026, rank=7, is_test=True) == "ESSAI-F-2026-00007"
    assert rules.NUMBER.fullmatch("ESSAI-F-2026-00007")


@pytest.mark.parametrize(
    ("goods", "services", "said"),
    [(True, False, Nature.GOODS), (False, True, Nature.SERVICES), (True, True, Nature.MIXED)],
)
def test_the_nature_is_of_what_is_sold(goods: bool, services: bool, said: Nature) -> None:
    assert rules.nature(goods=goods, services=services) == said


def test_money_is_due_at_the_end_of_the_delay_and_never_before_the_date_of_issue() -> None:
    issued = date(2027, 1, 31)

    assert rules.due_on(issued_on=issued, payment_days=30, paid=False) == date(2027, 3, 2)
    assert rules.due_on(issued_on=issued, payment_days=None, paid=False) == issued
    assert rules.due_on(issued_on=issued, payment_days=30, paid=True) is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("1, place de la Mairie, 44000 Nantes", ("1, place de la Mairie", "44000", "Nantes")),
        ("BP 12\n 49100  Angers, France", ("BP 12", "49100", "Angers")),
        ("Quelque part", ("Quelque part", "", "")),
        ("", ("", "", "")),
    ],
)
def test_an_address_on_one_line_is_taken_apart(written: str, parts: tuple[str, str, str]) -> None:
    assert rules.split_address(written) == parts


@given(SOLD, st.data())
def test_whatever_is_credited_in_turn_all_of_it_takes_back_what_the_invoice_said(
    given_: list[Sold], data: st.DataObject
) -> None:
    invoiced = [replace(piece, order_line_id=key) for key, piece in enumerate(given_) if piece.gross_cents]
    _lines, shares = rules.lines(invoiced)
    nets = {share.rate: share.net_cents for share in shares}
    left = list(invoiced)
    for _step in range(30):
        if not left:
            break
        chosen = data.draw(st.sampled_from(left))
        cents = data.draw(st.one_of(st.just(chosen.gross_cents), st.integers(1, chosen.gross_cents)))
        sold_ = rules.picked(left, [CreditPart(order_line_id=chosen.order_line_id or 0, amount_cents=cents)])
        nets_by_rate = rules.nets_of_part(sold_, left=left, nets_left=nets)
        made, (share,) = rules.lines(sold_, nets_by_rate=nets_by_rate)
        # What stays invoiced is rounded as if it were alone; the note itself is a cent off at most.
        assert share.gross_cents == cents
        assert abs(share.net_cents - net_of(cents, vat_rate=share.rate)) <= 1
        assert sum(line.net_cents for line in made) == share.net_cents
        nets[share.rate] -= share.net_cents
        left = [
            replace(piece, gross_cents=piece.gross_cents - (cents if piece is chosen else 0))
            for piece in left
            if piece is not chosen or piece.gross_cents > cents
        ]
        rest = sum(piece.gross_cents for piece in left if piece.vat_rate == share.rate)
        assert nets[share.rate] == net_of(rest, vat_rate=share.rate)
    if left:
        rest_of_it = rules.nets_of_part(left, left=left, nets_left=nets)
        assert rest_of_it == {rate: cents for rate, cents in nets.items() if rate in rest_of_it}


@pytest.mark.parametrize(("key", "cents"), [(0, 101), (0, 0), (7, 1)])
def test_more_than_is_left_of_a_line_is_refused_beside_it(key: int, cents: int) -> None:
    with pytest.raises(CreditTooHigh) as refused:
        rules.picked([replace(sold(100), order_line_id=0)], [CreditPart(order_line_id=key, amount_cents=cents)])

    assert list(refused.value.errors) == [f"/lines/{key}"]


@given(st.integers(1, 1_000_000), st.integers(1, 50))
def test_all_units_of_a_line_credited_one_by_one_leave_nothing_of_it(gross_cents: int, quantity: int) -> None:
    left = gross_cents
    for _unit in range(quantity):
        cents = rules.units_cents(gross_cents=gross_cents, quantity=quantity, left_cents=left, units=1)
        assert 0 <= cents <= left
        left -= cents

    assert left == 0
