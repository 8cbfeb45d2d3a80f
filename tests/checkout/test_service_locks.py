"""Use cases that hold what another wants never wait in a circle: everybody takes locks in one order.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import selectinload

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db, writing
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice
from eventsapp.invoices.service._finish import Made
from eventsapp.invoices.service._finish import _keep as keep_files
from eventsapp.mandats.values import Codes
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments.models import Payment
from eventsapp.payments.queries import journal_problems
from eventsapp.payments.values import Part
from eventsapp.receipts import service as receipts
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.subscriptions.models import Plan
from tests.support.at_once import committing_app
from tests.support.crossing import crossed
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import a_request, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]

#: A public body that ordered nothing yet.
STRANGER = "13002526500013"
TAKES_SEATS = r"UPDATE study_days|FROM study_days .*FOR NO KEY UPDATE"
TAKES_A_NUMBER = r"UPDATE number_series"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_user(RoleName.ADMINISTRATOR, email="comptable@exemple.fr")
            make_study_day(slug="angers", capacity=10)
            make_study_day(slug="brest", capacity=10)
            make_plan(slug="un-an")
            # The body, its reader and the series of the year are known.
            place(seats(_day("brest"), an_attendee(9)), subscription(_plan()))
            db.session.remove()
        yield app


def _day(slug: str) -> StudyDay:
    found = study_days.any_day(slug)
    assert found is not None
    return found


def _plan() -> Plan:
    return db.session.scalars(sa.select(Plan).where(Plan.slug == "un-an")).one()


def _office() -> User:
    return db.session.scalars(sa.select(User).where(User.email == "comptable@exemple.fr")).one()


def _one_transfer_for(order_ids: list[int], cents: int = 62100) -> list[Payment]:
    return receipts.record(
        [Part(order_id=order_id, amount_cents=cents) for order_id in order_ids],
        MoneyReceived(method="transfer", amount_cents=cents * len(order_ids), reference="VIR 1"),
        received_on=NOW.date(),
        actor=_office(),
        now=NOW,
    )


def _made(app: Flask, *requests: Mapping[str, Any], expire: bool = False) -> list[int]:
    with app.app_context(), writing():
        made = [
            place(*wanted["items"](), **{k: v for k, v in wanted.items() if k != "items"}).id for wanted in requests
        ]
        if expire:
            checkout.expire_due(now=NOW - timedelta(hours=1))
        db.session.remove()
    return made


def _states(app: Flask, order_ids: list[int]) -> list[tuple[OrderStatus, PaymentStatus]]:
    with app.app_context():
        rows = db.session.execute(
            sa.select(Order.status, Order.payment_status).where(Order.id.in_(order_ids)).order_by(Order.id)
        ).all()
        assert journal_problems() == []
        db.session.remove()
    return [(status, paid) for status, paid in rows]


def _late_and_not(app: Flask) -> list[int]:
    """Place an order that waits for its money, and one that expired before its money came."""
    (waiting,) = _made(app, {"items": lambda: [seats(_day("brest"), an_attendee(1))], "payment_method": "card"})
    (expired,) = _made(
        app,
        {
            "items": lambda: [seats(_day("angers"), an_attendee(2))],
            "payment_method": "card",
            "now": NOW - timedelta(hours=2),
        },
        expire=True,
    )
    return [waiting, expired]


def _buy_at_angers() -> Order:
    return checkout.place_order(a_request(seats(_day("angers"), an_attendee(5))), now=NOW)[0]


def test_one_transfer_for_several_orders_and_somebody_who_buys(served: Flask) -> None:
    both = _late_and_not(served)

    counted, bought = crossed(
        served,
        (TAKES_SEATS, lambda: len(_one_transfer_for(both))),
        (TAKES_A_NUMBER, lambda: _buy_at_angers().status),
    )

    assert (counted, bought) == (2, OrderStatus.CONFIRMED)
    assert _states(served, both) == [(OrderStatus.CONFIRMED, PaymentStatus.PAID)] * 2


def test_settled_one_after_the_other_they_would_wait_in_a_circle(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = _late_and_not(served)

    def one_by_one(shares: Mapping[int, MoneyReceived], **rest: Any) -> list[Payment]:
        counted = [checkout.settle(order_id, money, **rest) for order_id, money in sorted(shares.items())]
        return [payment for payment in counted if payment is not None]

    monkeypatch.setattr(checkout, "settle_together", one_by_one)
    with served.app_context():
        angers = _day("angers").id
        db.session.remove()

    answers = crossed(
        served,
        (rf"FROM study_days .*FOR NO KEY UPDATE.*: {angers}\b", lambda: len(_one_transfer_for(both))),
        (TAKES_A_NUMBER, lambda: _buy_at_angers().status),
    )

    assert any("deadlock" in str(answer) for answer in answers)


def test_one_transfer_for_two_subscribers_and_one_of_them_who_subscribes_again(served: Flask) -> None:
    readers = [Buyer(email=f"{name}@exemple.fr", first_name=name.title(), last_name="Roux") for name in ("ana", "zoe")]
    both = _made(
        served,
        *(
            {
                "items": lambda: [subscription(_plan())],
                "payment_method": "card",
                "buyer": reader,
                "billing": Billing(),
            }
            for reader in readers
        ),
    )

    def subscribe() -> OrderStatus:
        return checkout.place_order(a_request(subscription(_plan()), buyer=readers[1]), now=NOW)[0].status

    counted, bought = crossed(
        served,
        (r"FROM users.*FOR NO KEY UPDATE.*zoe@", lambda: len(_one_transfer_for(both, 12900))),
        (TAKES_A_NUMBER, subscribe),
    )

    assert (counted, bought) == (2, OrderStatus.CONFIRMED)


def _cancel_as_its_buyer(order_id: int) -> OrderStatus:
    return checkout.cancel_by_buyer(order_id, fee_cents=0, now=NOW).status


def _call_off_angers() -> int:
    return checkout.cancel_day(_day("angers"), note="", actor=_office(), now=NOW)


def test_a_day_called_off_while_a_buyer_cancels(served: Flask) -> None:
    (order_id,) = _made(served, {"items": lambda: [seats(_day("angers"), an_attendee(3))]})

    told, status = crossed(
        served,
        (r"INSERT INTO day_cancellation_items", _call_off_angers),
        (r"UPDATE study_days", lambda: _cancel_as_its_buyer(order_id)),
    )

    assert (told, status) == (2, OrderStatus.CANCELLED)
    with served.app_context():
        assert checkout.cancel_orders_of_days(now=NOW) == 1
        assert _day("angers").seats_taken == 0
        db.session.remove()


def test_with_a_lock_that_keeps_references_out_they_would_wait_in_a_circle(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (order_id,) = _made(served, {"items": lambda: [seats(_day("angers"), an_attendee(3))]})

    def lock_whole(key: int) -> Order:
        statement = sa.select(Order).where(Order.id == key).options(selectinload(Order.lines)).with_for_update()
        return db.session.scalars(statement.execution_options(populate_existing=True)).one()

    monkeypatch.setattr(orders, "lock", lock_whole)

    answers = crossed(
        served,
        (r"INSERT INTO day_cancellation_items", _call_off_angers),
        (r"UPDATE study_days", lambda: _cancel_as_its_buyer(order_id)),
    )

    assert any("deadlock" in str(answer) for answer in answers)


def test_codes_corrected_while_the_same_body_orders_and_another_cancels(served: Flask) -> None:
    corrected, cancelled = _made(
        served,
        {"items": lambda: [seats(_day("brest"), an_attendee(4))]},
        {"items": lambda: [seats(_day("angers"), an_attendee(6))]},
    )

    def correct() -> str:
        codes = Codes(siret=STRANGER, service_code="FINANCES", commitment_number="EJ-1")
        return checkout.complete_mandat(corrected, codes=codes, brought=None, now=NOW).siret

    def order() -> OrderStatus:
        billing = Billing(organisation="État", siret=STRANGER, address="1, rue", postcode="75007", city="Paris")
        return checkout.place_order(a_request(seats(_day("angers"), an_attendee(7)), billing=billing), now=NOW)[
            0
        ].status

    answers = crossed(
        served,
        (r"INSERT INTO organisations", correct),
        (TAKES_SEATS, order),
        (TAKES_A_NUMBER, lambda: _cancel_as_its_buyer(cancelled)),
    )

    assert answers == [STRANGER, OrderStatus.CONFIRMED, OrderStatus.CANCELLED]


def test_codes_brought_while_the_office_bills_the_same_order_to_the_same_new_body(served: Flask) -> None:
    (order_id,) = _made(served, {"items": lambda: [seats(_day("brest"), an_attendee(4))]})
    with served.app_context():
        (invoice,) = invoices.of_order(order_id)
        seen = invoice.number
        db.session.remove()
    billing = Billing(
        organisation="État", siret=STRANGER, address="1, rue", postcode="75007", city="Paris",
        service_code="FINANCES", commitment_number="EJ-1",
    )  # fmt: skip

    def bring() -> str:
        codes = Codes(siret=STRANGER, service_code="FINANCES", commitment_number="EJ-1")
        return checkout.complete_mandat(order_id, codes=codes, brought=None, now=NOW).siret

    def bill() -> bool:
        made = checkout.bill_anew(order_id, billing, seen=seen, form_key="a-page", actor=_office(), now=NOW)
        return made is not None

    answers = crossed(
        served,
        (r"INSERT INTO organisations", bring),
        (r"FROM orders .*FOR NO KEY UPDATE", bill),
    )

    assert answers == [STRANGER, True]


def _billed_to(order_id: int, city: str) -> Invoice:
    """Bill an order of a public body anew, to another town."""
    standing = invoices.standing_invoice(order_id)
    order = orders.lock(order_id)
    assert standing is not None
    billing = replace(orders.billing_of(order), city=city)
    made = checkout.bill_anew(
        order_id, billing, seen=standing.number, form_key=f"a-page-{city}", actor=_office(), now=NOW
    )
    assert made is not None
    return made


def _finish(invoice_id: int, number: str) -> int:
    """Keep the files of an invoice, as the worker does once they are made."""
    made = Made(invoice_id=invoice_id, number=number, xml=b"<xml/>", pdf=b"%PDF-1.7", problems=())
    return keep_files(made, now=NOW)


@pytest.mark.parametrize("which", ["credit note", "invoice"])
def test_an_order_billed_anew_once_more_while_the_files_of_the_first_time_are_kept(served: Flask, which: str) -> None:
    (order_id,) = _made(served, {"items": lambda: [seats(_day("brest"), an_attendee(4))]})
    with served.app_context():
        with unit_of_work.transaction():
            made = _billed_to(order_id, "Quimper")
        main = (made.id, made.number)
        note = db.session.execute(sa.select(Invoice.id, Invoice.number).where(Invoice.told_with_id == made.id)).one()
        if which == "invoice":
            with unit_of_work.transaction():
                assert _finish(*note) == 1
        db.session.remove()

    finished, billed = crossed(
        served,
        # Before all of them are held; who held one alone would write it here.
        (
            r"UPDATE invoices|FROM invoices .*invoices.order_id = .*FOR UPDATE",
            lambda: _finish(*(note if which == "credit note" else main)),
        ),
        (TAKES_A_NUMBER, lambda: _billed_to(order_id, "Rennes").number),
    )

    assert (finished, billed) == (1, "F-2026-00004")
    with served.app_context():
        for paper in [(row.id, row.number) for row in invoices.of_order(order_id)]:
            with unit_of_work.transaction():
                _finish(*paper)
        rows = db.session.execute(sa.select(Invoice.sent_at, Invoice.told_with_id).where(Invoice.order_id == order_id))
        told = rows.all()
        found = invoices.by_number(str(billed))
        assert found is not None
        assert all(sent_at for sent_at, _with in told)
        assert {told_with for _at, told_with in told if told_with} == {found.id}
        db.session.remove()
