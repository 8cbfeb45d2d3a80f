"""Pages of a list, through the real SDK."""

from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from eventsapp.demo.sandbox import RunningSandbox, running_sandbox


@pytest.fixture(scope="module")
def many() -> Iterator[RunningSandbox]:
    """Twelve sessions, made at the seconds 0 to 11."""
    with running_sandbox() as running:
        for rank in range(12):
            session = running.open_session(client_reference_id=str(rank))
            amend(running, session.id, created=rank)
        yield running


def amend(sandbox: RunningSandbox, session_id: str, **changes: object) -> None:
    session = sandbox.sandbox.store.find("checkout.session", session_id)
    assert session
    sandbox.sandbox.store.put(session | changes)


def references(listed: Any) -> list[str | None]:
    return [session.client_reference_id for session in listed.data]


def test_ten_of_the_latest_come_by_default(many: RunningSandbox) -> None:
    page = many.client().v1.checkout.sessions.list()

    assert references(page) == [str(rank) for rank in range(11, 1, -1)]
    assert page.has_more
    assert page.url == "/v1/checkout/sessions"


def test_the_sdk_walks_all_pages_forward(many: RunningSandbox) -> None:
    page = many.client().v1.checkout.sessions.list(params={"limit": 5})

    walked = [session.client_reference_id for session in page.auto_paging_iter()]

    assert walked == [str(rank) for rank in range(11, -1, -1)]


def test_the_sdk_walks_all_pages_backward(many: RunningSandbox) -> None:
    sessions = many.client().v1.checkout.sessions
    oldest = sessions.list(params={"limit": 100}).data[-1].id

    page = sessions.list(params={"limit": 5, "ending_before": oldest})

    assert references(page) == ["5", "4", "3", "2", "1"]
    assert page.has_more
    assert [session.client_reference_id for session in page.auto_paging_iter()] == [str(rank) for rank in range(1, 12)]


def test_the_last_page_says_so(many: RunningSandbox) -> None:
    assert not many.client().v1.checkout.sessions.list(params={"limit": 12}).has_more
    assert many.client().v1.checkout.sessions.list(params={"limit": 11}).has_more


def test_a_page_goes_on_after_an_object_the_filter_leaves_out(many: RunningSandbox) -> None:
    sessions = many.client().v1.checkout.sessions
    latest = sessions.list(params={"limit": 1}).data[0]
    amend(many, latest.id, status="complete")

    page = sessions.list(params={"status": "open", "limit": 2, "starting_after": latest.id})

    assert references(page) == ["10", "9"]


@pytest.mark.parametrize(
    ("bounds", "kept"),
    [
        ({"gte": 3, "lte": 5}, ["5", "4", "3"]),
        ({"gt": 3, "lt": 5}, ["4"]),
        ({"gte": 10}, ["11", "10"]),
        ({"lt": 1}, ["0"]),
    ],
    ids=["from to", "between", "from", "before"],
)
def test_a_range_of_creation_has_its_bounds_where_they_are_said(
    many: RunningSandbox, bounds: Any, kept: list[str]
) -> None:
    assert references(many.client().v1.checkout.sessions.list(params={"created": bounds})) == kept


def test_one_second_of_creation_can_be_asked_for(many: RunningSandbox) -> None:
    assert references(many.client().v1.checkout.sessions.list(params={"created": 7})) == ["7"]


@pytest.mark.parametrize("limit", [0, 101, -1])
def test_a_limit_out_of_bounds_is_refused(many: RunningSandbox, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="between 1 and 100"):
        many.client().v1.checkout.sessions.list(params={"limit": limit})


@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
def test_a_page_after_nothing_is_refused(many: RunningSandbox, cursor: str) -> None:
    params: Any = {cursor: "cs_test_other"}
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        many.client().v1.checkout.sessions.list(params=params)

    assert (refusal.value.code, refusal.value.param) == ("resource_missing", cursor)


def test_two_cursors_at_once_are_refused(many: RunningSandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        many.client().v1.checkout.sessions.list(params={"starting_after": "a", "ending_before": "b"})


def test_a_list_expands_each_of_its_objects(many: RunningSandbox) -> None:
    page = many.client().v1.checkout.sessions.list(params={"limit": 2, "expand": ["data.line_items"]})

    assert [len(session.line_items.data) for session in page.data if session.line_items] == [1, 1]
