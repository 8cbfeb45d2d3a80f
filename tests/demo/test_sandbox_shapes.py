"""Parameters checked against the SDK's own classes."""

from decimal import Decimal
from typing import get_args

import pytest
from stripe import params as stripe_params
from stripe.params import checkout as checkout_params
from typing_extensions import is_typeddict

from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.form import decoded
from eventsapp.demo.sandbox.shapes import _fields, _options, checked
from eventsapp.demo.sandbox.web.endpoints import ENDPOINTS


def refusal_of(params: type, *pairs: tuple[str, str]) -> ApiError:
    with pytest.raises(ApiError) as refusal:
        checked(params, decoded(pairs))
    return refusal.value


def test_values_get_the_types_of_the_sdk() -> None:
    pairs = [
        ("mode", "payment"),
        ("expires_at", "1800000000"),
        ("automatic_tax[enabled]", "false"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][price_data][unit_amount_decimal]", "12900"),
        ("metadata[order]", "2026-0001"),
        ("expand[0]", "payment_intent"),
    ]

    assert checked(checkout_params.SessionCreateParams, decoded(pairs)) == {
        "mode": "payment",
        "expires_at": 1_800_000_000,
        "automatic_tax": {"enabled": False},
        "line_items": [{"price_data": {"currency": "eur", "unit_amount_decimal": Decimal(12900)}}],
        "metadata": {"order": "2026-0001"},
        "expand": ["payment_intent"],
    }


@pytest.mark.parametrize(
    ("pair", "created"), [(("created", "12"), 12), (("created[gte]", "12"), {"gte": 12})], ids=["moment", "range"]
)
def test_a_parameter_of_two_kinds_takes_both(pair: tuple[str, str], created: object) -> None:
    assert checked(checkout_params.SessionListParams, decoded([pair])) == {"created": created}


@pytest.mark.parametrize(
    "name",
    [
        "succes_url",
        # The SDK's version of the API replaced this one by allowed_payment_method_types.
        "payment_method_types[0]",
        "line_items[0][price_data][product_data][nom]",
        # Options of the request travel in headers, never as parameters.
        "idempotency_key",
    ],
)
def test_an_unknown_parameter_is_refused_by_its_full_name(name: str) -> None:
    pairs = [("line_items[0][price_data][currency]", "eur")]

    refusal = refusal_of(checkout_params.SessionCreateParams, *pairs, (name, "x"))

    assert refusal.code == "parameter_unknown"
    assert refusal.param == name.removesuffix("[0]")


def test_a_missing_parameter_is_refused_by_its_full_name() -> None:
    refusal = refusal_of(checkout_params.SessionCreateParams, ("line_items[0][price_data][unit_amount]", "1"))

    assert (refusal.code, refusal.param) == ("parameter_missing", "line_items[0][price_data][currency]")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("expires_at", "demain", "Invalid integer"),
        ("expires_at", "1.5", "Invalid integer"),
        ("expires_at", "１２", "Invalid integer"),
        ("mode", "paiement", "must be one of payment"),
        ("automatic_tax[enabled]", "oui", "Invalid boolean"),
        ("line_items[0][price_data][unit_amount_decimal]", "nan", "Invalid decimal"),
        ("line_items", "x", "Invalid object"),
        ("line_items[a][quantity]", "1", "Invalid array"),
        ("line_items[²][quantity]", "1", "Invalid array"),
        ("mode[x]", "y", "a single value was expected"),
        ("success_url", "", "empty string"),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: str, message: str) -> None:
    pairs = [("line_items[0][price_data][currency]", "eur")] if name.startswith("line_items[0]") else []

    refusal = refusal_of(checkout_params.SessionCreateParams, *pairs, (name, value))

    assert message in refusal.message


def test_an_empty_text_unsets_where_the_sdk_says_so() -> None:
    assert checked(stripe_params.RefundCreateParams, decoded([("metadata", "")])) == {"metadata": ""}


def test_every_class_of_parameters_in_use_can_be_read_to_its_depth() -> None:
    seen: set[type] = set()

    def read(params: type) -> None:
        if params in seen:
            return
        seen.add(params)
        for hint in _fields(params).values():
            for option in _options(hint):
                for inner in (option, *(part for argument in get_args(option) for part in _options(argument))):
                    if is_typeddict(inner):
                        read(inner)

    for endpoint in ENDPOINTS:
        read(endpoint.params)

    assert len(seen) > 100
