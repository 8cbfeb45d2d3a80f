"""Stripe's test cards, and what may be typed."""

from datetime import date

import pytest

from eventsapp.demo.sandbox.cards import TEST_CARDS, UNKNOWN_CARD, Behaviour, read_card

TODAY = date(2026, 11, 23)


def make_fields(**changes: str) -> dict[str, str]:
    return {"number": "4242 4242 4242 4242", "expiry": "12 / 34", "cvc": "123"} | changes


@pytest.mark.parametrize(
    ("number", "behaviour", "decline_code"),
    [
        ("4242424242424242", Behaviour.ACCEPTED, None),
        ("4000 0000 0000 3220", Behaviour.CHALLENGED, None),
        ("4000000000000002", Behaviour.DECLINED, "generic_decline"),
        ("4000000000009995", Behaviour.DECLINED, "insufficient_funds"),
        ("4000000000000341", Behaviour.DECLINED_LATER, "generic_decline"),
        ("5555555555554444", Behaviour.DECLINED, "test_mode_live_card"),
    ],
)
def test_a_card_behaves_as_stripe_documents_it(number: str, behaviour: Behaviour, decline_code: str | None) -> None:
    typed, errors = read_card(make_fields(number=number), today=TODAY)

    assert errors == {}
    assert typed is not None
    assert (typed.card.behaviour, typed.card.decline_code) == (behaviour, decline_code)


@pytest.mark.parametrize("expiry", ["12 / 34", "12/34", "1234", "12/2034", " 12 /34 "])
def test_an_expiry_is_read_as_people_write_it(expiry: str) -> None:
    typed, _ = read_card(make_fields(expiry=expiry), today=TODAY)

    assert typed is not None
    assert (typed.exp_year, typed.exp_month) == (2034, 12)


def test_a_card_is_good_until_the_end_of_its_month() -> None:
    assert read_card(make_fields(expiry="11/26"), today=TODAY)[1] == {}
    assert list(read_card(make_fields(expiry="10/26"), today=TODAY)[1]) == ["expiry"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", ""),
        ("number", "4242"),
        ("number", "4242 4242 4242 4241"),
        ("number", "４２４２４２４２４２４２４２４２"),
        ("expiry", ""),
        ("expiry", "13/34"),
        ("expiry", "0/34"),
        ("expiry", "12-34"),
        ("expiry", "²/34"),
        ("cvc", ""),
        ("cvc", "12"),
        ("cvc", "12a"),
        ("cvc", "١٢٣"),
    ],
)
def test_a_wrong_field_is_named(name: str, value: str) -> None:
    typed, errors = read_card(make_fields(**{name: value}), today=TODAY)

    assert typed is None
    assert list(errors) == [name]


def test_all_wrong_fields_are_named_at_once() -> None:
    assert set(read_card({}, today=TODAY)[1]) == {"number", "expiry", "cvc"}


def test_every_card_that_declines_says_why_in_french_and_in_the_words_of_stripe() -> None:
    declining = [card for card in (*TEST_CARDS, UNKNOWN_CARD) if card.behaviour is Behaviour.DECLINED]

    assert all(card.code and card.decline_code and card.message for card in declining)
