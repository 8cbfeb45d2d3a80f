"""Codes typed on the registration page and at the checkout."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.promotions.models import PromoCode
from eventsapp.promotions.statuses import PromoKind
from eventsapp.study_days import queries as study_days
from tests.checkout.web.sending import SAME_SITE, count, open_day, send, the_order
from tests.support.makers.promotions import make_code
from tests.support.makers.subscriptions import make_plan
from tests.support.pages import Page
from tests.support.queries import counting_queries

BUYER = {
    "submission": "un-jeton-du-formulaire", "first_name": "Dominique", "last_name": "Martin",
    "email": "dm@ville-exemple.fr", "accept_terms": "y",
}  # fmt: skip


def test_the_discount_is_shown_before_the_order_is_placed(client: FlaskClient) -> None:
    make_code()

    page = send(client, open_day(), promo_code="bienvenue", apply_code="1")

    assert page.status_code == 200
    assert "−124,20\u00a0€" in page.text
    assert 'data-total="496,80\u00a0€"' in page.text
    assert count(Order) == 0


def test_the_order_has_the_discount_that_was_shown(client: FlaskClient) -> None:
    make_code()

    assert send(client, open_day(), promo_code="bienvenue").status_code == 303

    order = the_order()
    assert (order.total_cents, db.session.scalars(sa.select(PromoCode.uses_count)).one()) == (49680, 1)
    page = client.get(f"/commandes/{order.reference}/{order.secret}/")
    assert "−124,20\u00a0€" in page.text


@pytest.mark.parametrize("more", [{}, {"apply_code": "1"}])
def test_a_wrong_code_is_told_at_the_field_and_nothing_is_lost(client: FlaskClient, more: dict[str, Any]) -> None:
    page = send(client, open_day(), promo_code="inconnu", **more)

    fields = Page(page.text).fields
    assert (fields["promo_code"], fields["attendees-0-last_name"]) == ("inconnu", "Roux")
    assert page.text.count("Ce code promotionnel n’existe pas") >= 2
    assert 'id="promo_code-error"' in page.text
    assert count(Order) == 0


def test_the_running_total_says_what_is_wrong_with_a_code(client: FlaskClient) -> None:
    day = open_day()
    make_code(uses_limit=1, uses_count=1)

    summary = client.post(
        f"/journees/{day.slug}/inscription/total/", data={"attendees-0-rate": "standard", "promo_code": "BIENVENUE"}
    )

    assert "a déjà servi autant de fois que prévu" in summary.text
    assert 'data-total="621,00\u00a0€"' in summary.text


def test_a_free_order_asks_for_no_payment(client: FlaskClient) -> None:
    make_code(kind=PromoKind.FREE, value=0)
    day = open_day()
    code = {"promo_code": "BIENVENUE", "payment_method": "", "siret": "", "organisation": ""}

    page = send(client, day, code, apply_code="1")
    assert "Le code prend tout en charge" in page.text
    assert 'name="payment_method"' not in page.text

    assert send(client, day, code).status_code == 303
    order = the_order()
    assert (order.status.value, order.payment_status.value, order.total_cents) == ("confirmed", "none", 0)


def test_a_code_is_typed_at_the_checkout_of_a_basket(client: FlaskClient) -> None:
    make_code(kind=PromoKind.AMOUNT, value=900)
    client.post(f"/panier/abonnements/{make_plan().slug}/", headers=SAME_SITE)
    form = BUYER | {"promo_code": "Bienvenue", "payment_method": "transfer"}

    assert 'data-total="120,00\u00a0€"' in client.post("/commande/", data=form | {"apply_code": "1"}).text
    assert client.post("/commande/", data=form).status_code == 303
    assert the_order().total_cents == 12000


def test_a_code_costs_the_page_as_many_queries_whatever_it_is_for(client: FlaskClient) -> None:
    day = open_day(slug="angers")
    make_code("UNE", for_everything=False, days=[day])
    make_code("TROIS", for_everything=False, days=[day, open_day(slug="lyon"), open_day(slug="nantes")])
    seen = set()
    for word in ("UNE", "TROIS"):
        db.session.expunge_all()
        again = study_days.shown_day("angers")
        assert again is not None
        with counting_queries() as queries:
            send(client, again, promo_code=word, apply_code="1")
        seen.add(queries())
        print(
            word,
            *[
                q[:90].replace("\n", " ") + " … " + q[q.find("FROM") :][:50].replace("\n", " ")
                for q in queries.statements
            ],
            sep="\n",
        )

    assert len(seen) == 1
