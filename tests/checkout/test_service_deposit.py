"""Deposits on the portal: written down with their cause, made after the commit, tried again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.invoices.models import Invoice
from eventsapp.mandats import gateway, queries
from eventsapp.mandats.errors import IllegalStep, PortalRefusedError, PortalSilentError
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.models import PortalDeposit
from eventsapp.mandats.statuses import DepositState, MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder, Receipt
from eventsapp.orders import service as orders
from eventsapp.orders.models import Order
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen")
TYPED = ByHand(number="CPP-77", deposited_on=NOW.date())


class Portal:
    """A portal that says what it is told to, one answer a deposit, and sees whether a transaction waits for it."""

    def __init__(self, *answers: Receipt | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self.waited = False

    def deposit(self, invoice: Invoice) -> Receipt:
        self.asked.append(invoice.number)
        self.waited |= db.session().in_transaction()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Portal:
    made = Portal()
    monkeypatch.setattr(gateway, "way_of", lambda _deposit: made)
    return made


def received() -> tuple[Order, User]:
    order, actor = place(seats(make_study_day())), make_user(RoleName.ACCOUNTANT)
    codes = Codes(siret=SIRET, service_code="FINANCES", commitment_number="EJ-2026-0417")
    with unit_of_work.transaction():
        checkout.complete_mandat(order.id, codes=codes, brought=PurchaseOrder(number="BC-12"), now=NOW)
    return order, actor


def ask(order: Order, actor: User) -> None:
    with unit_of_work.transaction():
        checkout.deposit_mandat(order.id, TYPED, actor=actor, now=NOW)


def stands(order: Order) -> tuple[Any, ...]:
    db.session.expire_all()
    dossier, asked = queries.of_order(order.id), queries.last_deposit(order.id)
    assert dossier is not None
    assert asked is not None
    return dossier.status, dossier.deposit_number, asked.state, asked.attempts


def test_what_was_deposited_by_hand_is_kept_as_soon_as_it_is_committed() -> None:
    order, actor = received()

    ask(order, actor)

    assert stands(order) == (MandatStatus.DEPOSITED, "CPP-77", DepositState.DONE, 1)
    assert checkout.deposit_due(now=NOW + timedelta(days=1)) == 0


def test_what_is_given_up_before_its_commit_asks_no_portal(portal: Portal) -> None:
    order, actor = received()

    def give_up() -> None:
        with unit_of_work.transaction():
            checkout.deposit_mandat(order.id, TYPED, actor=actor, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up()
    assert portal.asked == []
    assert queries.last_deposit(order.id) is None


def test_a_silent_portal_is_asked_again_later_and_no_transaction_waits_for_it(portal: Portal) -> None:
    order, actor = received()
    portal.answers = [PortalSilentError("délai dépassé"), Receipt(number="CPP-9", deposited_on=NOW.date())]

    ask(order, actor)
    silent = stands(order)
    too_soon = checkout.deposit_due(now=NOW + timedelta(minutes=1))
    later = checkout.deposit_due(now=NOW + timedelta(minutes=2))

    assert silent == (MandatStatus.RECEIVED, "", DepositState.WAITING, 1)
    assert (too_soon, later, portal.waited) == (0, 1, False)
    assert stands(order) == (MandatStatus.DEPOSITED, "CPP-9", DepositState.DONE, 2)


@pytest.mark.parametrize(
    ("answers", "days", "attempts"),
    [
        ([PortalRefusedError("SIRET inconnu")], 0, 1),
        ([PortalSilentError("rien")] * 5, 4, 5),
        ([KeyError("numero")] * 5, 4, 5),
    ],
    ids=["refused", "silent", "unforeseen"],
)
def test_what_the_portal_never_takes_is_shown_and_may_be_asked_anew(
    portal: Portal, answers: list[Exception], days: int, attempts: int
) -> None:
    order, actor = received()
    portal.answers = [*answers, Receipt(number="CPP-2", deposited_on=NOW.date())]

    ask(order, actor)
    for day in range(1, days + 1):
        checkout.deposit_due(now=NOW + timedelta(days=day))

    assert stands(order) == (MandatStatus.RECEIVED, "", DepositState.FAILED, attempts)
    ask(order, actor)
    assert stands(order) == (MandatStatus.DEPOSITED, "CPP-2", DepositState.DONE, 1)


def test_what_goes_wrong_in_a_try_that_another_one_overtook_changes_nothing(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, actor = received()
    portal.answers = [Receipt(number="CPP-1", deposited_on=NOW.date())]
    slow = portal.deposit

    def overtaken(invoice: Invoice) -> Receipt:
        monkeypatch.setattr(portal, "deposit", slow)
        checkout.deposit_due(now=NOW + timedelta(hours=1))
        raise PortalRefusedError("déjà déposée")

    monkeypatch.setattr(portal, "deposit", overtaken)

    ask(order, actor)

    assert stands(order) == (MandatStatus.DEPOSITED, "CPP-1", DepositState.DONE, 2)


def test_while_one_is_on_its_way_nobody_asks_for_another(portal: Portal) -> None:
    order, actor = received()
    portal.answers = [PortalSilentError("rien")]
    ask(order, actor)

    with pytest.raises(IllegalStep):
        ask(order, actor)


def test_an_invoice_that_is_replaced_meanwhile_is_not_taken_for_the_new_one(portal: Portal) -> None:
    order, actor = received()
    portal.answers = [PortalSilentError("rien"), Receipt(number="CPP-1", deposited_on=NOW.date())]
    ask(order, actor)
    billing = orders.billing_of(db.session.get_one(Order, order.id))
    with unit_of_work.transaction():
        moved = {name: getattr(billing, name) for name in billing.__dataclass_fields__} | {"address": "2, quai"}
        checkout.bill_anew(
            order.id, type(billing)(**moved), seen="F-2026-00001", form_key="a-page-of-the-office", actor=actor, now=NOW
        )

    assert checkout.deposit_due(now=NOW + timedelta(hours=1)) == 0
    assert stands(order) == (MandatStatus.RECEIVED, "", DepositState.FAILED, 2)


def test_a_process_that_died_while_trying_leaves_it_to_the_next(portal: Portal) -> None:
    order, actor = received()
    portal.answers = [PortalSilentError("rien"), Receipt(number="CPP-3", deposited_on=NOW.date())]
    ask(order, actor)
    db.session.execute(sa.update(PortalDeposit).values(due_at=NOW + timedelta(minutes=5)))
    db.session.commit()

    assert checkout.deposit_due(now=NOW + timedelta(minutes=4)) == 0
    assert checkout.deposit_due(now=NOW + timedelta(minutes=5)) == 1
