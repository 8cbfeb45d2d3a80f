"""Stripe's messages in the office: those set aside are a task, can be tried again, and put away with a note."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.payments.models import CardSession, GatewayEvent
from eventsapp.payments.statuses import EventState
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.events import make_event
from tests.support.makers.orders import place, seats
from tests.support.makers.payments import card_order
from tests.support.makers.study_days import make_study_day
from tests.support.messages import lost, post
from tests.support.pages import Page
from tests.support.queries import counting_queries

EVENTS = "/organisation/reglements/messages/"
NOW = datetime.now(UTC)


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def address(row: GatewayEvent) -> str:
    return f"{EVENTS}{row.id}/"


def test_a_message_set_aside_is_a_task_of_the_first_page_until_it_is_put_away(accountant: FlaskClient) -> None:
    row = make_event(EventState.SET_ASIDE, detail="Stripe refuse de répondre : No such checkout.session")
    first_page = Page(accountant.get("/organisation/").text)
    assert first_page.links["Examiner"] == EVENTS
    assert first_page.links["Messages de Stripe 1"] == EVENTS
    shown = accountant.get(EVENTS).text
    assert address(row) in shown
    assert "No such checkout.session" in shown
    page = accountant.get(address(row)).text
    assert "Rien n’en a été compté" in page
    assert "No such checkout.session" in page

    assert accountant.post(f"{address(row)}classer/", data={"note": ""}).status_code == 422
    assert accountant.post(f"{address(row)}classer/", data={"note": "D’un autre site"}).status_code == 303

    assert "Examiner" not in Page(accountant.get("/organisation/").text).links
    assert address(row) not in accountant.get(EVENTS).text
    assert "D’un autre site" in accountant.get(f"{EVENTS}?etat=classes").text
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="payments.file_event")).one()
    assert (entry.subject_label, entry.changes) == (row.event_id, {"reason": "D’un autre site"})


def test_trying_again_puts_the_message_back_among_those_that_wait(accountant: FlaskClient) -> None:
    row = make_event(EventState.SET_ASIDE, attempts=5)

    answer = accountant.post(f"{address(row)}reessayer/")

    assert answer.location == address(row)
    assert (row.state, row.attempts) == (EventState.WAITING, 0)
    assert "Le message repart" in accountant.get(address(row)).text


@pytest.mark.parametrize("state", [EventState.WAITING, EventState.DONE, EventState.FILED])
def test_what_is_not_set_aside_has_no_button_and_is_left_as_it_is(accountant: FlaskClient, state: EventState) -> None:
    row = make_event(state)
    page = accountant.get(address(row)).text
    assert "reessayer/" not in page
    assert "classer/" not in page

    accountant.post(f"{address(row)}reessayer/")
    refused = accountant.post(f"{address(row)}classer/", data={"note": "Vu"})

    assert "n’est plus mis de côté" in refused.text
    assert (refused.status_code, row.state) == (409, state)


def test_all_that_is_set_aside_is_tried_again_by_one_button(accountant: FlaskClient) -> None:
    rows = [make_event(EventState.SET_ASIDE) for _ in range(3)]
    filed = make_event(EventState.FILED)
    assert "Réessayer les 3 messages" in accountant.get(EVENTS).text

    answer = accountant.post(f"{EVENTS}reessayer/")

    assert "3 messages repartent." in accountant.get(answer.location).text
    assert {row.state for row in rows} == {EventState.WAITING}
    assert filed.state is EventState.FILED


def test_a_message_names_the_order_whose_page_it_is_about(accountant: FlaskClient, sandbox: RunningSandbox) -> None:
    order = card_order(make_study_day(starts_at=NOW + timedelta(days=60)), now=NOW)
    session_id = db.session.scalars(sa.select(CardSession.session_id)).one()
    post(accountant, sandbox, lost("evt_1", data={"object": {"id": session_id, "object": "checkout.session"}}))

    row = db.session.scalars(sa.select(GatewayEvent)).one()

    assert order.reference in accountant.get(address(row)).text
    assert address(row) in accountant.get(f"{EVENTS}?etat=en-attente&q={order.reference}").text


def test_who_may_not_record_money_sees_no_message(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ORGANISER))

    assert client.get(EVENTS).status_code == 403
    assert "Messages de Stripe" not in client.get("/organisation/").text


def test_a_message_that_is_not_there_is_not_found(accountant: FlaskClient) -> None:
    assert [accountant.get(f"{EVENTS}9999/").status_code, accountant.post(f"{EVENTS}9999/reessayer/").status_code] == [
        404, 404,
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 12])
def test_the_list_of_messages_asks_the_same_number_of_queries(accountant: FlaskClient, count: int) -> None:
    order = place(seats(make_study_day()))
    for _number in range(count):
        make_event(EventState.SET_ASIDE, order_id=order.id)

    with counting_queries() as queries:
        accountant.get(EVENTS)

    assert queries() <= 7
