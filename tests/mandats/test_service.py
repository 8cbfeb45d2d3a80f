"""Reminding of purchase orders, once each."""

from datetime import datetime, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.mandats import mails as dossier_mails
from eventsapp.mandats import service
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders.models import Order
from tests.checkout.looking import mails, pay
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen")
KEPT = Codes(siret=SIRET, service_code="FINANCES", commitment_number="EJ-2026-0417")


def test_the_buyer_is_reminded_once_after_ten_days_and_again_only_when_asked_anew() -> None:
    order, actor = place(seats(make_study_day())), make_user(RoleName.ACCOUNTANT)
    before = len(mails())

    early = service.remind_due(now=NOW + timedelta(days=9, hours=23))
    first = service.remind_due(now=NOW + timedelta(days=10))
    second = service.remind_due(now=NOW + timedelta(days=40))
    with unit_of_work.transaction():
        checkout.complete_mandat(order.id, codes=KEPT, brought=PurchaseOrder(number="BC-FAUX"), now=NOW)
    with unit_of_work.transaction():
        checkout.move_mandat(order.id, MandatStatus.AWAITED, actor=actor, now=NOW + timedelta(days=41))
    third = service.remind_due(now=NOW + timedelta(days=51))

    assert (early, first, second, third) == (0, 1, 0, 1)
    assert mails()[before:].count(("mandats/purchase_order_awaited", "finances@ville-exemple.fr")) == 2


def test_nobody_is_reminded_for_an_order_that_is_cancelled_or_paid() -> None:
    day, actor = make_study_day(), make_user(RoleName.ORGANISER)
    cancelled, paid = place(seats(day)), place(seats(day, an_attendee(2)))
    with unit_of_work.transaction():
        checkout.cancel_order(cancelled.id, reason="Empêchement", actor=actor, now=NOW)
    pay(paid, paid.total_cents)

    assert service.remind_due(now=NOW + timedelta(days=90)) == 0


def test_one_dossier_that_cannot_be_reminded_of_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    day = make_study_day()
    broken, fine = place(seats(day)), place(seats(day, an_attendee(2)))
    write, written = dossier_mails.purchase_order_awaited, list[int]()

    def fails(order: Order, *, now: datetime) -> None:
        if order.id == broken.id:
            raise RuntimeError
        written.append(order.id)
        write(order, now=now)

    monkeypatch.setattr(dossier_mails, "purchase_order_awaited", fails)

    first = service.remind_due(now=NOW + timedelta(days=10))
    monkeypatch.undo()

    assert (first, written) == (1, [fine.id])
    assert service.remind_due(now=NOW + timedelta(days=10)) == 1
