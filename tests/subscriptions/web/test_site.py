"""The plans on offer, for visitors."""

from flask.testing import FlaskClient

from tests.support.makers.subscriptions import make_plan


def test_plans_on_offer_are_shown_in_their_order_with_their_price(client: FlaskClient) -> None:
    make_plan(name="Collectivité", price_cents=34900, position=2)
    make_plan(name="Individuel", price_cents=12900, position=1)
    make_plan(name="Ancienne formule", published=False)

    text = client.get("/abonnements/").text

    assert text.index("Individuel") < text.index("Collectivité")
    assert "129" in text
    assert "349" in text
    assert "Ancienne formule" not in text


def test_a_plan_has_its_page_while_it_is_on_offer(client: FlaskClient) -> None:
    make_plan(slug="individuel", name="Individuel", summary="Onze numéros par an.")
    make_plan(slug="ancienne", published=False)

    assert "Onze numéros par an." in client.get("/abonnements/individuel/").text
    assert client.get("/abonnements/ancienne/").status_code == 404
    assert client.get("/abonnements/inconnue/").status_code == 404


def test_of_a_subscription_no_way_to_pay_speaks_of_seats(client: FlaskClient) -> None:
    make_plan(slug="individuel")

    for address in ("/abonnements/", "/abonnements/individuel/"):
        shown = client.get(address).text
        assert "Les places" not in shown
        assert "L’abonnement commence dès la commande." in shown
        assert "L’abonnement commence quand le règlement arrive." in shown
        assert "Seats" not in client.get(f"/en{address}").text
