"""Asking for a quote, its page, and ordering by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.invoices.models import QuoteRecord
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.organisations.models import Organisation
from eventsapp.registrations.models import Registration
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.web.sending import MANDAT, count, open_day, send, the_order
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import SIRET
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

TODAY = datetime.now(UTC)
ASK = {"quote": "1", "accept_terms": "", "commitment_number": ""}


def the_quote() -> QuoteRecord:
    return db.session.scalars(sa.select(QuoteRecord)).one()


def address(record: QuoteRecord) -> str:
    return f"/devis/{record.reference}/{record.secret}/"


def test_the_form_gives_a_quote_without_terms_seats_or_payment(client: FlaskClient) -> None:
    answer = send(client, open_day(), ASK)

    record = the_quote()
    assert (answer.status_code, answer.location) == (303, address(record))
    page = client.get(answer.location)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "621,00" in page.text
    # Its lines are set as those of an order.
    assert 'class="section summary"' in page.text
    assert record.reference in page.text
    assert (count(Order), count(Registration)) == (0, 0)
    assert db.session.scalars(sa.select(OutgoingMail.template)).all() == ["invoices/quote_made"]


def test_what_is_wrong_is_said_and_no_quote_is_made(client: FlaskClient) -> None:
    answer = send(client, open_day(), ASK | {"attendees-0-email": "claude"})

    assert answer.status_code == 422
    assert "conditions de vente pour commander" not in answer.text
    assert count(QuoteRecord) == 0


def test_the_basket_gives_a_quote_too(client: FlaskClient) -> None:
    plan = make_plan()
    client.post(f"/panier/abonnements/{plan.slug}/", headers={"Sec-Fetch-Site": "same-origin"})
    person = {"first_name": "Claude", "last_name": "Roux", "email": "claude.roux@ville-exemple.fr"}
    form = {name: text for name, text in MANDAT.items() if not name.startswith("attendees")}

    answer = client.post("/commande/", data={**form, **person, "quote": "1", "accept_terms": "", "buyer_attends": ""})

    assert (answer.status_code, answer.location) == (303, address(the_quote()))
    assert the_quote().total_cents == plan.price_cents
    page = client.get(answer.location).text
    assert "places" not in page[page.index("<h1") : page.index("<footer")]


def test_one_click_orders_and_a_second_leads_to_the_same_order(client: FlaskClient) -> None:
    send(client, open_day(), ASK)
    here = address(the_quote())

    first = client.post(here, data={"commitment_number": "EJ-2026-0999"})
    second = client.post(here, data={})

    order = the_order()
    assert (first.status_code, first.location) == (303, f"/commandes/{order.reference}/{order.secret}/")
    assert second.location == first.location
    assert order.commitment_number == "EJ-2026-0999"
    assert "Ce devis est commandé" in client.get(here).text


def test_an_expired_quote_says_so_and_cannot_be_ordered(client: FlaskClient) -> None:
    send(client, open_day(), ASK)
    record = the_quote()
    record.valid_until = TODAY.date() - timedelta(days=1)
    db.session.commit()

    page, answer = client.get(address(record)), client.post(address(record))

    assert "Ce devis n’est plus valable" in page.text
    assert answer.status_code == 409
    assert count(Order) == 0


def test_a_full_day_is_told_and_the_quote_stays(client: FlaskClient) -> None:
    day = open_day(capacity=1)
    send(client, day, ASK)
    record = the_quote()
    day.seats_taken = 1
    db.session.commit()

    answer = client.post(address(record))

    assert answer.status_code == 409
    assert "error-summary" in answer.text
    assert "Commander avec obligation de paiement" in answer.text


def test_a_body_that_wants_a_number_is_asked_for_it_at_the_order_not_at_the_quote(client: FlaskClient) -> None:
    db.session.add(
        Organisation(
            siret=SIRET, name="Ville d’Exemple", requires_commitment_number=True, created_at=TODAY, updated_at=TODAY
        )
    )
    db.session.commit()
    send(client, open_day(), ASK)
    here = address(the_quote())

    without, with_number = client.post(here), client.post(here, data={"commitment_number": "EJ-1"})

    assert (without.status_code, with_number.status_code) == (422, 303)
    assert re.search(r'<a href="#commitment_number">[^<]+engagement', without.text)


def test_the_pdf_is_one_and_the_link_is_private(client: FlaskClient) -> None:
    send(client, open_day(), ASK)
    record = the_quote()

    paper = client.get(f"{address(record)}devis.pdf")

    assert (paper.content_type, paper.data[:5]) == ("application/pdf", b"%PDF-")
    assert client.get(f"/devis/{record.reference}/autre/").status_code == 404
    assert client.get(f"/devis/{record.reference}/autre/devis.pdf").status_code == 404


@pytest.mark.parametrize("quotes", [1, 4])
def test_the_office_lists_quotes_with_the_same_number_of_queries(client: FlaskClient, quotes: int) -> None:
    day = open_day(capacity=20)
    for number in range(quotes):
        send(client, day, ASK | {"attendees-0-last_name": f"Roux{number}"})
    sign_in(client, make_user(RoleName.ORGANISER))

    with counting_queries() as asked:
        page = client.get("/organisation/devis/")

    assert page.text.count("Valable</") >= quotes
    assert asked() <= 6


def test_the_office_makes_a_quote_for_a_customer(client: FlaskClient) -> None:
    day = open_day()
    sign_in(client, make_user(RoleName.ORGANISER))
    form = {name: text for name, text in MANDAT.items() if name not in {"accept_terms", "commitment_number"}}

    choice = client.get("/organisation/devis/nouveau/")
    empty = client.get(f"/organisation/devis/nouveau/journee/{day.slug}/")
    answer = client.post(f"/organisation/devis/nouveau/journee/{day.slug}/", data=form)

    record = the_quote()
    assert (choice.status_code, empty.status_code) == (200, 200)
    assert (answer.status_code, answer.location) == (303, f"/organisation/devis/{record.reference}/")
    assert record.reference in client.get(answer.location).text
    assert client.get(f"/organisation/devis/{record.reference}/devis.pdf").content_type == "application/pdf"


def test_a_day_that_is_called_off_is_not_offered_for_a_quote(client: FlaskClient) -> None:
    held, off = open_day(), open_day()
    off.status = StudyDayStatus.CANCELLED
    db.session.commit()
    sign_in(client, make_user(RoleName.ORGANISER))

    page = client.get("/organisation/devis/nouveau/").text

    assert f"/nouveau/journee/{held.slug}/" in page
    assert f"/nouveau/journee/{off.slug}/" not in page


def test_the_office_makes_a_quote_for_a_subscription(client: FlaskClient) -> None:
    plan = make_plan()
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    person = {"first_name": "Claude", "last_name": "Roux", "email": "claude.roux@ville-exemple.fr"}
    form = {name: text for name, text in MANDAT.items() if "attendees" not in name and name != "buyer_attends"}

    answer = client.post(f"/organisation/devis/nouveau/formule/{plan.slug}/", data=form | person)

    assert answer.status_code == 303
    assert the_quote().total_cents == plan.price_cents
