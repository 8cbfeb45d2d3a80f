"""Orders by program with prices, taxes, numbers, products and states of the sender's own: refused, or the server's."""

import copy
import itertools
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan
from tests.api.web.orders import post
from tests.support.makers import api
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.tampering import TRIES, careless, columns, count, last_order, require_server_values

#: Price and rate of tax of what the tests sell.
SOLD = {(62100, 2000), (39000, 2000), (12900, 210)}
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([-1, 0, 1, 1.5, 1e9, 10**9, 10**30, "１", "²", "-1", "", True, False, None, [], {}, [{}], "paid"]),
    st.text(max_size=10),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
#: Objects of the body, and the members that the contract gives none of them.
OBJECTS = [(), ("customer",), ("customer", "organisation"), ("items", 0), ("items", 0, "attendees", 0), ("items", 1)]
FOREIGN = columns(but={
    "email", "first_name", "last_name", "organisation", "payment_method", "items", "name", "promo_code", "siret",
    "address", "postcode", "city", "service_code", "commitment_number", "job_title",
})  # fmt: skip
#: Members that name what is bought, or how much of it.
NAMING = [
    ("items",), ("items", 0, "type"), ("items", 0, "study_day"), ("items", 0, "attendees"),
    ("items", 0, "attendees", 0, "rate"), ("items", 1, "type"), ("items", 1, "plan"), ("payment_method",),
]  # fmt: skip
_numbers = itertools.count(1)

pytestmark = pytest.mark.usefixtures("unlimited")


def a_body(day: StudyDay, plan: Plan) -> dict[str, Any]:
    """Return a body with somebody new."""
    return api.order(api.seats(day, api.attendee(next(_numbers))), api.subscription(plan))


def put(body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """Return a copy of the body with ``value`` at the end of a path."""
    changed = copy.deepcopy(body)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def send(client: FlaskClient, body: dict[str, Any]) -> int:
    return post(client, body, headers=api.key(f"try-{next(_numbers)}")).status_code


@given(where=st.sampled_from(OBJECTS), name=st.one_of(st.sampled_from(FOREIGN), st.text(max_size=10)), value=VALUES)
@TRIES
def test_members_that_the_contract_does_not_have_are_refused(
    client: FlaskClient, day: StudyDay, plan: Plan, where: tuple[str | int, ...], name: str, value: Any
) -> None:
    body = a_body(day, plan)
    there: Any = body
    for step in where:
        there = there[step]
    if name in there:
        return

    assert send(client, put(body, (*where, name), value)) == 422

    assert count(Order) == count(Registration) == 0


@given(path=st.sampled_from(NAMING), value=VALUES)
@TRIES
def test_a_product_or_a_number_that_is_not_sold_is_refused(
    client: FlaskClient, day: StudyDay, plan: Plan, path: tuple[str | int, ...], value: Any
) -> None:
    assert send(client, put(a_body(day, plan), path, value)) == 422

    assert count(Order) == count(Registration) == 0


@pytest.mark.parametrize(
    "path", [("items", 0, "attendees", 0, "rate"), ("items", 0, "study_day"), ("items", 1, "plan")]
)
def test_what_is_sold_elsewhere_is_not_sold_here(
    client: FlaskClient, day: StudyDay, plan: Plan, path: tuple[str | int, ...]
) -> None:
    make_study_day(rates={"presse": 100})

    assert send(client, put(a_body(day, plan), path, "presse")) == 422

    assert count(Order) == 0


@pytest.mark.parametrize("people", [0, 21, 100])
def test_as_many_people_as_an_order_takes_and_no_more(
    client: FlaskClient, day: StudyDay, plan: Plan, people: int
) -> None:
    attendees = [api.attendee(next(_numbers)) for _ in range(people)]

    assert send(client, put(a_body(day, plan), ("items", 0, "attendees"), attendees)) == 422

    assert count(Order) == 0


@given(people=st.lists(st.sampled_from(["standard", "elected"]), min_size=1, max_size=20))
@TRIES
def test_an_order_costs_what_its_rates_cost(client: FlaskClient, day: StudyDay, plan: Plan, people: list[str]) -> None:
    attendees = [api.attendee(next(_numbers), rate=rate) for rate in people]

    assert send(client, put(a_body(day, plan), ("items", 0, "attendees"), attendees)) == 201

    require_server_values(last_order(), prices=SOLD)
    prices = {"standard": 62100, "elected": 39000}
    assert last_order().total_cents == 12900 + sum(prices[rate] for rate in people)


def test_a_program_that_takes_over_what_was_sent_would_be_noticed(
    client: FlaskClient, day: StudyDay, plan: Plan
) -> None:
    with careless({"paid_cents": 75000}):
        assert send(client, a_body(day, plan)) == 201

    with pytest.raises(AssertionError):
        require_server_values(last_order(), prices=SOLD)


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    """A day with room for every try."""
    return make_study_day(capacity=10_000)


@pytest.fixture
def plan(client: FlaskClient) -> Plan:
    return make_plan()
