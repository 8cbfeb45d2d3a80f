"""Choosing what of an order is cancelled: by its buyer, and in the office."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.audit.models import AuditEntry
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats, subscription
from tests.support.makers.study_days import make_study_day
from tests.support.makers.subscriptions import make_plan
from tests.support.queries import counting_queries

NOW = datetime.now(UTC)


@pytest.fixture
def order(client: FlaskClient) -> Order:
    """Three people six days before, when half is kept; paid by cheque."""
    day = make_study_day(starts_at=NOW + timedelta(days=6))
    made = place(seats(day, *(an_attendee(number) for number in (1, 2, 3))), payment_method="cheque", now=NOW)
    pay(made, 186300, now=NOW)
    return made


def page_of(order: Order) -> str:
    return f"/commandes/{order.reference}/{order.secret}/annuler-en-partie/"


def office_page_of(order: Order) -> str:
    return f"/organisation/commandes/{order.reference}/annuler-en-partie/"


def ids(order: Order) -> list[int]:
    return [row.id for row in registrations.of_order(order.id)]


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_the_buyer_chooses_sees_what_comes_back_and_does_it_once(client: FlaskClient, order: Order) -> None:
    first, second, _third = ids(order)
    chosen = client.get(page_of(order)).text
    assert chosen.count('type="checkbox"') == 3
    assert "Annuler ces" not in chosen
    shown = client.get(f"{page_of(order)}?seats={first}&seats={second}&voir=1").text
    assert "Claude Roux1, Claude Roux2" in shown
    # Half of two seats is kept, half comes back; the order costs the third seat and the fee.
    assert shown.count("621,00\u00a0€") == 2
    assert "1 242,00\u00a0€".replace(" ", "\u202f") in shown.replace("\u00a0", "\u202f").replace("\u202f€", "\u00a0€")
    data = {"seats": [first, second], "fee_cents": hidden(shown, "fee_cents"), "key": hidden(shown, "key")}

    answers = [client.post(page_of(order), data=data) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    db.session.expire_all()
    assert (order.status, order.credited_cents, order.kept_cents) == (OrderStatus.CONFIRMED, 62100, 62100)
    told = sa.select(sa.func.count()).where(OutgoingMail.template == "checkout/part_cancelled")
    assert db.session.scalar(told) == 1
    page = client.get(f"/commandes/{order.reference}/{order.secret}/").text
    assert "Nous vous rendons 621,00\u00a0€" in page
    assert page.count("place rendue") == 2


def test_the_order_leads_there_where_there_is_something_to_choose(client: FlaskClient, order: Order) -> None:
    alone = place(seats(make_study_day()), payment_method="cheque")

    assert page_of(order) in client.get(f"/commandes/{order.reference}/{order.secret}/").text
    assert page_of(alone) not in client.get(f"/commandes/{alone.reference}/{alone.secret}/").text


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"fee_cents": "0"}, 409, "ont changé"),
        ({"fee_cents": "31050", "seats": []}, 422, "au moins une place"),
        ({"fee_cents": "31050", "seats": ["999999"]}, 409, "déjà annulée"),
        ({"fee_cents": "x"}, 422, "Qui ne viendra pas"),
    ],
)
def test_what_was_not_agreed_to_or_is_gone_is_said_and_changes_nothing(
    client: FlaskClient, order: Order, typed: dict[str, object], status: int, said: str
) -> None:
    answer = client.post(page_of(order), data={"seats": [ids(order)[0]], **typed})

    assert answer.status_code == status
    assert said in answer.text
    db.session.expire_all()
    assert order.credited_cents == 0


def test_choosing_nothing_is_said_beside_the_choice(client: FlaskClient, order: Order) -> None:
    assert 'id="seats-error"' in client.get(f"{page_of(order)}?voir=1").text
    assert client.get(f"{page_of(order)}?seats=²&seats=x&voir=1").status_code == 200


def test_another_s_secret_opens_nothing(client: FlaskClient, order: Order) -> None:
    assert client.get(f"/commandes/{order.reference}/autre/annuler-en-partie/").status_code == 404


def test_the_page_asks_the_same_number_of_queries_for_two_and_for_twenty(client: FlaskClient) -> None:
    counts = []
    for people in (2, 20):
        made = place(seats(make_study_day(), *[an_attendee(number) for number in range(people)]))
        where = f"{page_of(made)}?" + "&".join(f"seats={key}" for key in ids(made)[:-1])
        with counting_queries() as counted:
            client.get(where)
        counts.append(counted())

    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_the_office_ends_a_subscription_without_a_fee_and_writes_why(client: FlaskClient) -> None:
    sign_in(client, make_user(RoleName.ORGANISER))
    order = place(seats(make_study_day()), subscription(make_plan()), payment_method="cheque")
    [contract] = subscriptions.contracts_of_order(order.id)
    shown = client.get(f"{office_page_of(order)}?contracts={contract.id}&free=y&voir=1").text
    assert "129,00\u00a0€" in shown
    data = {"contracts": [contract.id], "free": "y", "fee_cents": "0", "key": hidden(shown, "key")}

    without = client.post(office_page_of(order), data=data)
    done = [client.post(office_page_of(order), data=data | {"reason": "Rétractation"}) for _ in range(2)]

    assert (without.status_code, [answer.status_code for answer in done]) == (422, [303, 303])
    assert "Indiquez le motif" in without.text
    db.session.expire_all()
    assert (contract.status, order.credited_cents) == (ContractStatus.CANCELLED, 12900)
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "orders.cancel_part")).one()
    assert entry.changes["reason"] == "Rétractation"
    page = client.get(f"/organisation/commandes/{order.reference}/").text
    assert "Partie annulée" in page
    assert "Coûte en définitive" in page


def test_the_office_is_offered_what_is_left_and_may_end_the_order_by_it(client: FlaskClient, order: Order) -> None:
    sign_in(client, make_user(RoleName.ORGANISER))
    keys = "&".join(f"seats={key}" for key in ids(order))
    shown = client.get(f"{office_page_of(order)}?{keys}&free=y&voir=1").text
    assert "elle est annulée" in shown
    data = {"seats": ids(order), "free": "y", "fee_cents": "0", "key": hidden(shown, "key"), "reason": "Grève"}

    assert client.post(office_page_of(order), data=data).status_code == 303

    db.session.expire_all()
    assert (order.status, order.overpaid_cents) == (OrderStatus.CANCELLED, 186300)
    assert "Rien de cette commande ne s’annule plus" in client.get(office_page_of(order)).text
