"""Money that went again: what it opened is closed, what it settled is open, and nothing still says that it is there."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.checkout import service as checkout
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.dunning import queries as dunning
from eventsapp.mail.models import OutgoingMail
from eventsapp.mandats import queries as mandats
from eventsapp.mandats.gateway import ByHand
from eventsapp.mandats.statuses import MandatStatus
from eventsapp.mandats.values import Codes, PurchaseOrder
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.payments.models import Payment
from eventsapp.payments.queries import journal_problems
from eventsapp.receipts import service as receipts
from eventsapp.receipts.errors import NotReversible
from eventsapp.registrations import queries as registrations
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import PRIVATE, move, pay
from tests.support.invariants import broken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, hold, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")
TODAY = NOW.date()


@pytest.fixture
def accountant(transaction: None) -> User:
    return make_user(RoleName.ACCOUNTANT)


def reverse(payment: Payment | None, actor: User) -> None:
    assert payment is not None
    with unit_of_work.transaction():
        receipts.reverse(payment.id, reversed_on=TODAY, reason="sans provision", actor=actor, now=NOW)


def paid_without_a_seat(actor: User) -> tuple[Order, Payment]:
    """Return an order whose money came after its seat was sold again."""
    day = make_study_day(capacity=1)
    late = place(seats(day), payment_method="card")
    then = NOW + timedelta(minutes=30)
    checkout.expire_due(now=then)
    place(seats(day, an_attendee(2)), now=then)
    money = MoneyReceived(method="cheque", amount_cents=62100, reference="1")
    with unit_of_work.transaction():
        payment = checkout.settle(late.id, money, received_on=TODAY, now=then, actor=actor)
    assert payment is not None
    assert late.paid_without_seat
    return late, payment


def test_a_bounced_cheque_leaves_nothing_to_give_back(accountant: User) -> None:
    order, payment = paid_without_a_seat(accountant)

    with unit_of_work.transaction():
        receipts.reverse(payment.id, reversed_on=TODAY, reason="x", actor=accountant, now=NOW + timedelta(hours=1))

    assert (order.paid_cents, order.paid_without_seat) == (0, False)


def test_money_moved_away_leaves_nothing_to_give_back(accountant: User) -> None:
    order, _payment = paid_without_a_seat(accountant)

    move(
        order, place(seats(make_study_day()), payment_method="cheque"), 62100, accountant, now=NOW + timedelta(hours=1)
    )

    assert (order.paid_cents, order.paid_without_seat) == (0, False)


def stand(order: Order, status: MandatStatus, actor: User) -> None:
    """Take the dossier of an order as far as ``status``."""
    codes = Codes(siret=SIRET, service_code="FINANCES", commitment_number="EJ-2026-0417")
    with unit_of_work.transaction():
        if status is not MandatStatus.AWAITED:
            checkout.complete_mandat(order.id, codes=codes, brought=PurchaseOrder(number="BC-1"), now=NOW)
        if status is MandatStatus.SERVICE_DONE:
            for day in registrations.days_of_order(order.id):
                hold(day)
            checkout.move_mandat(order.id, MandatStatus.SERVICE_DONE, actor=actor, now=NOW)
        if status in {MandatStatus.DEPOSITED, MandatStatus.REJECTED}:
            checkout.deposit_mandat(order.id, ByHand(number="CPP-1", deposited_on=TODAY), actor=actor, now=NOW)
    if status is MandatStatus.REJECTED:
        with unit_of_work.transaction():
            checkout.reject_mandat(order.id, reason="Engagement inconnu", actor=actor, now=NOW)


@pytest.mark.parametrize("status", [one for one in MandatStatus if one is not MandatStatus.PAID])
def test_a_dossier_that_was_paid_stands_again_where_it_stood(accountant: User, status: MandatStatus) -> None:
    order = place(seats(make_study_day()))
    stand(order, status, accountant)
    payment = pay(order, 62100, reference="VIR")
    dossier = mandats.of_order(order.id)
    assert dossier is not None
    assert dossier.status is MandatStatus.PAID

    reverse(payment, accountant)

    db.session.expire_all()
    assert (dossier.status, dossier.paid_at, order.payment_status) == (status, None, PaymentStatus.DUE)


def test_a_dossier_is_open_again_when_its_money_is_another_orders(accountant: User) -> None:
    order, other = place(seats(make_study_day())), place(seats(make_study_day()))
    pay(order, 62100, reference="VIR")

    move(order, other, 62100, accountant)

    db.session.expire_all()
    dossiers = [mandats.of_order(one.id) for one in (order, other)]
    assert [one and one.status for one in dossiers] == [MandatStatus.AWAITED, MandatStatus.PAID]


def test_a_subscription_whose_money_is_moved_is_suspended_and_its_buyer_told(accountant: User) -> None:
    source, target = (place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE) for _each in range(2))
    pay(source, 12900, reference="1")
    (contract,) = subscriptions.contracts_of_order(source.id)
    ends_on = contract.ends_on

    move(source, target, 12900, accountant)

    db.session.expire_all()
    assert (contract.status, contract.is_suspended, contract.ends_on) == (ContractStatus.PENDING, True, ends_on)
    told = db.session.scalars(
        sa.select(OutgoingMail.text).where(OutgoingMail.template == "checkout/access_suspended")
    ).one()
    assert "suspendu jusqu’au règlement" in told


def test_money_moved_from_a_card_order_is_due_at_once(accountant: User) -> None:
    source, target = place(seats(make_study_day()), payment_method="card"), place(seats(make_study_day()))
    pay(source, 62100, gateway_reference="pi_1")

    move(source, target, 62100, accountant)

    db.session.expire_all()
    assert (source.status, source.due_on) == (OrderStatus.CONFIRMED, date(2026, 11, 23))
    claim = dunning.claim_of(source.id)
    assert claim is not None
    assert claim.owed_cents == 62100


def test_a_cheque_bounces_although_part_of_it_was_given_back(accountant: User) -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    payment = pay(order, 62100, reference="1")
    with unit_of_work.transaction():
        checkout.refund_by_hand(
            order.id, amount_cents=5000, refunded_on=TODAY, reason="Geste", actor=accountant, now=NOW
        )

    reverse(payment, accountant)

    # The gesture is owed as well.
    assert (order.paid_cents, order.refunded_cents, order.balance_cents) == (0, 5000, 67100)
    assert journal_problems() == broken() == []


def test_a_cheque_does_not_bounce_while_its_money_is_elsewhere(accountant: User) -> None:
    source, target = (place(seats(make_study_day()), payment_method="cheque") for _each in range(2))
    payment = pay(source, 62100, reference="1")
    move(source, target, 1, accountant)

    with pytest.raises(NotReversible):
        reverse(payment, accountant)
