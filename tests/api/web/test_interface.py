"""The interface as a whole: what the contract promises, what the document says, and what really comes."""

from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi_checks

from eventsapp.api.statuses import Scope
from eventsapp.api.web import problems
from eventsapp.api.web.document import document
from eventsapp.api.web.shapes import items, orders
from eventsapp.checkout.web.attendee_forms import AttendeeForm
from eventsapp.checkout.web.forms import OrderForm
from eventsapp.checkout.web.gifts import GiftForm
from eventsapp.magazine.statuses import ArticleKind
from tests.support.makers.api import bearer, key, make_token, order, seats
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.study_days import make_session, make_speaker, make_study_day
from tests.support.makers.subscriptions import make_plan

PREFIX = "/api/v1"
#: The table of the contract, but for what later features bring: method and path → the statuses it names.
CONTRACT = {
    ("get", "/study-days"): {200},
    ("get", "/study-days/{slug}"): {200, 404},
    ("get", "/speakers"): {200},
    ("get", "/speakers/{slug}"): {200, 404},
    ("get", "/reports"): {200},
    ("get", "/reports/{slug}"): {200, 404},
    ("get", "/issues/{number}"): {200, 404},
    ("get", "/plans"): {200},
    ("post", "/orders"): {200, 201, 409, 413, 422, 429},
    ("get", "/orders/{reference}"): {200, 401, 403, 404},
    ("get", "/study-days/{slug}/registrations"): {200, 401, 403, 404},
    ("post", "/study-days/{slug}/check-ins"): {200, 401, 403, 404, 409, 410, 413, 422},
    ("post", "/study-days/{slug}/check-ins/batch"): {200, 401, 403, 404, 413, 422},
    ("post", "/reports"): {201, 401, 403, 413, 422},
    ("patch", "/reports/{slug}"): {200, 401, 403, 404, 409, 413, 422},
}
#: Members that the contract names, by the schema that must have them.
MEMBERS = {
    "DayList": {"items", "page", "pages", "total"},
    "Day": {"sessions", "rates", "capacity", "seats_left", "status"},
    "DaySession": {"speakers", "reports"},
    "DayRate": {"code", "name", "price_cents", "vat_rate", "available"},
    "OrderPlaced": {
        "reference",
        "status",
        "payment_status",
        "total_cents",
        "vat_cents",
        "order_url",
        "checkout_url",
    },
    "Order": {"status", "lines", "payments", "invoices", "tickets"},
    "OrderInvoice": {"number", "pdf_url", "xml_url"},
    "Participant": {"status", "rate", "answers"},
    "CheckInBody": {"code"},
    "ReportBody": {"title", "lead", "body_markdown", "access", "study_day", "sessions", "section", "issue"},
    "ReportChange": {"status", "publish_at", "title", "lead", "body_markdown", "access", "study_day", "sessions"},
    "WrittenReport": {"slug", "status"},
    "Problem": {"type", "title", "status", "detail", "errors"},
    "OrderBody": {"customer", "payment_method", "items", "promo_code", "accept_terms"},
    "CustomerBody": {"email", "first_name", "last_name", "organisation"},
    "OrganisationBody": {
        "name",
        "siret",
        "address",
        "postcode",
        "city",
        "service_code",
        "commitment_number",
    },
    "AttendeeBody": {"first_name", "last_name", "email", "job_title", "rate", "answers"},
    "DeliveryBody": {"name", "address", "postcode", "city"},
}


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    """The document."""
    return document(app)


def _operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path.removeprefix(PREFIX)): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def test_the_document_has_the_calls_of_the_contract_and_no_others(described: dict[str, Any]) -> None:
    assert set(_operations(described)) == set(CONTRACT)
    assert described["openapi"].startswith("3.1.")


@pytest.mark.parametrize("call", CONTRACT, ids=str)
def test_a_call_documents_the_statuses_of_the_contract(described: dict[str, Any], call: tuple[str, str]) -> None:
    documented = {int(status) for status in _operations(described)[call]["responses"]}

    assert documented >= CONTRACT[call] | {429}


@pytest.mark.parametrize("name", MEMBERS)
def test_a_schema_has_the_members_of_the_contract(described: dict[str, Any], name: str) -> None:
    assert set(described["components"]["schemas"][name]["properties"]) >= MEMBERS[name]


def test_the_list_of_days_has_the_parameters_of_the_contract(described: dict[str, Any]) -> None:
    parameters = {each["name"]: each["schema"] for each in _operations(described)["get", "/study-days"]["parameters"]}

    assert set(parameters) == {"when", "city", "theme", "series", "q", "page", "per_page"}
    assert parameters["when"]["enum"] == ["upcoming", "past", "all"]
    assert parameters["per_page"]["maximum"] == 100


def test_everything_under_the_prefix_is_documented(app: Flask, described: dict[str, Any]) -> None:
    registered = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and not rule.endpoint.startswith("api.")
    }

    assert len(registered) == len(described["paths"])


