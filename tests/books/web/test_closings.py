"""Closings in the office: what a year would seal, and what it sealed."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from tests.checkout.looking import pay
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import place, seats
from tests.support.makers.study_days import NOW, make_study_day

PAGE = "/organisation/comptabilite/clotures/"


@pytest.fixture
def january() -> Iterator[None]:
    with time_machine.travel(NOW.replace(year=2027, month=1, day=4), tick=False):
        yield


@pytest.fixture
def accountant(client: FlaskClient, january: None) -> FlaskClient:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    return client


def test_without_a_movement_there_is_nothing_to_close(accountant: FlaskClient) -> None:
    assert "Aucun exercice à clôturer" in accountant.get(PAGE).text


def test_a_year_is_shown_closed_once_and_shown_again(accountant: FlaskClient) -> None:
    pay(place(seats(make_study_day()), payment_method="cheque"), 62100)
    page = accountant.get(PAGE).text.replace("\u00a0", " ")
    assert "Clôturer l’exercice 2026" in page
    assert "621,00 €" in page

    assert accountant.post(f"{PAGE}2026/").status_code == 303

    closed = accountant.get(PAGE).text.replace("\u00a0", " ")
    assert "L’exercice 2026 est clos et scellé" in closed
    assert "clos le 4 janvier 2027" in closed
    assert "Clôturer l’exercice" not in closed
    again = accountant.post(f"{PAGE}2026/", follow_redirects=True).text
    assert "Cet exercice est déjà clos" in again


def test_trials_are_closed_apart_while_there_is_nothing_else(accountant: FlaskClient) -> None:
    """So that the demonstration, and who tries things out, see what it is."""
    pay(place(seats(make_study_day()), payment_method="cheque", is_test=True), 62100)
    accountant.post(f"{PAGE}2026/")
    assert "clos le 4 janvier 2027" in accountant.get(PAGE).text.replace("\u00a0", " ")

    pay(place(seats(make_study_day()), payment_method="cheque"), 62100)

    assert "Clôturer l’exercice 2026" in accountant.get(PAGE).text
