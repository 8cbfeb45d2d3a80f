"""Subscriptions on the page of an order: bought, offered, renewed, and paid twice."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.orders.models import Order
from tests.checkout.looking import PRIVATE, pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import a_gift, a_renewal, place, subscription
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import counting_queries

pytestmark = pytest.mark.usefixtures("frozen")


def page_of(client: FlaskClient, order: Order) -> str:
    return client.get(f"/commandes/{order.reference}/{order.secret}/").text


def test_a_gift_leads_to_its_card_and_follow_up(client: FlaskClient) -> None:
    order = place(a_gift(make_plan(), recipient_email=""), payment_method="card", billing=PRIVATE)
    pay(order, order.total_cents)

    page = page_of(client, order)

    assert "Votre cadeau est prêt" in page
    assert "offert à Claude Roux" in page
    assert page.count("Carte et suivi") == 2


def test_a_renewal_paid_after_another_says_that_its_money_comes_back(client: FlaskClient) -> None:
    contract = make_contract("lectrice@exemple.fr")
    orders = [place(a_renewal(contract), payment_method=method, billing=PRIVATE) for method in ("card", "cheque")]
    for order in orders:
        pay(order, order.total_cents)

    first, second = (page_of(client, order) for order in orders)

    assert "Payée, mais annulée" in second
    assert "Nous vous remboursons 129,00\u00a0€" in second
    assert "déjà renouvelé par une autre commande" in second
    assert "Tout est réglé" in first
    assert "renouvellement" in first


@pytest.mark.parametrize(("gift", "told"), [(True, "Le cadeau à Claude Roux est retiré"), (False, "s’arrête aussitôt")])
def test_the_office_is_told_what_cancelling_ends(client: FlaskClient, gift: bool, told: str) -> None:
    plan = make_plan()
    order = place(a_gift(plan) if gift else subscription(plan), payment_method="mandat")
    sign_in(client, make_user(RoleName.ORGANISER))

    assert told in client.get(f"/organisation/commandes/{order.reference}/annuler/").text
    assert "/organisation/abonnes/" in client.get(f"/organisation/commandes/{order.reference}/").text


@pytest.mark.parametrize("count", [3, 19])
def test_many_gifts_ask_no_more_queries_than_few(client: FlaskClient, count: int) -> None:
    plan = make_plan()
    gifts = [a_gift(plan, recipient_email=f"lecteur{number}@exemple.fr") for number in range(count)]
    order = place(*gifts, payment_method="mandat")

    with counting_queries() as asked:
        page_of(client, order)
    assert asked() <= 14


@pytest.mark.parametrize(
    ("gift", "french", "called"),
    [
        (False, "Abonnement Numérique", "Subscription: Digital"),
        (True, "Abonnement Numérique, offert", "Subscription: Digital, a gift"),
    ],
)
def test_an_english_page_calls_the_plan_by_its_english_name(
    client: FlaskClient, gift: bool, french: str, called: str
) -> None:
    plan = make_plan(name="Numérique", name_en="Digital")
    order = place(a_gift(plan) if gift else subscription(plan), payment_method="card", billing=PRIVATE)

    english = client.get(f"/en/commandes/{order.reference}/{order.secret}/").text

    assert called in english
    assert french not in english
    assert french in page_of(client, order)
