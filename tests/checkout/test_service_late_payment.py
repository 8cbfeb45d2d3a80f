"""A hold ends, its seat is sold again, and then its money comes: whoever is late has no seat, and is given it back.

The rival acts exactly in the gap, by a hook: after Stripe said that the page is paid, or after the late order is held
and right before its seat is taken.
"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.demo.sandbox import RunningSandbox, buyer
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.orders.values import Buyer
from eventsapp.payments import gateway
from eventsapp.payments import queries as payments
from eventsapp.payments.values import CardPayment
from eventsapp.study_days import queries as study_days
from eventsapp.study_days import service as study_days_service
from eventsapp.study_days.errors import SoldOut
from eventsapp.study_days.models import StudyDay
from tests.support.at_once import committing_app
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user, sign_in
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.payments import card_order
from tests.support.makers.study_days import make_study_day

NOW = datetime.now(UTC)
#: After the hold, and after the patience that Stripe's silence is given.
WELL_OVER = NOW + timedelta(minutes=46)
A_SECOND_LATER = WELL_OVER + timedelta(seconds=1)
SILENT = 99
RIVAL = Buyer(email="rivale@exemple.fr", first_name="Ana", last_name="Rivale")


def told(order: Order) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(OutgoingMail.template).where(OutgoingMail.subject_id == order.id).order_by(OutgoingMail.id)
        )
    )


def require_one_seat(late: Order, rival: Order) -> None:
    """Require that the rival has the only seat, and that the late one's money is there to be given back."""
    db.session.expire_all()
    assert broken() == []
    assert (rival.status, rival.paid_without_seat) == (OrderStatus.CONFIRMED, False)
    assert (late.status, late.paid_cents, late.paid_without_seat) == (OrderStatus.EXPIRED, 62100, True)
    assert late.returnable_cents == 62100
    assert db.session.scalars(sa.select(StudyDay.seats_taken)).all() == [1]
    # Its end, and its money that came too late.
    assert told(late)[-2:] == ["checkout/order_expired", "checkout/payment_received"]


def require_listed(client: FlaskClient, late: Order) -> None:
    """Require that the office sees what waits, and what is to be done about it."""
    for tab in ("a-traiter", "a-rembourser"):
        assert late.reference in client.get(f"/organisation/commandes/?etat={tab}").text
    page = client.get(f"/organisation/commandes/{late.reference}/").text
    assert "quand il ne restait plus de place" in page
    assert "remboursez-le" in page
    assert f"/organisation/commandes/{late.reference}/remboursement/" in page


def test_while_stripe_answers_the_hold_ends_and_the_seat_is_sold(
    client: FlaskClient, sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, make_user(RoleName.ACCOUNTANT))
    day = make_study_day(slug="angers", capacity=1, starts_at=NOW + timedelta(days=60))
    late = card_order(day, now=NOW)
    late_id = late.id
    (page,) = payments.card_sessions_of(late_id)
    sandbox.pay(page.session_id or "", card=buyer.ACCEPTED)
    rivals: list[Order] = []
    ask = gateway.look_up

    def sold_meanwhile(session_id: str) -> CardPayment:
        paid = ask(session_id)
        # Stripe does not say at the end of the hold that it was paid: patience ends as well.
        sandbox.turn(reset_next=SILENT)
        assert checkout.expire_due(now=WELL_OVER) == 1
        sandbox.turn(reset_next=0)
        rivals.append(place(seats(day, an_attendee(2)), buyer=RIVAL, now=WELL_OVER))
        return paid

    monkeypatch.setattr(gateway, "look_up", sold_meanwhile)

    checkout.ask_gateway(late_id, now=A_SECOND_LATER)

    require_one_seat(late, rivals[0])
    require_listed(client, late)


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context(), writing():
            make_user(RoleName.ACCOUNTANT, email="comptable@exemple.fr")
            make_study_day(slug="angers", capacity=1, starts_at=NOW + timedelta(days=60))
            db.session.remove()
        yield app


@pytest.mark.writers_at_once
def test_who_wants_its_seat_right_before_it_is_taken_again_waits(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The late order holds its day by then: whoever buys waits for it, and finds none left."""
    take, asked, refused = study_days_service.take_seats, threading.Event(), list[SoldOut]()

    def a_day() -> StudyDay:
        found = study_days.any_day("angers")
        assert found is not None
        return found

    def buy() -> None:
        with served.app_context():
            try:
                place(seats(a_day(), an_attendee(2)), buyer=RIVAL, now=WELL_OVER)
            except SoldOut as refusal:
                refused.append(refusal)
            db.session.remove()

    rival = threading.Thread(target=buy)

    def take_before_the_rival(day: StudyDay, *, count: int) -> None:
        if not asked.is_set():
            asked.set()
            rival.start()
            rival.join(1)
            assert rival.is_alive()
        take(day, count=count)

    with served.app_context(), writing():
        late_id = place(seats(a_day()), payment_method="card", now=NOW).id
        assert checkout.expire_due(now=WELL_OVER) == 1
        db.session.remove()
        monkeypatch.setattr(study_days_service, "take_seats", take_before_the_rival)
        money = MoneyReceived(method="transfer", amount_cents=62100, reference="VIR")
        with unit_of_work.transaction():
            checkout.settle(late_id, money, received_on=NOW.date(), now=A_SECOND_LATER)

        rival.join(20)
        late = db.session.get_one(Order, late_id)
        assert (late.status, late.paid_without_seat) == (OrderStatus.CONFIRMED, False)
        assert len(refused) == 1
        assert db.session.scalar(sa.select(sa.func.count()).where(Order.email == RIVAL.email)) == 0
        assert a_day().seats_taken == 1
        db.session.remove()
