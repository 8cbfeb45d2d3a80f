"""In the office: how far a day called off is, and the terms on which buyers cancel."""

import pytest
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.queries import counting_queries


@pytest.fixture
def administrator(client: FlaskClient, frozen: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ADMINISTRATOR))
    return client


@pytest.mark.parametrize("orders", [1, 12])
def test_a_day_called_off_leads_to_its_progress_in_as_many_queries(administrator: FlaskClient, orders: int) -> None:
    day = make_study_day(city=make_city("Angers"))
    for number in range(orders):
        order = place(seats(day, an_attendee(number)), payment_method="cheque")
        pay(order, 62100, reference=str(number))

    calling_off, progress = (f"/organisation/journees/{day.slug}/{page}/" for page in ("annuler", "annulation"))
    # What this session reads before the request would be undone together with what the request writes.
    db.session.rollback()

    answer = administrator.post(calling_off, data={"confirmation": "Angers"})
    assert (answer.status_code, answer.location) == (303, progress)
    assert f"0 commandes traitées sur {orders}" in administrator.get(progress).text
    checkout.cancel_orders_of_days(now=NOW)

    with counting_queries() as count:
        shown = administrator.get(progress).text

    assert f"{orders} commandes traitées sur {orders}" in shown
    assert shown.count("Réglée autrement que par carte") == orders
    assert count() <= 12
    assert administrator.post(progress).status_code == 303


def test_a_card_that_would_not_be_refunded_is_told_apart(administrator: FlaskClient, sandbox: RunningSandbox) -> None:
    day = make_study_day(city=make_city("Angers"))
    order = place(seats(day), payment_method="card")
    pay(order, order.total_cents, gateway_reference="pi_unknown_to_stripe")
    calling_off, progress = (f"/organisation/journees/{day.slug}/{page}/" for page in ("annuler", "annulation"))
    # What this session reads before the request would be undone together with what the request writes.
    db.session.rollback()
    assert administrator.post(calling_off, data={"confirmation": "Angers"}).status_code == 303
    checkout.cancel_orders_of_days(now=NOW)
    checkout.ask_refunds(now=NOW)

    shown = administrator.get(progress).text

    assert "Le remboursement sur la carte est refusé" in shown
    assert "Réglée autrement que par carte" not in shown
    assert "data-awaiting" not in shown


def test_a_day_that_takes_place_has_no_such_page(administrator: FlaskClient) -> None:
    day = make_study_day()

    assert administrator.get(f"/organisation/journees/{day.slug}/annulation/").status_code == 404


def test_terms_are_edited_for_all_and_for_one_day(administrator: FlaskClient) -> None:
    day = make_study_day()
    common = "/organisation/conditions-d-annulation/"
    own = f"/organisation/journees/{day.slug}/conditions-d-annulation/"
    assert 'value="14"' in administrator.get(common).text

    assert administrator.post(own, data={"steps-0-days": "10", "steps-0-percent": "30"}).status_code == 303
    assert queries.cancellation_steps({day.id}) == {day.id: ((10, 30),)}
    wrong = administrator.post(own, data={"steps-0-days": "10", "steps-0-percent": "101"})
    assert wrong.status_code == 422
    assert 'value="101"' in wrong.text
    assert administrator.post(own, data={"steps-0-days": "", "steps-0-percent": ""}).status_code == 303

    assert queries.cancellation_steps({day.id}) == {day.id: ((14, 0), (2, 50))}
