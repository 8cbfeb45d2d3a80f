"""Bodies that are not what they should be: never a broken answer, never a row."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.api.statuses import Scope
from eventsapp.api.web import requests
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order, OrderLine
from tests.support.makers import api
from tests.support.makers.api import changed, key, seats, subscription
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("unlimited")

ORDERS = "/api/v1/orders"


def _send(client: FlaskClient, body: bytes | str, content_type: str = "application/json") -> TestResponse:
    return client.post(ORDERS, data=body, headers=key(), content_type=content_type)


def _problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert set(answer.get_json()) <= {"type", "title", "status", "detail", "errors"}
    assert answer.get_json()["status"] == answer.status_code
    return answer.status_code, str(answer.get_json()["type"]).removeprefix("/problems/")


def _nothing_written() -> bool:
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Order))
        == 0
        == db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail))
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b"nonsense",
        b"\xff\xfe{\x00}\x00",
        b'{"a": "\xe9"}',
        b"\x00",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'\xef\xbb\xbf{"a": 1}',
    ],
    ids=range(13),
)
def test_what_is_no_json_is_refused(client: FlaskClient, body: bytes) -> None:
    assert _problem(_send(client, body)) == (400, "malformed")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"],
)
def test_what_says_it_is_something_else_is_refused(client: FlaskClient, content_type: str) -> None:
    body = json.dumps(api.order(seats(make_study_day())))

    assert _problem(_send(client, body, content_type)) == (415, "not-json")


def test_json_may_say_its_charset_or_its_vocabulary(client: FlaskClient) -> None:
    body = json.dumps(api.order(seats(make_study_day())))

    first = _send(client, body, "application/json; charset=utf-8")
    second = _send(client, body, "application/vnd.lettre+json")

    assert (first.status_code, second.status_code) == (201, 200)


@pytest.mark.parametrize("body", ["null", "[]", '"texte"', "1", "true", "[{}]", "1e400", "-0"])
def test_json_that_is_no_object_is_refused_as_a_whole(client: FlaskClient, body: str) -> None:
    answer = _send(client, body)

    assert _problem(answer) == (422, "invalid")
    assert list(answer.get_json()["errors"]) == [""]


def test_too_large_a_body_is_refused(client: FlaskClient) -> None:
    body = api.order(seats(make_study_day()))
    large = changed(body, "/customer/last_name", "a" * 1_000_000)

    assert _problem(client.post(ORDERS, json=large, headers=key())) == (413, "too-large")
    assert _nothing_written()


def test_a_long_field_in_a_body_that_passes_is_refused_by_its_pointer(client: FlaskClient) -> None:
    body = changed(api.order(seats(make_study_day())), "/customer/last_name", "a" * 400_000)

    answer = client.post(ORDERS, json=body, headers=key())

    assert answer.get_json()["errors"] == {"/customer/last_name": "Pas plus de 80 caractères."}


_TEXTS = {
    "nul": "a\x00b",
    "escape": "\x1b[31mrouge",
    "surrogate": "a\ud800b",
    "override": "\u202egnp.exe",
    "isolate": "\u2066x\u2069",
    "private": "\ue000",
    "noncharacter": "\uffff",
    "delete": "a\x7f",
    "long": "a" * 301,
}
_TEXT_MEMBERS = [
    "/customer/email",
    "/customer/first_name",
    "/customer/last_name",
    "/customer/organisation/name",
    "/customer/organisation/siret",
    "/customer/organisation/address",
    "/customer/organisation/postcode",
    "/customer/organisation/city",
    "/customer/organisation/service_code",
    "/customer/organisation/commitment_number",
    "/payment_method",
    "/items/0/study_day",
    "/items/0/attendees/0/first_name",
    "/items/0/attendees/0/last_name",
    "/items/0/attendees/0/email",
    "/items/0/attendees/0/job_title",
    "/items/0/attendees/0/rate",
    "/items/1/plan",
    "/items/1/delivery/name",
    "/items/1/delivery/address",
    "/items/1/delivery/postcode",
    "/items/1/delivery/city",
]
_OBJECTS = [
    "/customer",
    "/customer/organisation",
    "/items",
    "/items/0",
    "/items/0/attendees",
    "/items/0/attendees/0",
    "/items/0/attendees/0/answers",
    "/items/1/delivery",
]
_WRONG_TYPES: list[Any] = [0, -1, 1.5, 10**9, True, False, [], [[]], ["x"], {"x": 1}, {"$gt": ""}]


def _order() -> dict[str, Any]:
    return api.order(seats(make_study_day()), subscription(make_plan()))


@pytest.mark.parametrize("text", _TEXTS.values(), ids=_TEXTS)
def test_a_hostile_text_is_refused_in_every_member(client: FlaskClient, text: str) -> None:
    body = _order()

    for pointer in _TEXT_MEMBERS:
        # As bytes with the escapes that JSON allows: a client written in anger sends these.
        answer = _send(client, json.dumps(changed(body, pointer, text)))
        assert _problem(answer) == (422, "invalid"), (pointer, text)
        assert list(answer.get_json()["errors"]) == [pointer]
    assert _nothing_written()


@pytest.mark.parametrize("value", _WRONG_TYPES, ids=repr)
def test_a_value_of_another_type_is_refused_in_every_member(client: FlaskClient, value: Any) -> None:
    body = _order()

    for pointer in [*_TEXT_MEMBERS, *_OBJECTS, "/accept_terms", "/promo_code"]:
        if (pointer, value) == ("/accept_terms", True):
            continue
        answer = client.post(ORDERS, json=changed(body, pointer, value), headers=key())
        assert _problem(answer) == (422, "invalid"), (pointer, value)
        assert any(told.startswith(pointer) for told in answer.get_json()["errors"]), (pointer, value)
    assert _nothing_written()


@pytest.mark.parametrize("pointer", ["/customer", "/items", "/items/0/attendees", "/items/0/attendees/0", "/items/1"])
def test_nothing_where_something_must_be_is_refused(client: FlaskClient, pointer: str) -> None:
    answer = client.post(ORDERS, json=changed(_order(), pointer, None), headers=key())

    assert (_problem(answer), list(answer.get_json()["errors"])) == ((422, "invalid"), [pointer])


def test_every_member_that_must_be_there_is_missed(client: FlaskClient) -> None:
    bare = {"customer": {"organisation": {}}, "items": [{"type": "registration", "attendees": [{}]}, {}]}

    answer = client.post(ORDERS, json=bare, headers=key())

    assert answer.get_json()["errors"] == {
        "/customer/email": "Indiquez votre courriel\u00a0: le lien de la commande y est envoyé.",
        "/customer/first_name": "Indiquez votre prénom.",
        "/customer/last_name": "Indiquez votre nom.",
        "/customer/organisation/name": "Indiquez l’organisme à facturer.",
        "/customer/organisation/address": "Indiquez l’adresse de facturation.",
        "/customer/organisation/postcode": "Indiquez le code postal.",
        "/customer/organisation/city": "Indiquez la ville.",
        "/payment_method": "Ce membre est obligatoire.",
        "/items/0/study_day": "Ce membre est obligatoire.",
        "/items/0/attendees/0/rate": "Ce membre est obligatoire.",
        "/items/1/type": "Une de ces valeurs\u00a0: registration, subscription.",
        "/accept_terms": "Acceptez les conditions de vente pour commander\u00a0: true.",
    }


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/paid", 1),
        ("/status", "confirmed"),
        ("/total_cents", 1),
        ("/is_test", True),
        ("/customer/role", "administrator"),
        ("/customer/phone", "0102030405"),
        ("/items/0/price_cents", 0),
        ("/items/0/quantity", -1),
        ("/items/0/attendees/0/price_cents", 1),
        ("/items/0/attendees/0/access_needs", "x"),
        ("/items/0/attendees/0/answers/diet", "vegan"),
        ("/items/1/quantity", 10**9),
        ("/items/1/price_cents", 1),
        ("/items/1/attendees", []),
        ("/items/1/delivery/country", "FR"),
        ("/__proto__", {}),
        ("/_schema", "x"),
    ],
)
def test_members_that_nobody_asked_for_are_refused(client: FlaskClient, pointer: str, value: Any) -> None:
    answer = client.post(ORDERS, json=changed(_order(), pointer, value), headers=key())

    assert _problem(answer) == (422, "invalid")
    assert list(answer.get_json()["errors"]) in ([pointer], [""])
    assert _nothing_written()


def test_a_pointer_is_written_as_its_standard_says(client: FlaskClient) -> None:
    body = _order() | {"a/b~c": 1, "": 2, "\ud800": 3, "é ": 4}

    answer = _send(client, json.dumps(body))

    assert set(answer.get_json()["errors"]) == {"/a~1b~0c", "/", "/?", "/é "}


def test_a_thousand_mistakes_are_told_in_part(client: FlaskClient) -> None:
    body = _order() | {f"{'k' * 500}{number}": 1 for number in range(900)}

    answer = client.post(ORDERS, json=body, headers=key())

    assert answer.status_code == 422
    assert len(answer.data) < requests.MOST_ERRORS * (requests.LONGEST_POINTER + 100)


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/items", []),
        ("/items", [{"type": "gift"}]),
        ("/items/0/attendees", []),
        ("/items/0/attendees", [api.attendee(number) for number in range(21)]),
        ("/accept_terms", False),
        ("/accept_terms", "true"),
        ("/accept_terms", 1),
        ("/promo_code", "NOEL"),
    ],
)
def test_bounds_and_consents_hold(client: FlaskClient, pointer: str, value: Any) -> None:
    answer = client.post(ORDERS, json=changed(_order(), pointer, value), headers=key())

    assert _problem(answer) == (422, "invalid")
    assert next(iter(answer.get_json()["errors"])).startswith(pointer)


def test_twenty_people_and_left_out_options_pass(client: FlaskClient) -> None:
    day = make_study_day()
    body = api.order(seats(day, *(api.attendee(number) for number in range(20))))
    del body["promo_code"]
    for person in body["items"][0]["attendees"]:
        del person["answers"], person["job_title"]

    answer = client.post(ORDERS, json=body, headers=key())

    assert answer.status_code == 201
    assert db.session.scalars(sa.select(OrderLine.quantity)).all() == [20]


@pytest.mark.parametrize("path", ["/api/v1/orders", "/api/v1/study-days", "/api/v1/nowhere", "/api/v1/reports/x"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PROPFIND"])
def test_methods_that_do_not_exist_are_refused_as_problems(client: FlaskClient, path: str, method: str) -> None:
    answer = client.open(path, method=method)

    assert _problem(answer) in {(405, "method-not-allowed"), (404, "not-found")}
    assert ("Allow" in answer.headers) == (answer.status_code == 405)


@pytest.mark.parametrize(
    "tail",
    [
        "%00",
        "%ED%A0%80",
        "%FF",
        "%E2%80%AE",
        "..%2F..%2Fetc%2Fpasswd",
        "a" * 5_000,
        "x'%20OR%201=1--",
        "%25",
        "{{7*7}}",
        "*",
        "99999999999999999999",
    ],
)
def test_a_hostile_address_is_not_found(client: FlaskClient, tail: str) -> None:
    headers = api.bearer(api.make_token(Scope.ORGANISER, Scope.EDITOR))
    paths = ["study-days/{}", "study-days/{}/registrations", "speakers/{}", "reports/{}", "issues/{}", "orders/{}"]

    answers = [client.get(f"/api/v1/{path.format(tail)}", headers=headers) for path in paths]
    answers.append(client.patch(f"/api/v1/reports/{tail}", json={}, headers=headers))

    assert {_problem(answer) for answer in answers} == {(404, "not-found")}


@pytest.mark.parametrize(
    "value", ["%00", "%ED%A0%80", "%FF", "%0A", "a&q=b", "[]", "%25%5F%25", "'%22;--", "%F0%9F%8E%AB" * 20]
)
def test_a_hostile_search_finds_nothing_or_is_refused(client: FlaskClient, value: str) -> None:
    statuses = {client.get(f"/api/v1/{path}?q={value}").status_code for path in ("study-days", "speakers")}

    assert statuses <= {200, 422}
    assert len(statuses) == 1
