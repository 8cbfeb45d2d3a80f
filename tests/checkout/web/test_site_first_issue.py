"""Whoever subscribes to paper says whether it begins with the number that is out or with the next one."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.magazine.statuses import IssueStatus
from eventsapp.mail.models import OutgoingMail
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Edition
from tests.checkout.web.sending import MANDAT, SAME_SITE
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.orders import subscription
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

DELIVERED = {
    "delivery_name": "Claude Roux",
    "delivery_address": "12 rue des Jardiniers",
    "delivery_postcode": "44000",
    "delivery_city": "Nantes",
}
BUYER = {"first_name": "Dominique", "last_name": "Martin", "email": "finances@ville-exemple.fr"}


@pytest.fixture
def paper(client: FlaskClient) -> Plan:
    """Put a subscription on paper, of ten numbers, into the basket."""
    plan = make_plan(edition=Edition.PRINT, issues=10)
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    return plan


def out(number: int) -> None:
    make_article(issue=make_issue(number))


def contract() -> Contract:
    return db.session.scalars(sa.select(Contract)).one()


@pytest.mark.parametrize(("chosen", "kept"), [("376", 376), ("378", 378), ("", 378), ("12", 378), ("²", 378)])
def test_the_number_that_was_chosen_is_kept_and_nothing_that_was_not_offered(
    client: FlaskClient, paper: Plan, chosen: str, kept: int
) -> None:
    out(376)
    make_issue(378, status=IssueStatus.PREPARING)
    page = client.get("/commande/").text
    assert "N° 376, celui qui est paru" in page
    assert Page(page).fields["first_issue"] == "378"

    answer = client.post("/commande/", data={**MANDAT, **BUYER, "first_issue": chosen})

    assert answer.status_code == 303
    assert (contract().first_issue, contract().issues, contract().issues_sent) == (kept, 10, 0)


def test_the_next_number_is_the_following_one_while_it_is_not_begun(client: FlaskClient, paper: Plan) -> None:
    out(376)

    assert Page(client.get("/commande/").text).fields["first_issue"] == "377"


def test_without_a_number_that_is_out_nothing_is_asked(client: FlaskClient, paper: Plan) -> None:
    make_issue(376, status=IssueStatus.PREPARING)

    assert "Premier numéro" not in client.get("/commande/").text
    client.post("/commande/", data={**MANDAT, **BUYER, "first_issue": "376"})
    assert contract().first_issue is None


def test_the_choice_lasts_through_a_quote(client: FlaskClient, paper: Plan) -> None:
    out(376)
    made = client.post("/commande/", data={**MANDAT, **BUYER, "first_issue": "376", "quote": "1"})

    assert client.post(made.location, data={"commitment_number": "EJ-2026-0999"}).status_code == 303
    assert contract().first_issue == 376


def test_a_renewal_goes_on_and_is_not_asked(client: FlaskClient) -> None:
    out(376)
    plan = make_plan(edition=Edition.PRINT)
    row = make_contract("lectrice@exemple.fr", plan=plan)

    assert "Premier numéro" not in client.get(f"/abonnements/renouveler/{row.secret}/").text


def test_what_is_read_online_begins_with_no_number(client: FlaskClient) -> None:
    out(376)
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)

    assert "Premier numéro" not in client.get("/commande/").text
    client.post("/commande/", data={**MANDAT, **BUYER, "first_issue": "376"})
    assert contract().first_issue is None
    assert subscription(plan).first_issue is None


def test_an_address_that_no_label_holds_is_told_beside_its_field(client: FlaskClient, paper: Plan) -> None:
    too_long = {"delivery_address": "12 rue " + "des Jardiniers " * 18}
    for way in ({}, {"quote": "1"}):
        answer = client.post("/commande/", data={**MANDAT, **BUYER, **DELIVERED, **too_long, **way})

        assert answer.status_code == 422
        assert "Trop long pour l’étiquette" in answer.text
    assert client.post("/commande/", data={**MANDAT, **BUYER, **DELIVERED}).status_code == 303


def test_the_first_number_and_the_copies_are_repeated_on_the_order_and_in_the_mail(client: FlaskClient) -> None:
    out(376)
    plan = make_plan(edition=Edition.PRINT, copies=3)
    client.post(f"/panier/abonnements/{plan.slug}/", headers=SAME_SITE)
    order = client.post("/commande/", data={**MANDAT, **BUYER, "first_issue": "376"}).location

    told = "partir du n° 376, 3 exemplaires de chaque numéro"
    assert f"À {told}" in client.get(order).text
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "checkout/order_placed")).one()
    assert f"Sur papier : à {told}." in mail.text
    assert f"à {told}." in mail.html


def test_asking_costs_one_query(client: FlaskClient, paper: Plan) -> None:
    with counting_queries() as without:
        client.get("/panier/")
    with counting_queries() as with_numbers:
        client.get("/commande/")

    assert sum("max(issues.number)" in statement for statement in with_numbers.statements) == 1
    assert not any("max(issues.number)" in statement for statement in without.statements)
