"""What consumers may do: withdraw from an order, give notice of a subscription."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotWithdrawable
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.orders.values import Billing
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import Edition
from eventsapp.terms.models import ConsumerSettings
from tests.checkout.looking import PRIVATE, mails, pay
from tests.support.makers.orders import place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client", "frozen")
#: NOW is a Monday; fourteen days later is one, too.
LAST_DAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def digital(client: FlaskClient) -> None:
    make_plan(slug="essai", edition=Edition.DIGITAL)


def subscribed(**values: Any) -> Order:
    plan = make_plan(edition=values.pop("edition", Edition.DIGITAL))
    given: dict[str, Any] = {"payment_method": "cheque", "billing": PRIVATE}
    return place(subscription(plan), **given | values)


def settings(**values: Any) -> None:
    db.session.execute(sa.update(ConsumerSettings).values(**values))
    db.session.commit()


def lines_of(order: Order, *, days: int = 0) -> tuple[list[str], date] | None:
    found = orders.by_reference(order.reference)
    assert found is not None
    withdrawal = checkout.withdrawal_of(found, now=NOW + timedelta(days=days))
    return ([line.label for line in withdrawal.lines], withdrawal.until) if withdrawal else None


def withdraw(order: Order, *, days: int = 0) -> None:
    with unit_of_work.transaction():
        checkout.withdraw(order.id, now=NOW + timedelta(days=days))


def test_a_consumer_has_fourteen_days_and_the_last_of_them_is_one() -> None:
    order = subscribed()

    assert lines_of(order) == ([order.lines[0].label], LAST_DAY)
    assert lines_of(order, days=14) is not None
    assert lines_of(order, days=15) is None


def test_what_is_printed_is_counted_from_its_first_issue() -> None:
    settings(first_issue_days=30)

    found = lines_of(subscribed(edition=Edition.BOTH))

    assert found is not None
    assert found[1] == date(2027, 1, 6)


@pytest.mark.parametrize(
    "values",
    [
        {"payment_method": "mandat", "billing": None},
        {"billing": Billing(organisation="Exemple SA", address="1, rue", postcode="44000", city="Nantes")},
        {"billing": Billing(siret="73282932000074", organisation="SA", address="1, rue", postcode="44000", city="N")},
    ],
)
def test_bodies_and_companies_have_none(values: dict[str, Any]) -> None:
    if values["billing"] is None:
        order = place(subscription(make_plan()), payment_method=values["payment_method"])
    else:
        order = subscribed(**values)

    assert lines_of(order) is None
    with pytest.raises(NotWithdrawable):
        checkout.withdraw(order.id, now=NOW)


def test_a_seat_on_a_date_is_exempt_unless_the_office_says_otherwise() -> None:
    order = place(seats(make_study_day()), payment_method="cheque", billing=PRIVATE)

    exempt = lines_of(order)
    settings(events_exempt=False)

    assert exempt is None
    assert lines_of(order) == ([order.lines[0].label], LAST_DAY)


def test_a_seat_that_is_cancelled_already_is_none_to_withdraw_from() -> None:
    settings(events_exempt=False)
    order = place(seats(make_study_day()), seats(make_study_day()), payment_method="cheque", billing=PRIVATE)
    gone, stays = registrations.of_order(order.id)
    labels = {line.id: line.label for line in order.lines}

    with unit_of_work.transaction():
        checkout.cancel_part(order.id, seat_ids=[gone.id], fee_cents=0, now=NOW)

    assert lines_of(order) == ([labels[stays.order_line_id]], LAST_DAY)


def test_the_withdrawal_is_kept_and_acknowledged_once_with_what_day_and_hour() -> None:
    order = subscribed()

    withdraw(order, days=1)
    withdraw(order, days=2)

    kept = db.session.get_one(Order, order.id, populate_existing=True)
    assert kept.withdrawn_at == NOW + timedelta(days=1)
    assert order.reference in kept.withdrawal
    assert [mail for mail in mails() if mail[0] == "checkout/withdrawal_received"] == [
        ("checkout/withdrawal_received", order.email)
    ]
    text = db.session.scalars(
        sa.select(OutgoingMail.text).where(OutgoingMail.template == "checkout/withdrawal_received")
    ).one()
    assert "24\u00a0novembre 2026" in text
    assert kept.withdrawal in text
    assert lines_of(order, days=2) is None


def test_notice_ends_the_reminders_and_not_what_is_paid() -> None:
    order = subscribed()
    pay(order, order.total_cents)
    (contract,) = subscriptions.contracts_of_order(order.id)

    with unit_of_work.transaction():
        checkout.resign(order.id, contract.id, now=NOW)

    (kept,) = subscriptions.contracts_of_order(order.id)
    assert (kept.resigned_at, kept.reminders, kept.status) == (NOW, False, "active")
    assert ("checkout/notice_received", order.email) in mails()
    with pytest.raises(NotWithdrawable):
        checkout.resign(order.id, contract.id, now=NOW)
