"""The buyer cancels, under the terms of the days."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import queries
from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import NotCancellable, OfferChanged
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox
from eventsapp.invoices import queries as invoices
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.orders.statuses import OrderStatus
from eventsapp.registrations.queries import of_order as order_seats
from eventsapp.study_days.models import StudyDay
from tests.checkout.looking import mails, pay, taken
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, subscription, unnamed
from tests.support.makers.payments import paid_by_card
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("transaction")

#: The made day is on 24 February 2027; by the default terms half is kept from the 11th on, all from the 23rd on.
FREE, HALF, ALL = (datetime(2027, 2, day, 9, tzinfo=UTC) for day in (10, 11, 23))


def cancel(order: Order, *, fee_cents: int, now: datetime) -> None:
    with unit_of_work.transaction():
        checkout.cancel_by_buyer(order.id, fee_cents=fee_cents, now=now)
    db.session.expire_all()


def set_terms(day: StudyDay | None, *steps: tuple[int, int]) -> None:
    with unit_of_work.transaction():
        checkout.save_cancellation_terms(day, steps=steps, actor=make_user(RoleName.ADMINISTRATOR), now=NOW)


def papers(order: Order) -> list[tuple[str, int]]:
    return [(paper.kind.value, paper.total_cents) for paper in invoices.of_order(order.id)]


def paid(day: StudyDay, number: int = 1) -> Order:
    order = place(seats(day, an_attendee(number)), payment_method="cheque")
    pay(order, 62100)
    return order


def test_in_time_it_costs_nothing_and_all_of_it_is_credited() -> None:
    day = make_study_day()
    order = paid(day)

    assert checkout.cancellation_offer(order, now=FREE).fee_cents == 0
    cancel(order, fee_cents=0, now=FREE)

    assert (order.status, order.kept_cents, order.returnable_cents) == (OrderStatus.CANCELLED, 0, 62100)
    assert papers(order) == [("invoice", 62100), ("credit_note", 62100)]
    assert taken(day) == 0


def test_later_the_fee_is_kept_and_the_rest_is_credited_and_given_back() -> None:
    order = paid(make_study_day())

    offer = checkout.cancellation_offer(order, now=HALF)
    cancel(order, fee_cents=offer.fee_cents, now=HALF)

    assert (offer.fee_cents, offer.back_cents, offer.card_cents) == (31050, 31050, 0)
    assert papers(order) == [("invoice", 62100), ("credit_note", 31050)]
    assert (order.kept_cents, order.returnable_cents) == (31050, 31050)
    (line,) = invoices.content_of(invoices.of_order(order.id)[-1]).lines
    assert line.detail.replace("\u00a0", " ") == (
        "annulation de 621,00 € TTC, dont 310,50 € de frais retenus : 310,50 € repris"
    )
    told = db.session.scalars(sa.select(OutgoingMail).filter_by(template="checkout/order_cancelled")).one()
    assert "Frais d’annulation retenus\u00a0: 310,50\u00a0€." in told.text


def test_the_card_gets_back_what_it_paid_without_the_fee(sandbox: RunningSandbox) -> None:
    now = datetime.now(UTC)
    day = make_study_day(starts_at=now + timedelta(days=5))
    order = paid_by_card(sandbox, day, now=now)

    cancel(order, fee_cents=31050, now=now)
    checkout.ask_refunds(now=now)

    assert [made["amount"] for made in sandbox.objects("refund")] == [31050]
    db.session.expire_all()
    assert (order.refunded_cents, order.returnable_cents) == (31050, 0)


def test_it_is_cancelled_once() -> None:
    order = paid(make_study_day())
    cancel(order, fee_cents=0, now=FREE)

    with pytest.raises(NotCancellable):
        cancel(order, fee_cents=0, now=FREE)

    assert len(papers(order)) == 2


def test_terms_that_changed_since_they_were_shown_are_shown_again() -> None:
    order = paid(make_study_day())

    with pytest.raises(OfferChanged):
        cancel(order, fee_cents=0, now=HALF)

    assert order.status is OrderStatus.CONFIRMED


def test_a_day_has_terms_of_its_own_until_they_are_taken_away() -> None:
    day = make_study_day()

    def fee_of_an_order(number: int) -> int:
        return checkout.cancellation_offer(paid(day, number), now=ALL).fee_cents

    set_terms(day, (30, 0), (0, 10))
    assert fee_of_an_order(1) == 6210
    set_terms(None, (1, 20))
    assert fee_of_an_order(2) == 6210
    set_terms(day)

    assert fee_of_an_order(3) == 12420
    assert queries.cancellation_terms(day.id) is None


def test_an_order_keeps_the_terms_of_its_day_whatever_they_become() -> None:
    day = make_study_day()
    order = paid(day)
    set_terms(None, (60, 90))
    set_terms(day, (60, 80))

    offer = checkout.cancellation_offer(order, now=HALF)
    seat = order_seats(order.id)[0]
    part = checkout.part_offer(order, seat_ids=[seat.id], now=HALF, by_buyer=True)

    assert (offer.fee_cents, part.fee_cents) == (31050, 31050)
    assert offer.days[0].steps == ((14, 0), (2, 50))


def test_a_day_that_an_order_did_not_know_has_the_terms_of_today() -> None:
    order = paid(make_study_day())
    order.cancellation_terms = {}

    assert checkout.cancellation_offer(order, now=HALF).fee_cents == 31050


def test_each_day_of_an_order_has_its_own_fee() -> None:
    near, far = make_study_day(), make_study_day(starts_at=datetime(2027, 6, 24, 8, tzinfo=UTC))
    order = place(seats(near), seats(far), payment_method="cheque")
    pay(order, 124200)

    assert checkout.cancellation_offer(order, now=HALF).fee_cents == 31050


@pytest.mark.parametrize(
    ("when", "words"), [(ALL, "trop tard"), (datetime(2027, 2, 24, 9, tzinfo=UTC), "commencée ou passée")]
)
def test_too_late_it_is_refused(when: datetime, words: str) -> None:
    order = paid(make_study_day())

    with pytest.raises(NotCancellable, match=words):
        checkout.cancellation_offer(order, now=when)


def test_a_fee_that_was_not_paid_is_not_left_to_a_page() -> None:
    order = place(seats(make_study_day()))

    with pytest.raises(NotCancellable, match="pas réglée"):
        checkout.cancellation_offer(order, now=HALF)
    cancel(order, fee_cents=0, now=FREE)

    assert papers(order) == [("invoice", 62100), ("credit_note", 62100)]


def test_a_subscription_is_not_cancelled_by_a_page() -> None:
    order = place(seats(make_study_day()), subscription(make_plan()))

    with pytest.raises(NotCancellable, match="autre chose"):
        checkout.cancellation_offer(order, now=NOW)


def told() -> list[str]:
    return [address for template, address in mails() if template == "registrations/seat_cancelled"]


@pytest.mark.parametrize("by_buyer", [True, False])
def test_the_people_of_a_cancelled_order_are_told_once_each(*, by_buyer: bool) -> None:
    buyer = "finances@ville-exemple.fr"
    first, second = make_study_day(), make_study_day()
    people = [an_attendee(1), an_attendee(2), an_attendee(3, email=buyer), unnamed()]
    order = place(seats(first, *people), seats(second, an_attendee(1)))

    if by_buyer:
        cancel(order, fee_cents=0, now=FREE)
    else:
        with unit_of_work.transaction():
            checkout.cancel_order(order.id, reason="Empêchement", actor=make_user(RoleName.ORGANISER), now=FREE)

    assert order.status is OrderStatus.CANCELLED
    assert told() == ["claude.roux1@ville-exemple.fr", "claude.roux2@ville-exemple.fr"]


def test_who_was_never_told_of_a_seat_is_not_told_that_it_is_cancelled() -> None:
    held = place(seats(make_study_day(), an_attendee(1)), payment_method="card")
    cancel(held, fee_cents=0, now=NOW)

    assert held.status is OrderStatus.CANCELLED
    assert told() == []


def test_nobody_is_told_of_a_seat_at_a_day_that_is_over() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1)))
    with unit_of_work.transaction():
        checkout.cancel_order(
            order.id, reason="Empêchement", actor=make_user(RoleName.ORGANISER), now=day.ends_at + timedelta(days=1)
        )

    assert told() == []
