"""Prices, taxes, numbers, products and states that somebody changed before sending the form: the server's own count."""

import itertools
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.orders.models import Order
from eventsapp.registrations.models import Registration
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Contract
from tests.checkout.web.sending import MANDAT, SAME_SITE, open_day, the_order
from tests.support.makers.subscriptions import make_plan
from tests.support.tampering import (
    NUMBERS,
    TRIES,
    VALUES,
    careless,
    columns,
    count,
    last_order,
    require_server_values,
)

#: Price and rate of tax of what the tests sell.
SEATS, PLAN = {(62100, 2000), (39000, 2000)}, (12900, 210)
FIELDS = {name.rpartition("-")[2] for name in MANDAT} | {"phone", "job_title", "promo_code", "website", "access_needs"}
FIELDS |= {"billing_email", "service_code", "delivery_name", "delivery_address", "delivery_postcode", "delivery_city"}
EXTRA = st.sampled_from(columns(but=FIELDS))
#: Where a field may stand: of the order, of a participant there is, of one there is not.
PLACES = st.one_of(
    st.sampled_from(["", "attendees-0-", "attendees-1-", "items-0-", "lines-0-", "attendees-"]),
    NUMBERS.map(lambda number: f"attendees-{number}-"),
)
MORE = st.dictionaries(st.tuples(PLACES, EXTRA).map("".join), VALUES, min_size=1, max_size=6)
_numbers = itertools.count(1)

pytestmark = pytest.mark.usefixtures("unlimited")


def a_form(number: int) -> dict[str, str]:
    """Return a form that nobody has sent yet."""
    name, email = f"Roux{number}", f"claude.roux{number}@ville-exemple.fr"
    buyer = {"first_name": "Claude", "last_name": name, "email": email}
    attendee = {f"attendees-0-{field}": value for field, value in buyer.items()}
    return MANDAT | buyer | attendee | {"submission": f"formulaire-{number:012}"}


def register(client: FlaskClient, day: StudyDay, changes: dict[str, str]) -> int:
    form = a_form(next(_numbers)) | changes
    return client.post(f"/journees/{day.slug}/inscription/", data=form).status_code


@given(more=MORE)
@TRIES
def test_fields_that_the_form_does_not_have_change_nothing(
    client: FlaskClient, day: StudyDay, more: dict[str, str]
) -> None:
    before = count(Order)

    status = register(client, day, more)

    # A field of a participant that is not there makes an empty one, who is asked for a name.
    assert status in {303, 422}
    assert count(Order) - before == (status == 303)
    if status == 303:
        require_server_values(last_order(), prices=SEATS)
        assert last_order().total_cents == 62100


@given(rate=st.one_of(VALUES, st.text(max_size=20)), foreign=st.booleans())
@TRIES
def test_a_rate_that_the_day_does_not_sell_is_refused(
    client: FlaskClient, day: StudyDay, elsewhere: StudyDay, rate: str, foreign: bool
) -> None:
    code = "presse" if foreign else rate
    before = count(Order)

    assert register(client, day, {"attendees-0-rate": code}) == 422

    assert count(Order) == before


@given(day_named=st.one_of(VALUES, st.text(max_size=20)))
@TRIES
def test_a_day_that_does_not_exist_is_not_found(client: FlaskClient, day: StudyDay, day_named: str) -> None:
    found = client.post(f"/journees/{day_named}/inscription/", data=a_form(next(_numbers)))

    assert found.status_code in {308, 404, 405}
    assert count(Order) == 0


@given(position=NUMBERS)
@TRIES
def test_a_participant_in_a_place_that_is_not_there_is_neither_added_nor_taken_out(
    client: FlaskClient, day: StudyDay, position: str
) -> None:
    assert register(client, day, {"remove_attendee": position}) == 200

    assert count(Order) == count(Registration) == 0


@given(more=MORE, position=NUMBERS)
@settings(TRIES, max_examples=8)
def test_a_basket_that_was_tampered_with_costs_what_is_in_it(
    client: FlaskClient, day: StudyDay, more: dict[str, str], position: str
) -> None:
    person = a_form(next(_numbers))
    with client.session_transaction() as cookie:
        cookie.clear()
    plan = make_plan()
    put = client.post(f"/panier/abonnements/{plan.slug}/", data=more, headers=SAME_SITE)
    seat = client.post(f"/journees/{day.slug}/inscription/", data=person | more | {"basket": "1"})
    taken_out = client.post(f"/panier/retirer/{position}/", data=more)
    back = client.post("/panier/remettre/", data=more)
    assert {put.status_code, seat.status_code, back.status_code} <= {303, 422}
    assert taken_out.status_code in {303, 404, 405, 308}
    before = count(Order), count(Contract)

    ordered = client.post("/commande/", data=person | more)

    assert ordered.status_code == 303
    assert (count(Order), count(Contract)) == (before[0] + 1, before[1] + 1)
    require_server_values(last_order(), prices=SEATS | {PLAN})
    assert last_order().total_cents in {12900, 12900 + 62100}


@pytest.mark.parametrize("slug", ["-1", "0", "1.5", "１", "²", "9" * 300, "inconnue", "%00", "individuel%2f.."])
def test_a_plan_that_is_not_sold_is_not_put_into_the_basket(client: FlaskClient, slug: str) -> None:
    make_plan()

    assert client.post(f"/panier/abonnements/{slug}/", headers=SAME_SITE).status_code == 404

    assert client.get("/commande/").location == "/panier/"


def test_stripe_is_asked_for_the_servers_amount_whatever_is_sent_along(
    client: FlaskClient, sandbox: RunningSandbox, day: StudyDay
) -> None:
    cheap = {"amount": "1", "unit_amount": "1", "total_cents": "1", "line_items[0][price_data][unit_amount]": "1"}
    register(client, day, cheap | {"payment_method": "card", "siret": "", "organisation": ""})
    order = the_order()

    client.post(f"/commandes/{order.reference}/{order.secret}/payer/", data=cheap)

    assert [session["amount_total"] for session in sandbox.objects("checkout.session")] == [62100]


def test_a_form_that_takes_over_what_was_sent_would_be_noticed(client: FlaskClient, day: StudyDay) -> None:
    sent = {"paid_cents": "62100"}

    with careless(sent):
        assert register(client, day, sent) == 303

    with pytest.raises(AssertionError):
        require_server_values(last_order(), prices=SEATS)


@pytest.fixture
def day(client: FlaskClient) -> StudyDay:
    """A day with room for every try."""
    return open_day(capacity=10_000)


@pytest.fixture
def elsewhere(client: FlaskClient) -> StudyDay:
    """Another day, which sells at another rate for less."""
    return open_day(rates={"presse": 100})


@pytest.fixture
def unlimited(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let one address order as often as the tests do."""
    monkeypatch.setattr("eventsapp.core.limits.limiter.enabled", False)
