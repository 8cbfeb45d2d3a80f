"""A SIRET that is known under another name is asked about; the subscriber rate says what a SIRET opens."""

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.organisations.models import Organisation
from eventsapp.study_days.models import Rate
from tests.checkout.web.sending import count, open_day, send, the_order
from tests.support.makers.orders import SIRET
from tests.support.makers.study_days import NOW

DOUBT = "Nous connaissons ce SIRET sous un autre nom"
BOX = 'name="siret_checked"'


def _make_known() -> None:
    """Make a body that ordered before."""
    body = Organisation(siret=SIRET, name="Métropole du Confluent", city="Lyon", created_at=NOW, updated_at=NOW)
    db.session.add(body)
    db.session.commit()


def test_a_siret_known_under_another_name_is_asked_about_without_saying_whose_it_is(client: FlaskClient) -> None:
    _make_known()
    day = open_day()

    asked = send(client, day)
    placed = send(client, day, siret_checked=SIRET)

    assert (asked.status_code, placed.status_code) == (422, 303)
    assert DOUBT in asked.text
    assert BOX in asked.text
    assert "Confluent" not in asked.text
    assert "Lyon" not in asked.text
    order = the_order()
    assert (order.siret, order.billing_name) == (SIRET, "Ville d’Exemple")


def test_the_question_is_asked_anew_for_another_siret_and_for_a_quote_too(client: FlaskClient) -> None:
    _make_known()
    day = open_day()

    other = send(client, day, siret_checked="21690123100011")
    quote = send(client, day, quote="1")

    assert (other.status_code, quote.status_code) == (422, 422)
    assert all(DOUBT in page.text for page in (other, quote))
    assert count(Order) == 0


def test_what_was_said_of_it_stays_said_beside_another_mistake(client: FlaskClient) -> None:
    _make_known()
    day = open_day()

    page = send(client, day, siret_checked=SIRET, city="")
    asked = send(client, day, city="")

    assert (page.status_code, asked.status_code) == (422, 422)
    assert BOX in page.text
    assert "checked" in page.text.split(BOX)[1].split(">")[0]
    # Without it the question comes with the mistake, not after it.
    assert (DOUBT in page.text, DOUBT in asked.text) == (False, True)


@pytest.mark.parametrize("name", ["métropole du  confluent", "Confluent", "Métropole du Confluent – DRH", ""])
def test_who_gives_the_same_name_in_other_words_is_asked_nothing(client: FlaskClient, name: str) -> None:
    _make_known()
    answer = send(client, open_day(), organisation=name)

    assert DOUBT not in answer.text
    assert BOX not in answer.text


def test_a_siret_of_nobody_yet_is_asked_nothing(client: FlaskClient) -> None:
    assert send(client, open_day()).status_code == 303


def test_where_there_is_a_rate_for_subscribers_both_pages_say_what_a_siret_opens(client: FlaskClient) -> None:
    day, other = open_day(), open_day()
    db.session.execute(sa.update(Rate).where(Rate.study_day_id == other.id).values(for_subscribers=False))
    db.session.commit()

    pages = [client.get(f"/journees/{each.slug}/{path}").text for each in (day, other) for path in ("inscription/", "")]

    told = [
        "agents d’un organisme abonné" in page or "pour un organisme abonné, avec son SIRET" in page for page in pages
    ]
    assert told == [True, True, False, False]


def test_beside_the_siret_stands_that_a_way_to_pay_asks_for_it(client: FlaskClient) -> None:
    page = client.get(f"/journees/{open_day().slug}/inscription/").text

    label = page[page.index('<label for="siret"') :]
    assert "selon le règlement" in label[: label.index("</label>")]
