"""What Stripe refuses about well-formed parameters."""

from typing import Any

import pytest

from eventsapp.demo.sandbox import rules
from eventsapp.demo.sandbox.errors import ApiError

NOW = 1_800_000_000


def make_params(**changes: Any) -> dict[str, Any]:
    return {
        "mode": "payment",
        "success_url": "https://shop.example/merci",
        "line_items": [make_item()],
    } | changes


def make_item(**price: Any) -> dict[str, Any]:
    product = {"currency": "eur", "unit_amount": 12900, "product_data": {"name": "Journée d'étude"}}
    return {
        "quantity": 1,
        "price_data": {name: value for name, value in (product | price).items() if value is not None},
    }


def refusal_of(params: dict[str, Any]) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        rules.require_session(params, now=NOW)
    return refusal.value


def test_a_sensible_session_is_accepted() -> None:
    rules.require_session(make_params(customer_email="a@b.fr", cancel_url="http://localhost:8000/"), now=NOW)


@pytest.mark.parametrize("name", ["mode", "success_url", "line_items"])
def test_what_a_session_needs_is_missed_by_name(name: str) -> None:
    params = make_params()
    del params[name]

    refusal = refusal_of(params)

    assert (refusal.code, refusal.param) == ("parameter_missing", name)


@pytest.mark.parametrize("seconds", [30 * 60, 24 * 60 * 60])
def test_a_session_lives_from_30_minutes_to_24_hours_bounds_included(seconds: int) -> None:
    rules.require_session(make_params(expires_at=NOW + seconds), now=NOW)


@pytest.mark.parametrize("seconds", [-1, 30 * 60 - 1, 24 * 60 * 60 + 1])
def test_a_session_that_lives_shorter_or_longer_is_refused(seconds: int) -> None:
    assert refusal_of(make_params(expires_at=NOW + seconds)).param == "expires_at"


def test_fifty_cents_are_enough_and_forty_nine_are_not() -> None:
    rules.require_session(make_params(line_items=[make_item(unit_amount=50)]), now=NOW)

    assert refusal_of(make_params(line_items=[make_item(unit_amount=49)])).code == "amount_too_small"


def test_the_least_amount_is_that_of_all_lines_together() -> None:
    rules.require_session(make_params(line_items=[make_item(unit_amount=25)] * 2), now=NOW)


def test_more_than_stripe_charges_is_refused() -> None:
    assert refusal_of(make_params(line_items=[make_item(unit_amount=100_000_000)])).code == "amount_too_large"


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_refused(quantity: int) -> None:
    refusal = refusal_of(make_params(line_items=[make_item() | {"quantity": quantity}]))

    assert refusal.param == "line_items[0][quantity]"


@pytest.mark.parametrize(
    ("price", "param"),
    [
        ({"currency": "EUR"}, "currency"),
        ({"currency": "xxx"}, "currency"),
        ({"unit_amount": -1}, "unit_amount"),
        ({"unit_amount": None}, "unit_amount"),
        ({"unit_amount_decimal": 12900}, "unit_amount"),
        ({"product_data": None}, "product_data"),
        ({"product": "prod_x", "product_data": None}, "product"),
        ({"recurring": {"interval": "year"}}, "recurring"),
    ],
)
def test_a_price_that_cannot_be_sold_is_refused(price: dict[str, Any], param: str) -> None:
    assert refusal_of(make_params(line_items=[make_item(**price)])).param == f"line_items[0][price_data][{param}]"


def test_a_fraction_of_a_cent_is_refused() -> None:
    item = make_item(unit_amount=None, unit_amount_decimal=12900.5)

    assert refusal_of(make_params(line_items=[item])).param == "line_items[0][price_data][unit_amount_decimal]"


def test_two_currencies_in_one_session_are_refused() -> None:
    assert refusal_of(make_params(line_items=[make_item(), make_item(currency="usd")])).param == "line_items"


@pytest.mark.parametrize("url", ["merci", "/merci", "javascript:alert(1)", "https://", "http://a b/", "http://[::1"])
@pytest.mark.parametrize("name", ["success_url", "cancel_url"])
def test_an_address_that_leads_nowhere_is_refused(name: str, url: str) -> None:
    refusal = refusal_of(make_params(**{name: url}))

    assert (refusal.code, refusal.param) == ("url_invalid", name)


@pytest.mark.parametrize("email", ["a", "a@b", "a@b.fr,c@d.fr", "a b@c.fr", "@b.fr", "a@-b.fr", "a@b.fr\n"])
def test_a_wrong_email_is_refused(email: str) -> None:
    assert refusal_of(make_params(customer_email=email)).code == "email_invalid"


@pytest.mark.parametrize(
    "params",
    [
        {"mode": "subscription"},
        {"ui_mode": "embedded_page"},
        {"discounts": [{"coupon": "x"}]},
        {"automatic_tax": {"enabled": True}},
        {"payment_intent_data": {"capture_method": "manual"}},
        {"payment_intent_data": {"setup_future_usage": "on_session"}},
        {"allowed_payment_method_types": ["sepa_debit"]},
        {"line_items": [make_item() | {"tax_rates": ["txr_1"]}]},
    ],
)
def test_what_the_sandbox_cannot_do_is_refused_rather_than_ignored(params: dict[str, Any]) -> None:
    assert "The sandbox" in refusal_of(make_params(**params)).message


@pytest.mark.parametrize("params", [{"automatic_tax": {"enabled": False}}, {"allow_promotion_codes": False}])
def test_what_is_turned_off_is_accepted(params: dict[str, Any]) -> None:
    rules.require_session(make_params(**params), now=NOW)


@pytest.mark.parametrize(
    "metadata",
    [{f"k{rank}": "v" for rank in range(51)}, {"k" * 41: "v"}, {"k": "v" * 501}],
    ids=["keys", "key", "value"],
)
def test_metadata_beyond_the_limits_of_stripe_are_refused(metadata: dict[str, str]) -> None:
    assert "metadata" in (refusal_of(make_params(metadata=metadata)).param or "")


def make_charge(**changes: Any) -> dict[str, Any]:
    return {"id": "ch_1", "amount_captured": 1000, "amount_refunded": 0, "disputed": False} | changes


def test_a_refund_without_an_amount_gives_back_all_that_is_left() -> None:
    assert rules.require_refundable(make_charge(amount_refunded=400), None) == 600


@pytest.mark.parametrize("amount", [0, -1, 601])
def test_a_refund_of_nothing_or_of_more_than_is_left_is_refused(amount: int) -> None:
    with pytest.raises(ApiError) as refusal:
        rules.require_refundable(make_charge(amount_refunded=400), amount)

    assert refusal.value.param == "amount"


@pytest.mark.parametrize(
    ("charge", "code"),
    [({"amount_refunded": 1000}, "charge_already_refunded"), ({"disputed": True}, "charge_disputed")],
)
def test_a_charge_given_back_or_contested_cannot_be_refunded(charge: dict[str, Any], code: str) -> None:
    with pytest.raises(ApiError) as refusal:
        rules.require_refundable(make_charge(**charge), None)

    assert refusal.value.code == code
