"""Placing, settling, cancelling and expiring orders, without the gateway."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotASubscriber, NothingToOrder
from eventsapp.checkout.values import MoneyReceived
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.errors import IllegalTransition, KeyReused
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus, PaymentStatus
from eventsapp.orders.values import Billing, Buyer
from eventsapp.payments.errors import MethodUnavailable
from eventsapp.payments.models import Payment
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.subscriptions import queries as subscriptions
from eventsapp.subscriptions.models import Contract
from eventsapp.subscriptions.statuses import ContractStatus
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import SIRET, a_request, an_attendee, place, seats, subscription
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.makers.subscriptions import make_contract, make_plan

pytestmark = pytest.mark.usefixtures("transaction")

PRIVATE = Billing()


def taken(day: StudyDay) -> int:
    return db.session.scalar(sa.select(StudyDay.seats_taken).where(StudyDay.id == day.id)) or 0


def statuses() -> list[RegistrationStatus]:
    return list(db.session.scalars(sa.select(Registration.status).order_by(Registration.id)))


def pay(order: Order, cents: int, *, now: datetime = NOW, **values: str) -> Payment | None:
    money = MoneyReceived(method=order.payment_method, amount_cents=cents, **values)
    with unit_of_work.transaction():
        return checkout.settle(order.id, money, received_on=now.date(), now=now)


def mails() -> list[tuple[str, str]]:
    rows = db.session.execute(sa.select(OutgoingMail.template, OutgoingMail.to_address).order_by(OutgoingMail.id))
    return [(template, address) for template, address in rows]


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
    assert [line.vat_rate for line in order.lines] == [2000, 2000, 210]


def test_a_free_order_is_confirmed_at_once_whatever_the_method() -> None:
    day = make_study_day(rates={"free": 0})

    order = place(seats(day, an_attendee(rate="free")), payment_method="card")

    assert (order.status, order.payment_status) == (OrderStatus.CONFIRMED, PaymentStatus.NONE)


# --- the subscriber rate


def test_the_subscriber_rate_needs_a_subscription() -> None:
    day = make_study_day()

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, an_attendee(1), an_attendee(2, rate="subscriber")))

    assert list(refusal.value.errors) == ["/items/0/attendees/1/rate"]
    assert taken(day) == 0


def test_an_individual_subscription_in_the_basket_covers_one_seat() -> None:
    day = make_study_day()
    plan = make_plan()
    first, second = an_attendee(1, rate="subscriber"), an_attendee(2, rate="subscriber")

    with pytest.raises(NotASubscriber) as refusal:
        place(seats(day, first, second), subscription(plan))
    assert list(refusal.value.errors) == ["/items/0/attendees/1/rate"]

    assert place(seats(day, first), subscription(plan)).total_cents == 54000 + 12900


def test_an_institution_covers_as_many_seats_as_it_has_readers() -> None:
    day = make_study_day()
    plan = make_plan(readers=2)
    people = [an_attendee(number, rate="subscriber") for number in range(1, 4)]

    with pytest.raises(NotASubscriber):
        place(seats(day, *people), subscription(plan))

    assert place(seats(day, *people[:2]), subscription(plan)).total_cents == 2 * 54000 + 12900


def test_a_participant_brings_a_subscription_of_their_own() -> None:
    make_contract("claude.roux1@ville-exemple.fr")

    order = place(seats(make_study_day(), an_attendee(1, rate="subscriber")))

    assert order.total_cents == 54000


def test_the_organisation_of_a_subscriber_is_known_by_its_siret() -> None:
    first = place(subscription(make_plan(readers=3)))
    pay(first, 12900)

    order = place(
        seats(make_study_day(), an_attendee(7, rate="subscriber")),
        buyer=Buyer(email="autre@ville-exemple.fr", first_name="A", last_name="B"),
    )

    assert order.total_cents == 54000


def test_a_subscription_that_has_run_out_covers_nothing() -> None:
    make_contract("claude.roux1@ville-exemple.fr", ends_on=date(2026, 11, 22))

    with pytest.raises(NotASubscriber):
        place(seats(make_study_day(), an_attendee(1, rate="subscriber")))


def test_a_subscription_promised_by_cheque_counts_and_one_never_paid_by_card_does_not() -> None:
    day = make_study_day()
    person = an_attendee(1, rate="subscriber")
    place(subscription(make_plan()), payment_method="card", billing=PRIVATE)
    with pytest.raises(NotASubscriber):
        place(seats(day, person), billing=PRIVATE, payment_method="cheque")

    place(subscription(make_plan()), payment_method="cheque", billing=PRIVATE)
    order = place(seats(day, person), billing=PRIVATE, payment_method="cheque")

    assert order.total_cents == 54000


# --- refusals write nothing


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
         "Indiquez le SIRET de l’organisme : ce mode de règlement le demande."),
        (Billing(organisation="Ville", siret="217500016000"), "/customer/organisation/siret",
         "Le SIRET compte 14 chiffres ; il en manque 2."),
        (Billing(organisation="Ville", siret="21750001600018"), "/customer/organisation/siret",
         "Ce SIRET n’existe pas : un chiffre est sans doute mal recopié."),
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


# --- the same request again


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


# --- money


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
        pay(order, cents, reference="0001234")
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


# --- holds that run out


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
    assert subject == f"Commande {late.reference} : payée, mais plus de place"


# --- cancelling and refunding


def test_cancelling_gives_seats_and_subscription_back_and_says_what_is_to_be_refunded() -> None:
    day = make_study_day()
    order = place(seats(day), subscription(make_plan()))
    pay(order, 75000)
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(order.id, reason="Empêchement", actor=organiser, now=NOW)

    assert (order.status, order.payment_status) == (OrderStatus.CANCELLED, PaymentStatus.PAID)
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
    second = place(seats(day), billing=Billing(organisation="Autre nom", siret=SIRET))

    assert (first.organisation_id, first.billing_name) == (second.organisation_id, "Ville d’Exemple")
    assert second.billing_name == "Autre nom"


def test_a_request_is_the_same_whatever_the_spaces_in_its_siret() -> None:
    day = make_study_day()
    first = place(seats(day), billing=Billing(organisation="Ville", siret=SIRET), idempotency_key="k")

    again = place(seats(day), billing=Billing(organisation="Ville", siret="217 500 016 00019"), idempotency_key="k")

    assert again.id == first.id
    assert a_request(seats(day)).payment_method == "mandat"
