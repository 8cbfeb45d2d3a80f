"""Whoever subscribes by a plan of several copies on paper says how many of each number they want."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Edition
from tests.checkout.web.sending import MANDAT, SAME_SITE
from tests.support.makers.subscriptions import make_plan
from tests.support.pages import Page

BUYER = {"first_name": "Dominique", "last_name": "Martin", "email": "finances@ville-exemple.fr"}


def choose(client: FlaskClient, **plan: Any) -> Plan:
    """Put a subscription by such a plan into the basket."""
    made = make_plan(**{"edition": Edition.PRINT, **plan})
    client.post(f"/panier/abonnements/{made.slug}/", headers=SAME_SITE)
    return made


def copies() -> list[int]:
    return list(db.session.scalars(sa.select(Contract.copies).order_by(Contract.id)))


def summary(page: str) -> list[str]:
    return re.findall(r'<span class="second">([^<]* de chaque numéro)</span>', page)


@pytest.mark.parametrize(
    ("typed", "kept", "told"),
    [("2", 2, "2 exemplaires"), ("1", 1, "1 exemplaire"), ("3", 3, "3 exemplaires"), ("", 3, "3 exemplaires")],
)
def test_so_many_copies_go_out_as_were_asked_for_and_all_where_nothing_was(
    client: FlaskClient, typed: str, kept: int, told: str
) -> None:
    choose(client, copies=3)
    shown = client.get("/commande/").text
    assert (Page(shown).fields["copies-0"], summary(shown)) == ("3", ["3 exemplaires de chaque numéro"])

    answer = client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": typed})

    assert answer.status_code == 303
    assert copies() == [kept]
    mail = db.session.scalars(sa.select(OutgoingMail).where(OutgoingMail.template == "checkout/order_placed")).one()
    for text in (client.get(answer.location).text, mail.text, mail.html):
        assert re.findall(r"(\d exemplaires?) de chaque numéro", text) == ([told])


@pytest.mark.parametrize("typed", ["0", "4", "-1"])
def test_more_than_the_plan_has_is_told_beside_the_field_and_keeps_the_rest(client: FlaskClient, typed: str) -> None:
    choose(client, copies=3)

    answer = client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": typed})

    assert answer.status_code == 422
    assert '<li><a href="#copies-0">De 1 à 3 exemplaires.</a></li>' in answer.text
    assert Page(answer.text).fields["copies-0"] == typed
    assert copies() == []


def test_what_is_no_number_is_told_in_words(client: FlaskClient) -> None:
    choose(client, copies=3)

    answer = client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": "deux"})

    assert answer.status_code == 422
    assert "Écrivez un nombre entier" in answer.text


def test_the_number_lasts_through_an_error_elsewhere_and_stands_in_the_summary(client: FlaskClient) -> None:
    choose(client, copies=3)

    answer = client.post("/commande/", data={**MANDAT, **BUYER, "email": "", "copies-0": "2"})

    assert answer.status_code == 422
    assert Page(answer.text).fields["copies-0"] == "2"
    assert summary(answer.text) == ["2 exemplaires de chaque numéro"]


def test_each_plan_of_several_copies_is_asked_by_its_name(client: FlaskClient) -> None:
    choose(client, copies=3, name="Abonnement trois")
    choose(client, copies=1)
    choose(client, copies=5, name="Abonnement cinq")
    asked = re.findall(r'<label for="copies-\d">(.*?)</label>', client.get("/commande/").text)
    assert [label.rpartition(" ")[2] for label in asked] == ["trois", "cinq"]

    client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": "2", "copies-1": "4"})

    assert copies() == [2, 1, 4]


@pytest.mark.parametrize("plan", [{"copies": 1}, {"copies": 3, "edition": Edition.DIGITAL}])
def test_where_there_is_nothing_to_choose_nothing_is_asked_nor_heard(
    client: FlaskClient, plan: dict[str, object]
) -> None:
    made = choose(client, **plan)
    assert "copies-0" not in client.get("/commande/").text

    client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": "1"})

    assert copies() == [made.copies]


def test_the_choice_lasts_through_a_quote(client: FlaskClient) -> None:
    choose(client, copies=3)
    made = client.post("/commande/", data={**MANDAT, **BUYER, "copies-0": "2", "quote": "1"})

    assert client.post(made.location, data={"commitment_number": "EJ-2026-0999"}).status_code == 303

    assert copies() == [2]


@pytest.mark.parametrize(
    ("sent_as", "status", "kept"),
    [("application/x-www-form-urlencoded", 303, [2]), ("multipart/form-data", 413, [])],
)
def test_thousands_of_numbers_that_nobody_asked_for_are_nobodys(
    client: FlaskClient, sent_as: str, status: int, kept: list[int]
) -> None:
    """A form in parts has a thousand at most; one in a line is as long as any request."""
    choose(client, copies=3)
    many = {"copies-0": "2", "copies-²": "1"} | {f"copies-{number}": "1" for number in range(1, 3000)}

    answer = client.post("/commande/", data={**MANDAT, **BUYER, **many}, content_type=sent_as)

    assert answer.status_code == status
    assert copies() == kept
