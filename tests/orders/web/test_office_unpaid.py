"""A subscription begun on a promise that is not kept: what the order's page says, and the two buttons."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core.db import db
from eventsapp.orders.models import Order
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("frozen")

SUSPEND, REOPEN = "Suspendre jusqu’au règlement", "Rouvrir sans attendre le règlement"


@pytest.fixture
def accountant(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def late(*, days: int = 40) -> tuple[Order, Contract, str]:
    """Return a subscription ordered by mandat so many days ago, its contract and its page in the office."""
    order = place(subscription(make_plan()), now=NOW - timedelta(days=days))
    (contract,) = subscriptions.contracts_of_order(order.id)
    return order, contract, f"/organisation/commandes/{order.reference}/"


def status(contract: Contract) -> ContractStatus:
    db.session.expire_all()
    return contract.status


def test_it_is_closed_and_opened_again_by_a_click_each(accountant: FlaskClient) -> None:
    _order, contract, page = late()
    shown = accountant.get(page).text
    assert (SUSPEND in shown, REOPEN in shown) == (True, False)

    answer = accountant.post(f"{page}suspendre-abonnement/")

    assert status(contract) is ContractStatus.PENDING
    shown = accountant.get(answer.location).text
    assert "L’abonnement est suspendu\u202f; l’acheteur en est averti." in shown
    assert (SUSPEND in shown, REOPEN in shown) == (False, True)

    answer = accountant.post(f"{page}rouvrir-abonnement/")

    assert status(contract) is ContractStatus.ACTIVE
    shown = accountant.get(answer.location).text
    assert "L’abonnement est rouvert\u202f; l’acheteur en est averti." in shown
    assert "Abonnement rouvert" in shown
    again = accountant.post(f"{page}rouvrir-abonnement/")
    assert "n’a pas d’abonnement à rouvrir" in accountant.get(again.location).text


def test_the_page_says_when_it_will_close(accountant: FlaskClient) -> None:
    order, _contract, page = late(days=55)
    checkout.suspend_unpaid(now=NOW)
    db.session.expire_all()
    assert order.suspends_on is not None

    assert "Sans règlement, l’abonnement est suspendu le" in accountant.get(page).text


def test_nothing_is_offered_before_the_money_is_due_or_where_there_are_seats_alone(accountant: FlaskClient) -> None:
    _order, _contract, page = late(days=10)
    of_seats = place(seats(make_study_day()), now=NOW - timedelta(days=40))

    for shown in (page, f"/organisation/commandes/{of_seats.reference}/"):
        assert SUSPEND not in accountant.get(shown).text


def test_who_only_edits_sees_no_button(client: FlaskClient) -> None:
    _order, _contract, page = late()
    sign_in(client, make_user(RoleName.EDITOR))

    assert client.get(page).status_code == 403
