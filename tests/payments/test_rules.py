"""What fits an order, and what a method asks for."""

from datetime import date, timedelta

import pytest
from flask import Flask

from eventsapp.core.errors import Invalid
from eventsapp.payments import rules
from tests.support.makers.study_days import NOW

FITS = {
    "paid": True, "amount_cents": 12900, "currency": "eur", "live": False,
    "expected_cents": 12900, "expects_live": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ({}, None),
        ({"paid": False}, "la page de paiement n’est pas payée"),
        ({"amount_cents": 12899}, "payé 12899 centimes au lieu de 12900"),
        ({"amount_cents": 12901}, "payé 12901 centimes au lieu de 12900"),
        ({"currency": "usd"}, "payé en USD au lieu d’euros"),
        ({"live": True}, "un paiement d’essai pour de vrais comptes, ou l’inverse"),
        ({"expects_live": True}, "un paiement d’essai pour de vrais comptes, ou l’inverse"),
    ],
)
def test_a_card_payment_fits_its_order_to_the_cent_or_is_refused(what: dict[str, object], problem: str | None) -> None:
    assert rules.mismatch(**(FITS | what)) == problem  # type: ignore[arg-type]


def test_what_a_method_requires_and_the_buyer_left_empty_is_named() -> None:
    given = {"organisation": "Ville", "siret": " "}

    assert list(rules.missing_fields(["organisation", "siret"], given)) == ["siret"]


def test_a_method_is_offered_until_the_last_moment_of_its_days() -> None:
    starts_at = NOW + timedelta(days=5)

    assert not rules.is_offered(closes_days_before=5, day_starts_at=starts_at, now=NOW)
    assert rules.is_offered(closes_days_before=5, day_starts_at=starts_at, now=NOW - timedelta(seconds=1))


def test_money_is_due_so_many_days_after_the_order() -> None:
    assert rules.due_on(placed_on=date(2026, 11, 23), payment_days=30) == date(2026, 12, 23)
    assert rules.due_on(placed_on=date(2026, 11, 23), payment_days=None) is None


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (date(2025, 11, 22), True),
        (date(2025, 11, 23), False),
        (date(2026, 11, 23), False),
        (date(2026, 12, 1), False),
        (date(2026, 12, 2), True),
    ],
)
def test_money_moves_between_a_year_before_its_order_and_today(app: Flask, on: date, *, refused: bool) -> None:
    def ask() -> None:
        rules.require_plausible_date(on, field="on", ordered_on=date(2026, 11, 23), today=date(2026, 12, 1))

    with app.app_context():
        if not refused:
            ask()
            return
        with pytest.raises(Invalid) as refusal:
            ask()
    assert list(refusal.value.errors) == ["/on"]