def test_every_call_is_named_explained_and_secured(described: dict[str, Any]) -> None:
    operations = _operations(described)
    secured = {call: operation["security"] for call, operation in operations.items() if "security" in operation}

    assert len({operation["operationId"] for operation in operations.values()}) == len(operations)
    assert all(operation["summary"] and operation["description"] for operation in operations.values())
    assert {tag for operation in operations.values() for tag in operation["tags"]} == {
        tag["name"] for tag in described["tags"]
    }
    assert secured == {
        ("get", "/orders/{reference}"): [{"orderSecret": []}, {"token": ["organiser", "accountant"]}],
        ("get", "/study-days/{slug}/registrations"): [{"token": ["organiser"]}],
        ("post", "/study-days/{slug}/check-ins"): [{"token": ["door"]}],
        ("post", "/study-days/{slug}/check-ins/batch"): [{"token": ["door"]}],
        ("post", "/reports"): [{"token": ["editor"]}],
        ("patch", "/reports/{slug}"): [{"token": ["editor"]}],
    }


def test_every_refusal_is_a_problem_and_is_shown_by_example(described: dict[str, Any]) -> None:
    for operation in _operations(described).values():
        for status, response in operation["responses"].items():
            name = response.get("$ref", "").rsplit("/", 1)[-1]
            whole = described["components"]["responses"][name] if name else response
            if int(status) >= 400:
                assert list(whole["content"]) == ["application/problem+json"]
                examples = whole["content"]["application/problem+json"]["examples"].values()
                assert {example["value"]["status"] for example in examples} == {int(status)}
            else:
                assert "application/problem+json" not in whole.get("content", {})


def test_each_problem_has_a_status_and_a_type_of_its_own() -> None:
    examples = [example for _text, by_code in problems.PROBLEMS.values() for example in by_code.values()]

    assert sorted(example["type"] for example in examples) == sorted(f"/problems/{code}" for code in problems.CODES)
    assert {"sold-out", "registration-closed", "invalid"} <= set(problems.CODES)


@pytest.mark.parametrize(
    ("shape", "form", "renamed"),
    [
        (items.AttendeeBody, AttendeeForm, {}),
        (items.GiftBody, GiftForm, {}),
        (orders.CustomerBody, OrderForm, {}),
        (orders.OrganisationBody, OrderForm, {"name": "organisation"}),
        (
            items.DeliveryBody,
            OrderForm,
            {name: f"delivery_{name}" for name in ("name", "address", "postcode", "city")},
        ),
    ],
)
def test_neither_door_is_wider_than_the_other(app: Flask, shape: Any, form: Any, renamed: dict[str, str]) -> None:
    with app.test_request_context("/"):
        fields = form()
        bounds = {
            name: next(rule.max for rule in fields[renamed.get(name, name)].validators if hasattr(rule, "max"))
            for name, member in shape().fields.items()
            if hasattr(member, "most") and name != "rate"
        }

    assert bounds == {name: member.most for name, member in shape().fields.items() if name in bounds}
    assert bounds


def test_no_form_token_is_asked_and_no_cookie_set(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    body = order(seats(make_study_day()))

    answer = client.post(f"{PREFIX}/orders", json=body, headers=key() | {"Origin": "https://ailleurs.example"})

    assert answer.status_code == 201
    assert "Set-Cookie" not in answer.headers
    assert not [name for name, _value in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "path", ["/study-days", "/study-days/nulle-part", "/study-days?page=x", "/docs", "/openapi.json"]
)
def test_every_answer_carries_the_headers_that_protect(client: FlaskClient, path: str) -> None:
    headers = client.get(PREFIX + path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "'unsafe" not in headers["Content-Security-Policy"]


def test_reads_are_limited_generously(client: FlaskClient) -> None:
    statuses = [client.get(f"{PREFIX}/plans").status_code for _each in range(601)]

    assert (statuses[:600], statuses[600]) == ([200] * 600, 429)


_CHECKS = [
    checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
]


@pytest.fixture
def populated(client: FlaskClient, unlimited: None) -> dict[str, Any]:
    """Something of everything, and a token with every scope."""
    day, speaker = make_study_day(slug="angers"), make_speaker("Ana Brun", slug="angers")
    talk = make_session(day, position=1, speakers=[speaker])
    make_article(
        slug="angers",
        kind=ArticleKind.REPORT,
        sessions=[talk],
        speakers=[speaker],
        study_day_id=day.id,
        issue_id=make_issue(376).id,
    )
    make_plan(slug="individuel")
    placed = client.post(f"{PREFIX}/orders", json=order(seats(day)), headers=key("first")).get_json()
    return {
        "values": {"slug": "angers", "number": 376, "reference": placed["reference"]},
        "headers": bearer(make_token(*Scope)),
    }


@pytest.fixture
def schema(app: Flask, populated: dict[str, Any]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)


@pytest.mark.parametrize(
    ("call", "mode"),
    [
        (call, mode)
        for call in CONTRACT
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        # Nothing can be wrong about a read without parameters.
        if (call, mode) != (("get", "/plans"), GenerationMode.NEGATIVE)
    ],
    ids=str,
)
def test_whatever_is_sent_the_answer_is_one_of_those_documented(
    schema: Any, populated: dict[str, Any], call: tuple[str, str], mode: GenerationMode
) -> None:
    method, path = call
    good = mode is GenerationMode.POSITIVE
    operation = schema[PREFIX + path][method.upper()]

    @hypothesis.seed(2026)
    @settings(
        max_examples=25,
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode), known=st.booleans(), let_in=st.booleans())
    def ask(case: schemathesis.Case[Any], known: bool, let_in: bool) -> None:
        if known and good:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = populated["values"][name]
        response = case.call(headers=populated["headers"] if let_in else None)
        case.validate_response(response, checks=_CHECKS + ([] if good else [openapi_checks.negative_data_rejection]))

    ask()
