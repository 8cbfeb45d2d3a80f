"""A quote: it promises a price and takes nothing; one click orders it, once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.checkout import service as checkout
from eventsapp.checkout.errors import QuoteExpired
from eventsapp.checkout.values import OrderRequest
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.invoices import queries as invoices
from eventsapp.invoices.models import Invoice, QuoteRecord
from eventsapp.invoices.statuses import QuoteState
from eventsapp.orders.models import Order
from eventsapp.study_days.errors import RegistrationClosed, SoldOut
from eventsapp.study_days.models import Rate, StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.checkout.looking import mails, taken
from tests.support.makers.orders import a_request, an_attendee, seats, subscription
from tests.support.makers.questions import make_question
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_plan

pytestmark = pytest.mark.usefixtures("client", "frozen")


def quoted(request: OrderRequest) -> QuoteRecord:
    with unit_of_work.transaction():
        reference = checkout.make_quote(request, now=NOW).reference
    found = invoices.quote_by_reference(reference)
    assert found is not None
    return found


def order(record: QuoteRecord, *, days: int = 1, commitment_number: str = "") -> Order:
    with unit_of_work.transaction():
        placed, _is_new = checkout.order_quote(
            record.id, commitment_number=commitment_number, locale="fr", now=NOW + timedelta(days=days)
        )
        key = placed.id
    db.session.expire_all()
    return db.session.get_one(Order, key)


def count(model: type[object]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def raise_price(day: StudyDay, code: str, cents: int) -> None:
    db.session.execute(sa.update(Rate).where(Rate.study_day_id == day.id, Rate.code == code).values(price_cents=cents))
    db.session.commit()


def test_a_quote_takes_no_seat_no_number_and_sends_its_link() -> None:
    day = make_study_day()

    record = quoted(a_request(seats(day, an_attendee(1), an_attendee(2))))

    assert (record.total_cents, record.state(NOW.date())) == (2 * 62100, QuoteState.VALID)
    assert (taken(day), count(Order), count(Invoice)) == (0, 0, 0)
    assert mails() == [("invoices/quote_made", "finances@ville-exemple.fr")]


def test_the_same_form_sent_twice_is_one_quote_and_another_content_another() -> None:
    day = make_study_day()
    request = a_request(seats(day), idempotency_key="form-un-jeton-du-formulaire")

    first, again = quoted(request), quoted(request)
    other = quoted(a_request(seats(day, an_attendee(7)), idempotency_key="form-un-jeton-du-formulaire"))

    assert first.id == again.id
    assert other.id != first.id
    assert count(QuoteRecord) == 2


def test_the_price_holds_when_the_rate_rises_and_even_when_it_is_withdrawn() -> None:
    day, plan = make_study_day(), make_plan()
    record = quoted(a_request(seats(day), subscription(plan)))
    raise_price(day, "standard", 99_900)
    plan.price_cents = 50_000
    db.session.execute(sa.update(Rate).where(Rate.study_day_id == day.id).values(available_until=NOW))
    db.session.commit()

    placed = order(record)

    assert placed.total_cents == record.total_cents
    assert taken(day) == 1


def test_ordered_twice_it_is_the_same_order_and_one_seat() -> None:
    day = make_study_day()
    record = quoted(a_request(seats(day)))

    first = order(record, commitment_number="EJ-42")
    again = order(record, commitment_number="EJ-autre")

    assert first.id == again.id
    assert (first.commitment_number, taken(day), count(Order)) == ("EJ-42", 1, 1)
    db.session.expire_all()
    assert db.session.get_one(QuoteRecord, record.id).state(NOW.date()) is QuoteState.ORDERED


def test_the_last_day_counts_and_the_next_does_not() -> None:
    day = make_study_day()
    record = quoted(a_request(seats(day)))
    left = (record.valid_until - NOW.date()).days

    with pytest.raises(QuoteExpired):
        order(record, days=left + 1)
    db.session.rollback()

    assert (count(Order), taken(day)) == (0, 0)
    assert order(record, days=left).total_cents == record.total_cents


def test_it_is_never_valid_beyond_the_closing_of_a_day() -> None:
    day = make_study_day(registration_closes_at=NOW + timedelta(days=5))

    assert quoted(a_request(seats(day))).valid_until == (NOW + timedelta(days=5)).date()


def test_seats_are_not_promised_and_nothing_is_lost() -> None:
    day = make_study_day(capacity=1)
    record = quoted(a_request(seats(day)))
    with unit_of_work.transaction():
        checkout.place_order(a_request(seats(day, an_attendee(9))), now=NOW)

    with pytest.raises((SoldOut, RegistrationClosed)):
        order(record)
    db.session.rollback()

    db.session.expire_all()
    assert db.session.get_one(QuoteRecord, record.id).state(NOW.date()) is QuoteState.VALID
    assert (taken(day), count(Order)) == (1, 1)


def test_a_day_called_off_is_refused_clearly() -> None:
    day = make_study_day()
    record = quoted(a_request(seats(day)))
    day.status = StudyDayStatus.CANCELLED
    db.session.commit()

    with pytest.raises((RegistrationClosed, Invalid)):
        order(record)


def test_the_same_wish_from_another_form_is_another_quote() -> None:
    day = make_study_day()

    first = quoted(a_request(seats(day), idempotency_key="form-un-jeton-du-formulaire"))
    later = quoted(a_request(seats(day), idempotency_key="form-un-autre-jeton-encore"))

    assert first.id != later.id


def test_what_people_need_is_erased_from_quotes_that_were_ordered_or_are_over() -> None:
    day = make_study_day()
    make_question(day)
    wanted = [an_attendee(n, access_needs="Une rampe", answers={"repas": "Tout"}) for n in (1, 2, 3)]
    ordered, waiting = (
        quoted(a_request(seats(day, each), idempotency_key=f"form-un-jeton-du-formulaire{number}"))
        for number, each in enumerate(wanted[:2])
    )
    order(ordered)

    def erase(after: timedelta) -> int:
        with unit_of_work.transaction():
            return checkout.erase_in_quotes(now=NOW + after)

    assert (erase(timedelta(0)), erase(timedelta(0))) == (1, 0)
    assert "Une rampe" not in str(ordered.request)
    assert "Une rampe" in str(waiting.request)
    assert erase(timedelta(days=400)) == 1
    assert "Une rampe" not in str(waiting.request)
    assert "Tout" not in str(waiting.request)
    assert "Roux2" in str(waiting.request)
