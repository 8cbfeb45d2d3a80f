"""Money that arrives, holds that run out, orders cancelled and refunded; without the gateway."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.errors import IllegalTransition
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing, Buyer
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.checkout.looking import PRIVATE, mails, pay, statuses, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_request, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def test_a_payment_in_full_confirms_a_held_order() -> None:
    day = make_study_day()
    order = place(seats(day), payment_method="card")

    pay(order, 62100, gateway_reference="pi_1")

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.PAID)
    assert statuses() == [RegistrationStatus.CONFIRMED]
    assert order.expires_at is None


def test_the_same_gateway_payment_counts_once() -> None:
    order = place(seats(make_study_day()), payment_method="card")

    first = pay(order, 62100, gateway_reference="pi_1")
    again = pay(order, 62100, gateway_reference="pi_1")

    assert first is not None
    assert again is None
    assert order.paid_cents == 62100


def test_partial_full_and_over_payments_are_told_apart() -> None:
    order = place(seats(make_study_day()), payment_method="cheque")

    seen = []
    for cents in (10000, 52100, 100):
        pay(order, cents, reference=f"000{cents}", surely_too_much=True)
        seen.append(order.payment_status)

    assert seen == [PaymentStatus.PART_PAID, PaymentStatus.PAID, PaymentStatus.OVERPAID]


def test_a_subscription_runs_from_its_payment_and_from_the_order_for_a_mandat() -> None:
    cheque = place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    assert [row.status for row in subscriptions.contracts_of_order(cheque.id)] == [ContractStatus.PENDING]

    pay(cheque, 12900, now=NOW + timedelta(days=3))
    (contract,) = subscriptions.contracts_of_order(cheque.id)
    assert (contract.starts_on, contract.ends_on) == (date(2026, 11, 26), date(2027, 11, 25))

    mandat = place(
        subscription(make_plan()), buyer=Buyer(email="lecteur@ville-exemple.fr", first_name="L", last_name="R")
    )
    (contract,) = subscriptions.contracts_of_order(mandat.id)
    assert (contract.status, contract.starts_on) == (ContractStatus.ACTIVE, date(2026, 11, 23))


def test_a_renewal_continues_after_the_present_end() -> None:
    plan = make_plan()
    make_contract("finances@ville-exemple.fr", plan=plan, ends_on=date(2027, 1, 31))

    order = place(subscription(plan))

    (contract,) = subscriptions.contracts_of_order(order.id)
    assert (contract.starts_on, contract.ends_on) == (date(2027, 2, 1), date(2028, 1, 31))


def expire(now: datetime) -> int:
    return checkout.expire_due(now=now)


def test_a_hold_runs_out_and_gives_the_seat_back() -> None:
    day = make_study_day(capacity=1)
    order = place(seats(day), payment_method="card")
    order_id = order.id

    assert expire(NOW + timedelta(minutes=29, seconds=59)) == 0
    assert expire(NOW + timedelta(minutes=30)) == 1
    assert expire(NOW + timedelta(minutes=31)) == 0

    expired = db.session.get_one(Order, order_id)
    assert (expired.status, taken(day), statuses()) == (OrderStatus.EXPIRED, 0, [RegistrationStatus.CANCELLED])
    assert mails()[-1][0] == "checkout/order_expired"


def test_late_money_takes_the_seat_again_while_one_is_left() -> None:
    day = make_study_day(capacity=1)
    order = place(seats(day), payment_method="card")
    expire(NOW + timedelta(minutes=30))

    pay(order, 62100, now=NOW + timedelta(minutes=31), gateway_reference="pi_late")

    assert (order.status, order.paid_without_seat, taken(day)) == (OrderStatus.CONFIRMED, False, 1)
    assert statuses() == [RegistrationStatus.CONFIRMED]


def test_late_money_for_a_seat_that_is_gone_is_kept_and_flagged() -> None:
    day = make_study_day(capacity=1)
    late = place(seats(day), payment_method="card")
    expire(NOW + timedelta(minutes=30))
    place(seats(day, an_attendee(2)), now=NOW + timedelta(minutes=30))

    pay(late, 62100, now=NOW + timedelta(minutes=31), gateway_reference="pi_late")

    assert (late.status, late.payment_status) == (OrderStatus.EXPIRED, PaymentStatus.PAID)
    assert late.paid_without_seat
    assert taken(day) == 1
    subject = db.session.scalar(sa.select(OutgoingMail.subject).order_by(OutgoingMail.id.desc()).limit(1))
    assert subject == f"Commande {late.reference}\u00a0: payée, mais plus de place"


def test_cancelling_gives_seats_and_subscription_back_and_says_what_is_to_be_refunded() -> None:
    day = make_study_day()
    order = place(seats(day), subscription(make_plan()))
    pay(order, 75000)
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêchement", actor=organiser, now=NOW)

    assert (order.status, order.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.OVERPAID)
    assert (taken(day), statuses()) == (0, [RegistrationStatus.CANCELLED])
    assert db.session.scalars(sa.select(Contract.status)).all() == [ContractStatus.CANCELLED]
    text = db.session.scalar(sa.select(OutgoingMail.text).order_by(OutgoingMail.id.desc()).limit(1))
    assert text is not None
    assert "Vous aviez réglé 750,00\u00a0€" in text


def test_an_order_is_cancelled_once() -> None:
    order = place(seats(make_study_day()))
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="A", actor=organiser, now=NOW)

    with pytest.raises(IllegalTransition), unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="B", actor=organiser, now=NOW)


def test_a_refund_cannot_exceed_what_was_paid() -> None:
    order = place(seats(make_study_day()), payment_method="cheque")
    pay(order, 62100)
    accountant = make_user(RoleName.ACCOUNTANT)

    def refund(cents: int) -> None:
        with unit_of_work.transaction():
            checkout.refund_by_hand(
                order.id, amount_cents=cents, refunded_on=NOW.date(), reason="Geste", actor=accountant, now=NOW
            )

    refund(10000)
    seen = [order.payment_status]
    with pytest.raises(Invalid):
        refund(52101)
    refund(52100)
    seen.append(order.payment_status)

    assert seen == [PaymentStatus.PART_REFUNDED, PaymentStatus.REFUNDED]


def test_the_label_of_a_line_says_day_town_date_and_rate() -> None:
    city = make_city("Angers")
    day = make_study_day(title="Mutualiser", city=city)

    order = place(seats(day))

    assert order.lines[0].label == "Mutualiser, Angers, 24\u00a0février 2027 – tarif non-abonné"


def test_an_order_keeps_the_name_of_its_time_when_the_organisation_is_known_by_another() -> None:
    day = make_study_day()
    first = place(seats(day))
    second = place(seats(day, an_attendee(2)), billing=Billing(organisation="Autre nom", siret=SIRET))

    assert (first.organisation_id, first.billing_name) == (second.organisation_id, "Ville d’Exemple")
    assert second.billing_name == "Autre nom"


def test_a_request_is_the_same_whatever_the_spaces_in_its_siret() -> None:
    day = make_study_day()
    first = place(seats(day), billing=Billing(organisation="Ville", siret=SIRET), idempotency_key="k")

    again = place(seats(day), billing=Billing(organisation="Ville", siret="217 500 016 00019"), idempotency_key="k")

    assert again.id == first.id
    assert a_request(seats(day)).payment_method == "mandat"
