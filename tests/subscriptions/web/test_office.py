"""Subscribers and plans in the office."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.subscriptions import queries
from eventsapp.subscriptions.models import Plan
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, subscription
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page

SUBSCRIBERS, PLANS = "/organisation/abonnes/", "/organisation/formules/"
FORM = {
    "name": "Collectivité",
    "audience": "institution",
    "edition": "both",
    "months": "12",
    "readers": "5",
    "price": "349,00",
    "vat_rate": "210",
    "position": "2",
    "published": "y",
}

pytestmark = pytest.mark.usefixtures("frozen")


def _as(client: FlaskClient, role: RoleName) -> FlaskClient:
    sign_in(client, make_user(role))
    return client


def test_subscribers_lead_to_their_page_and_it_to_the_order_that_they_came_by(client: FlaskClient) -> None:
    make_contract("lectrice@exemple.fr")
    order = place(subscription(make_plan()))
    bought = queries.contracts_of_order(order.id)[0]
    address = f"{SUBSCRIBERS}{bought.id}/"
    office = _as(client, RoleName.ORGANISER)

    page = Page(office.get(SUBSCRIBERS).text)

    assert len(page.rows) == 2
    assert address in page.links.values()
    assert f"/organisation/commandes/{order.reference}/" in Page(office.get(address).text).links.values()


@pytest.mark.parametrize("role", [RoleName.EDITOR, RoleName.DOOR])
def test_others_see_no_subscriber(client: FlaskClient, role: RoleName) -> None:
    assert _as(client, role).get(SUBSCRIBERS).status_code == 403


def test_a_plan_is_written_and_changed_by_the_administrator(client: FlaskClient) -> None:
    office = _as(client, RoleName.ADMINISTRATOR)

    assert office.post(f"{PLANS}nouvelle/", data=FORM).status_code == 303
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (plan.slug, plan.price_cents, plan.readers, plan.published) == ("collectivite", 34900, 5, True)

    office.post(f"{PLANS}collectivite/", data={**FORM, "price": "360"})
    assert db.session.scalars(sa.select(Plan.price_cents)).one() == 36000


@pytest.mark.parametrize("changes", [{"name": ""}, {"price": "beaucoup"}, {"months": "0"}, {"edition": "vinyle"}])
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_written(client: FlaskClient, changes: dict[str, str]) -> None:
    answer = _as(client, RoleName.ADMINISTRATOR).post(f"{PLANS}nouvelle/", data=FORM | changes)

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 0


def test_plans_are_the_administrators(client: FlaskClient) -> None:
    make_plan(slug="individuel")
    office = _as(client, RoleName.ORGANISER)

    assert [office.get(f"{PLANS}{page}").status_code for page in ("", "nouvelle/", "individuel/")] == [403] * 3
