"""Plans as programs read them."""

from flask.testing import FlaskClient

from eventsapp.subscriptions.statuses import Edition
from tests.support.makers.subscriptions import make_plan


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
        "url": "http://localhost/abonnements/individuel/",
    }
    assert answer.get_json()["items"][1]["needs_address"] is True


def test_in_english_the_plans_have_their_english_names(client: FlaskClient) -> None:
    make_plan(name="individuel, un an", name_en="individual, one year")

    assert client.get("/en/api/v1/plans").get_json()["items"][0]["name"] == "individual, one year"
