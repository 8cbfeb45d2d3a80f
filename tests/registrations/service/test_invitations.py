"""Colleagues are asked to fill in their seats, and asked again."""

from datetime import datetime, timedelta

import pytest

from eventsapp.core import unit_of_work
from eventsapp.orders.models import Order
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import AlreadyNamed, NotInvited, RemindedTooSoon
from tests.registrations.looking import invite, mails, name, seat_of
from tests.support.makers.orders import place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")

TOMORROW = NOW + timedelta(days=1)


def _remind_all(order: Order, *, now: datetime) -> int:
    with unit_of_work.transaction():
        return registrations.remind_all(queries.of_order(order.id), now=now)


def test_an_invitation_carries_the_seats_own_link_and_nothing_of_the_order() -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed()))

    invite(order, 2)

    seat = seat_of(order, 2)
    assert (seat.invited_email, seat.invited_at) == ("camille@ville-exemple.fr", NOW)
    [(address, text)] = mails("invitation")
    assert address == "camille@ville-exemple.fr"
    assert f"/inscriptions/{seat.secret}/" in text
    assert "Dominique Martin vous a réservé une place" in text
    assert order.secret not in text
    assert order.reference not in text


def test_inviting_somebody_else_takes_the_link_from_the_first() -> None:
    order = place(seats(make_study_day(), unnamed()))
    invite(order, email="first@ville-exemple.fr")
    first = seat_of(order).secret

    invite(order, email="second@ville-exemple.fr")

    assert queries.seat_for_link(first) is None
    assert [address for address, _text in mails("invitation")] == ["first@ville-exemple.fr", "second@ville-exemple.fr"]


def test_nobody_is_written_to_twice_within_a_day() -> None:
    order = place(seats(make_study_day(), unnamed()))
    invite(order)

    with pytest.raises(RemindedTooSoon):
        invite(order, now=NOW + timedelta(hours=1))
    with pytest.raises(RemindedTooSoon), unit_of_work.transaction():
        registrations.remind(seat_of(order), now=TOMORROW - timedelta(seconds=1))
    with unit_of_work.transaction():
        registrations.remind(seat_of(order), now=TOMORROW)
    with pytest.raises(RemindedTooSoon), unit_of_work.transaction():
        registrations.remind(seat_of(order), now=TOMORROW + timedelta(hours=1))

    assert len(mails("invitation")) == 2
    assert "Il nous manque encore votre nom" in mails("invitation")[1][1]


def test_only_whoever_was_invited_and_has_not_answered_is_reminded() -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed()))
    with pytest.raises(NotInvited), unit_of_work.transaction():
        registrations.remind(seat_of(order), now=NOW)
    invite(order)
    name(order)

    with pytest.raises(AlreadyNamed), unit_of_work.transaction():
        registrations.remind(seat_of(order), now=TOMORROW)
    with pytest.raises(AlreadyNamed):
        invite(order, now=TOMORROW)


def test_everybody_who_has_not_answered_is_reminded_at_once_and_once() -> None:
    order = place(seats(make_study_day(), unnamed(), unnamed(), unnamed(), unnamed()))
    for position in (1, 2, 3):
        invite(order, position, email=f"c{position}@ville-exemple.fr")
    name(order, 3)

    sent = [_remind_all(order, now=NOW), _remind_all(order, now=TOMORROW), _remind_all(order, now=TOMORROW)]

    assert sent == [0, 2, 0]
    assert [to for to, _text in mails("invitation")][3:] == ["c1@ville-exemple.fr", "c2@ville-exemple.fr"]
