"""What is ordered on paper by program: with which number it begins, how many copies, and where they go."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import Edition
from tests.api.web.orders import post
from tests.support.makers import api
from tests.support.makers.api import subscription
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("frozen")


def on_paper(**values: Any) -> dict[str, Any]:
    return subscription(make_plan(edition=Edition.BOTH, copies=3), **values)


def errors(client: FlaskClient, item: dict[str, Any]) -> dict[str, str]:
    answer = post(client, api.order(item))
    assert answer.status_code == 422, answer.text
    return dict(answer.get_json()["errors"])


def test_the_first_number_and_the_copies_are_those_of_the_body(client: FlaskClient) -> None:
    make_article(issue=make_issue(376))
    body = api.order(on_paper(first_issue=376, copies=2), on_paper(first_issue=377), on_paper(first_issue=None))

    assert post(client, body).status_code == 201
    rows = db.session.execute(sa.select(Contract.first_issue, Contract.copies).order_by(Contract.id)).all()
    assert [tuple(row) for row in rows] == [(376, 2), (377, 3), (None, 3)]


def test_asked_again_under_its_key_it_is_the_same_order_even_when_another_number_is_out(client: FlaskClient) -> None:
    make_article(issue=make_issue(376))
    body = api.order(on_paper(first_issue=376))
    post(client, body)
    make_article(issue=make_issue(377))
    make_article(issue=make_issue(378))

    assert post(client, body).status_code == 200


@pytest.mark.parametrize("number", [375, 378])
def test_another_number_than_the_site_offers_is_refused(client: FlaskClient, number: int) -> None:
    make_article(issue=make_issue(376))

    assert errors(client, on_paper(first_issue=number)) == {
        "/items/0/first_issue": "Le numéro paru, 376, ou le prochain, 377."
    }


def test_without_a_number_that_is_out_none_is_taken(client: FlaskClient) -> None:
    assert errors(client, on_paper(first_issue=376)) == {
        "/items/0/first_issue": "Aucun numéro n’est encore paru\u00a0: laissez vide."
    }


def test_what_is_read_online_has_no_first_number_and_no_copies(client: FlaskClient) -> None:
    make_article(issue=make_issue(376))
    online = make_plan()

    assert list(errors(client, subscription(online, first_issue=376))) == ["/items/0/first_issue"]
    assert list(errors(client, subscription(online, copies=1))) == ["/items/0/copies"]


def test_a_gift_begins_when_it_is_accepted(client: FlaskClient) -> None:
    make_article(issue=make_issue(376))
    gift = on_paper(delivery=None, gift={"recipient_name": "Claude Roux"}, first_issue=376)

    assert "accepte" in errors(client, gift)["/items/0/first_issue"]


def test_more_copies_than_the_plan_has_are_refused(client: FlaskClient) -> None:
    assert "de 1 à 3" in errors(client, on_paper(copies=4))["/items/0/copies"]


def test_an_address_that_no_label_holds_is_refused_beside_its_field(client: FlaskClient) -> None:
    plan = on_paper()
    too_long = api.changed(api.order(plan), "/items/0/delivery/address", "12 rue " + "des Jardiniers " * 18)

    answer = post(client, too_long)

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["/items/0/delivery/address"]
    assert db.session.scalar(sa.select(sa.func.count(Contract.id))) == 0
