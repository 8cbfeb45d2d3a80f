"""Paying by card from the form and from the order’s page."""

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.study_days.models import StudyDay
from tests.checkout.web.sending import open_day, send, the_order


def by_card(client: FlaskClient, day: StudyDay) -> TestResponse:
    return send(client, day, {"payment_method": "card", "siret": "", "organisation": ""})


def test_a_card_order_leads_straight_to_the_payment_page(client: FlaskClient, sandbox: RunningSandbox) -> None:
    answer = by_card(client, open_day())

    assert answer.status_code == 303
    assert answer.location.startswith(sandbox.url)
    assert the_order().status is OrderStatus.PENDING


def test_a_silent_stripe_loses_nothing_and_the_order_page_offers_to_try_again(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    sandbox.turn(reset_next=5)

    answer = by_card(client, open_day())

    order = the_order()
    assert answer.location == f"/commandes/{order.reference}/{order.secret}/"
    assert "ne payez pas une seconde fois" in client.get(answer.location).text
    sandbox.turn(reset_next=0)
    first, second = (client.post(f"{answer.location}payer/").location for _ in range(2))
    assert first.startswith(sandbox.url)
    assert first == second
    assert len(sandbox.objects("checkout.session")) == 1


def test_a_buyer_who_comes_back_before_the_message_may_have_it_checked(
    client: FlaskClient, sandbox: RunningSandbox
) -> None:
    payment_page = by_card(client, open_day()).location
    order = the_order()
    address = f"/commandes/{order.reference}/{order.secret}/"
    landing = buyer.pay(payment_page, card=buyer.ACCEPTED)
    assert landing.location == f"http://localhost{address}?retour=carte"
    assert "Nous attendons la confirmation" in client.get(f"{address}?retour=carte").text

    assert client.post(f"{address}verifier/").status_code == 303

    assert (the_order().status, the_order().payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert "Tout est réglé" in client.get(address).text


def test_a_paid_order_cannot_be_paid_again(client: FlaskClient, sandbox: RunningSandbox) -> None:
    payment_page = by_card(client, open_day()).location
    buyer.pay(payment_page, card=buyer.ACCEPTED)
    order = the_order()
    address = f"/commandes/{order.reference}/{order.secret}/"
    client.post(f"{address}verifier/")

    assert client.post(f"{address}payer/").location == address
    assert "ne se règle pas, ou plus, par carte" in client.get(address).text
