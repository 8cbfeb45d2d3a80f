"""Offering a subscription by program."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.subscriptions.models import Contract, Gift
from eventsapp.subscriptions.statuses import Audience, ContractKind, Edition
from tests.api.web.orders import post
from tests.support.makers import api
from tests.support.makers.api import key, subscription
from tests.support.makers.subscriptions import make_plan

WISH = {
    "recipient_name": "Claude Roux",
    "recipient_email": "claude.roux@exemple.fr",
    "giver_name": "Toute l’équipe",
    "message": "Bonne lecture.\nÀ lundi.",
    "announce_on": "2026-12-24",
}

pytestmark = pytest.mark.usefixtures("frozen")


def a_gift(**values: Any) -> dict[str, Any]:
    plan = make_plan(edition=Edition.BOTH)
    return subscription(plan, delivery=None, gift=WISH | values)


def test_the_order_gives_the_subscription_as_the_body_wishes(client: FlaskClient) -> None:
    answer = post(client, api.order(a_gift()))

    assert answer.status_code == 201, answer.text
    gift, contract = db.session.execute(sa.select(Gift, Contract).join(Gift.contract)).one()
    assert (gift.recipient_name, gift.recipient_email) == ("Claude Roux", "claude.roux@exemple.fr")
    assert (gift.giver_name, gift.message) == ("Toute l’équipe", "Bonne lecture.\nÀ lundi.")
    assert gift.announce_at == datetime(2026, 12, 24, 7, tzinfo=UTC)
    assert (contract.kind, contract.email, contract.organisation_id) == (ContractKind.GIFT, "", None)


def test_a_name_is_enough(client: FlaskClient) -> None:
    body = api.order(subscription(make_plan(), delivery=None, gift={"recipient_name": "Claude Roux"}))

    assert post(client, body).status_code == 201
    assert db.session.scalars(sa.select(Gift.giver_name)).all() == ["Dominique Martin"]


def test_the_same_key_and_body_give_the_same_gift_and_another_wish_is_another_order(client: FlaskClient) -> None:
    body = api.order(a_gift())
    first, again = post(client, body), post(client, body)

    other = post(client, api.changed(body, "/items/0/gift/message", "Autre chose."))

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert db.session.scalar(sa.select(sa.func.count(Gift.id))) == 1


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/items/0/gift/recipient_name", ""),
        ("/items/0/gift/recipient_name", "www.casino.online"),
        ("/items/0/gift/recipient_email", "claude"),
        ("/items/0/gift/message", "voir https://casino.online"),
        ("/items/0/gift/message", "a" * 301),
        ("/items/0/gift/giver_name", "<b>"),
        ("/items/0/gift/announce_on", "2026-11-22"),
        ("/items/0/gift/announce_on", "2028-11-22"),
        ("/items/0/gift/announce_on", "demain"),
        ("/items/0/gift/announce_on", "20261224"),
        ("/items/0/gift/price", 0),
        ("/items/0/gift", "oui"),
    ],
)
def test_what_is_wrong_with_a_wish_is_named_by_its_pointer(client: FlaskClient, pointer: str, value: object) -> None:
    answer = post(client, api.changed(api.order(a_gift()), pointer, value))

    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {pointer}
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 0


def test_the_giver_gives_no_address_and_a_plan_for_many_is_not_given(client: FlaskClient) -> None:
    addressed = post(client, api.order(subscription(make_plan(), gift=WISH)), headers=key("1"))
    many = make_plan(audience=Audience.INSTITUTION, readers=5)
    institution = post(client, api.order(subscription(many, delivery=None, gift=WISH)), headers=key("2"))

    assert set(addressed.get_json()["errors"]) == {"/items/0/delivery"}
    assert set(institution.get_json()["errors"]) == {"/items/0/gift"}


def test_the_document_tells_of_it(client: FlaskClient) -> None:
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]

    assert schemas["GiftBody"]["required"] == ["recipient_name"]
    assert schemas["GiftBody"]["properties"]["message"]["maxLength"] == 300
    assert schemas["GiftBody"]["properties"]["announce_on"]["format"] == "date"
    assert date.fromisoformat(schemas["GiftBody"]["properties"]["announce_on"]["example"]) > date.min
    assert "gift" in schemas["SubscriptionBody"]["properties"]
    assert "gift" not in schemas["SubscriptionBody"]["required"]
