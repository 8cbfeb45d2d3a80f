"""Plans as programs read them."""

import pytest
from flask.testing import FlaskClient

from eventsapp.subscriptions.statuses import Edition
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries


def test_the_plans_on_offer_are_listed_in_their_order(client: FlaskClient) -> None:
    second = make_plan(position=2, edition=Edition.BOTH)
    first = make_plan(position=1, slug="individuel", name="individuel, un an", name_en="individual, one year")
    make_plan(position=3, published=False)

    answer = client.get("/api/v1/plans")

    assert [plan["slug"] for plan in answer.get_json()["items"]] == [first.slug, second.slug]
    assert (answer.get_json()["page"], answer.get_json()["pages"], answer.get_json()["total"]) == (1, 1, 2)
    assert answer.get_json()["items"][0] == {
        "slug": "individuel",
        "name": "individuel, un an",
        "summary": "",
        "audience": "individual",
        "edition": "digital",
        "months": 12,
        "readers": 1,
        "price_cents": 12900,
        "vat_rate": 2.1,
        "vat_parts": [{"label": "", "vat_rate": 2.1, "exemption_code": "", "amount_cents": 12900}],
        "needs_address": False,
        "copies": 0,
        "url": "http://localhost/abonnements/individuel/",
    }
    assert answer.get_json()["items"][1]["needs_address"] is True


def test_in_english_the_plans_have_their_english_names(client: FlaskClient) -> None:
    make_plan(name="individuel, un an", name_en="individual, one year")

    assert client.get("/en/api/v1/plans").get_json()["items"][0]["name"] == "individual, one year"


def test_a_price_of_several_parts_tells_each_and_has_no_rate_of_its_own(client: FlaskClient) -> None:
    make_plan(price_cents=19_900, parts=[("Magazine", "press", 13_900), ("Ateliers", "exempt-training", 6_000)])

    (plan,) = client.get("/api/v1/plans").get_json()["items"]

    assert plan["vat_rate"] is None
    assert plan["vat_parts"] == [
        {"label": "Magazine", "vat_rate": 2.1, "exemption_code": "", "amount_cents": 13_900},
        {"label": "Ateliers", "vat_rate": 0.0, "exemption_code": "VATEX-FR-CGI261-4", "amount_cents": 6_000},
    ]


@pytest.mark.parametrize("plans", [1, 5])
def test_the_list_asks_the_same_number_of_queries_for_one_plan_and_five(client: FlaskClient, plans: int) -> None:
    for _ in range(plans):
        make_plan(price_cents=19_900, parts=[("Magazine", "press", 13_900), ("Base", "standard", 6_000)])

    with counting_queries() as count:
        client.get("/api/v1/plans")

    assert count() == 2
