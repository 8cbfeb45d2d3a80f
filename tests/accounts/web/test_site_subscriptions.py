"""A reader's subscriptions on the account's page: each with its kind, its place in the chain, and what is next."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from eventsapp.subscriptions.statuses import ContractKind, ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.subscriptions import make_contract, make_plan
from tests.support.queries import counting_queries

READER = "lectrice@exemple.fr"


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(email=READER))
    return client


def test_the_chain_of_renewals_is_told(reader: FlaskClient) -> None:
    plan = make_plan(name="Numérique")
    first = make_contract(READER, plan=plan)
    second = make_contract(READER, plan=plan, starts_on=date(2027, 6, 1), ends_on=date(2028, 5, 31), renews_id=first.id)

    page = reader.get("/compte/").text

    assert "renouvelé jusqu’au 31\u00a0mai 2028" in page
    assert "à la suite de celui qui finit le 31\u00a0mai 2027" in page
    assert f"/abonnements/renouveler/{second.secret}/" in page
    assert f"/abonnements/renouveler/{first.secret}/" not in page


def test_what_was_given_says_so_and_what_is_cancelled_is_not_renewed(reader: FlaskClient) -> None:
    for kind in (ContractKind.GIFT, ContractKind.COMPLIMENTARY, ContractKind.TRIAL):
        make_contract(READER, kind=kind)
    cancelled = make_contract(READER, status=ContractStatus.CANCELLED)

    page = reader.get("/compte/").text

    for words in ("offert</span>", "offert par la rédaction", "à l’essai", "annulé"):
        assert words in page
    assert cancelled.secret not in page
    assert page.count(">Renouveler</a>") == 3


def test_a_renewal_on_its_way_is_not_asked_for_again(reader: FlaskClient) -> None:
    first = make_contract(READER)
    make_contract(READER, status=ContractStatus.PENDING, starts_on=None, ends_on=None, renews_id=first.id)

    page = reader.get("/compte/").text

    assert "renouvellement commandé" in page
    assert first.secret not in page


@pytest.mark.parametrize("count", [3, 30])
def test_many_subscriptions_ask_no_more_queries_than_few(reader: FlaskClient, count: int) -> None:
    plan = make_plan()
    for _contract in range(count):
        make_contract(READER, plan=plan)

    with counting_queries() as asked:
        reader.get("/compte/")
    assert asked() <= 7
