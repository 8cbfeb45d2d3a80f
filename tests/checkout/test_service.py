"""Placing an order: what it records, what it refuses, and the same request again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.checkout.errors import NothingToOrder
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.errors import KeyReused
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing
from eventsapp.payments.errors import MethodUnavailable
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.looking import mails, statuses, taken
from tests.support.makers.orders import SIRET, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")


def test_a_mandat_confirms_the_seats_and_is_due_in_thirty_days() -> None:
    day = make_study_day()

    order = place(seats(day, an_attendee(1), an_attendee(2), an_attendee(3, rate="elected")))

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.DUE)
    assert order.due_on == date(2026, 12, 23)
    assert order.total_cents == 2 * 62100 + 39000
    assert order.vat_cents == 27200
    assert [(line.quantity, line.total_cents) for line in order.lines] == [(2, 124200), (1, 39000)]
    assert statuses() == [RegistrationStatus.CONFIRMED] * 3
    assert taken(day) == 3


def test_a_card_holds_the_seats_for_thirty_minutes() -> None:
    day = make_study_day()

    order = place(seats(day), payment_method="card")

    assert (order.status, order.expires_at) == (OrderStatus.PENDING, NOW + timedelta(minutes=30))
    assert statuses() == [RegistrationStatus.HELD]
    assert taken(day) == 1


def test_buyer_and_participants_are_told_each_what_concerns_them() -> None:
    place(seats(make_study_day(), an_attendee(1), an_attendee(2, email="finances@ville-exemple.fr")))

    assert mails() == [
        ("checkout/order_placed", "finances@ville-exemple.fr"),
        ("registrations/seat_confirmed", "claude.roux1@ville-exemple.fr"),
    ]
    text = db.session.scalar(
        sa.select(OutgoingMail.text).where(OutgoingMail.template == "registrations/seat_confirmed")
    )
    assert text is not None
    assert "/commandes/" not in text


def test_one_basket_mixes_seats_and_a_subscription_each_with_its_own_vat() -> None:
    day = make_study_day()
    plan = make_plan()

    order = place(seats(day, an_attendee(1, rate="subscriber"), an_attendee(2)), subscription(plan))

    assert order.total_cents == 54000 + 62100 + 12900
    assert order.vat_cents == 19350 + 265
    assert [line.vat_rates for line in order.lines] == [[2000], [2000], [210]]


def test_a_free_order_is_confirmed_at_once_whatever_the_method() -> None:
    day = make_study_day(rates={"free": 0})

    order = place(seats(day, an_attendee(rate="free")), payment_method="card")

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.NONE)


def test_a_full_day_sells_nothing_and_writes_nothing() -> None:
    day = make_study_day(capacity=2, seats_taken=1)

    with pytest.raises(SoldOut):
        place(seats(day, an_attendee(1), an_attendee(2)))

    assert (taken(day), statuses(), mails()) == (1, [], [])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Order)) == 0


def test_two_days_are_sold_together_or_not_at_all() -> None:
    open_day, full_day = make_study_day(), make_study_day(capacity=0)

    with pytest.raises(SoldOut):
        place(seats(open_day), seats(full_day))

    assert taken(open_day) == 0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"registration_closes_at": NOW}, "Les inscriptions à cette journée sont closes."),
        ({"registration_opens_at": NOW + timedelta(seconds=1)}, "pas encore ouvertes"),
        ({"status": StudyDayStatus.CANCELLED}, "Cette journée est annulée."),
        ({"status": StudyDayStatus.POSTPONED}, "Cette journée est reportée"),
        ({"starts_at": datetime(2009, 2, 24, 8, tzinfo=UTC)}, "Cette journée a eu lieu"),
    ],
)
def test_a_day_that_takes_no_registration_says_why(values: dict[str, Any], message: str) -> None:
    day = make_study_day(**values)

    with pytest.raises(RegistrationClosed, match=message):
        place(seats(day))


def test_one_second_before_the_deadline_is_in_time() -> None:
    day = make_study_day(registration_closes_at=NOW + timedelta(seconds=1))

    assert place(seats(day)).status is OrderStatus.CONFIRMED


@pytest.mark.parametrize(
    ("billing", "pointer", "message"),
    [
        (Billing(), "/customer/organisation/siret",
         "Indiquez le SIRET de l’organisme\u00a0: ce mode de règlement le demande."),
        (Billing(organisation="Ville", siret="217500016000"), "/customer/organisation/siret",
         "Le SIRET compte 14 chiffres\u202f; il en manque 2."),
        (Billing(organisation="Ville", siret="21750001600018"), "/customer/organisation/siret",
         "Ce SIRET n’existe pas\u00a0: un chiffre est sans doute mal recopié."),
    ],
)  # fmt: skip
def test_a_mandat_requires_a_valid_siret(billing: Billing, pointer: str, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        place(seats(make_study_day()), billing=billing)

    assert refusal.value.errors[pointer] == message


def test_a_siret_may_be_typed_with_spaces() -> None:
    order = place(seats(make_study_day()), billing=Billing(organisation="Ville", siret="217 500 016 00019"))

    assert order.siret == SIRET


@pytest.mark.parametrize("method", ["", "bitcoin", "CARD"])
def test_an_unknown_method_is_refused(method: str) -> None:
    with pytest.raises(MethodUnavailable):
        place(seats(make_study_day()), payment_method=method)


def test_a_cheque_is_not_taken_in_the_last_days() -> None:
    starts_at = NOW + timedelta(days=4)
    day = make_study_day(starts_at=starts_at, registration_closes_at=starts_at)

    with pytest.raises(MethodUnavailable):
        place(seats(day), payment_method="cheque")

    assert place(seats(day), payment_method="mandat").status is OrderStatus.CONFIRMED


def test_an_empty_order_is_refused() -> None:
    with pytest.raises(NothingToOrder):
        place()


def test_unknown_days_plans_and_rates_are_pointed_at() -> None:
    day = make_study_day()
    ghost = seats(StudyDay(slug="nulle-part"))
    with pytest.raises(Invalid) as refusal:
        place(ghost, seats(day, an_attendee(rate="cadeau")))

    assert list(refusal.value.errors) == ["/items/0/study_day", "/items/1/attendees/0/rate"]


def test_an_early_bird_rate_is_gone_from_its_end_on() -> None:
    day = make_study_day(rates={"early-bird": 30000})
    db.session.execute(sa.update(Rate).values(available_until=NOW))
    db.session.commit()

    with pytest.raises(Invalid):
        place(seats(day, an_attendee(rate="early-bird")))


def test_more_than_twenty_people_are_refused() -> None:
    day = make_study_day()

    with pytest.raises(Invalid) as refusal:
        place(seats(day, *[an_attendee(number) for number in range(21)]))

    assert list(refusal.value.errors) == ["/items/0/attendees"]


def test_paper_needs_an_address() -> None:
    plan = make_plan(edition="print")
    item = subscription(plan)
    with pytest.raises(Invalid) as refusal:
        place(type(item)(plan=plan.slug))

    assert list(refusal.value.errors) == [
        f"/items/0/delivery/{name}" for name in ("name", "address", "postcode", "city")
    ]


def test_the_same_key_and_request_is_the_same_order() -> None:
    day = make_study_day()
    first = place(seats(day), idempotency_key="k1")

    second = place(seats(day), idempotency_key="k1")

    assert (second.id, taken(day), len(mails())) == (first.id, 1, 2)


def test_the_same_key_for_another_request_is_refused() -> None:
    day = make_study_day()
    place(seats(day), idempotency_key="k1")

    with pytest.raises(KeyReused):
        place(seats(day, an_attendee(2)), idempotency_key="k1")

    assert taken(day) == 1
