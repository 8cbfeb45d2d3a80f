"""Seats are named, corrected and given to somebody else."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventsapp.audit import queries as audit
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders import queries as orders
from eventsapp.orders.models import Order
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.errors import AlreadyNamed, AlreadyRegistered, ChangesClosed, NotTheirAddress
from eventsapp.registrations.models import RetiredTicket
from eventsapp.registrations.statuses import NamedBy
from tests.checkout.looking import pay
from tests.registrations.looking import a_person, invite, mails, name, seat_of
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("transaction", "frozen")


def test_a_colleague_says_who_they_are_and_gets_a_ticket_that_tells_nothing_of_the_order() -> None:
    order = place(seats(make_study_day(), an_attendee(1), unnamed()))
    secret = seat_of(order, 2).secret

    name(order, 2, by=NamedBy.SELF)

    seat = seat_of(order, 2)
    assert (seat.name, seat.named_at, seat.named_by, seat.secret) == ("Camille Petit2", NOW, NamedBy.SELF, secret)
    [(_address, _text), (address, text)] = mails("seat_confirmed")
    assert address == "camille.petit2@ville-exemple.fr"
    assert f"/inscriptions/{secret}/" in text
    assert f"/inscriptions/{secret}/billet.pdf" in text
    assert order.secret not in text
    assert order.reference not in text
    assert "Roux1" not in text


def test_the_bill_names_whoever_is_known() -> None:
    order = place(seats(make_study_day(), an_attendee(1), unnamed(), unnamed()))

    name(order, 3)

    found = orders.by_reference(order.reference)
    assert found is not None
    assert found.lines[0].detail == "Claude Roux1, Camille Petit3, 1 place à nommer"


def test_whoever_had_the_link_loses_it_when_the_buyer_gives_the_name() -> None:
    order = place(seats(make_study_day(), unnamed()))
    before = seat_of(order).secret

    name(order)

    assert seat_of(order).secret != before
    assert queries.seat_for_link(before) is None


def test_a_held_seat_may_be_named_and_its_ticket_leaves_with_the_payment() -> None:
    order = place(seats(make_study_day(), unnamed()), payment_method="card")

    name(order)
    held = mails("seat_confirmed")
    pay(order, order.total_cents, gateway_reference="pi_1")

    assert held == []
    assert [address for address, _text in mails("seat_confirmed")] == ["camille.petit1@ville-exemple.fr"]


def test_two_who_name_one_seat_find_the_first_name_kept() -> None:
    order = place(seats(make_study_day(), unnamed()))
    name(order, by=NamedBy.SELF)

    with pytest.raises(AlreadyNamed), unit_of_work.transaction():
        registrations.name_seat(seat_of(order), person=a_person(9), by=NamedBy.BUYER, now=NOW)

    assert seat_of(order).name == "Camille Petit1"


def test_nobody_gets_two_seats_by_being_named_or_corrected() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    order = place(seats(day, unnamed(), an_attendee(2)))
    person = a_person(first_name="claude", last_name="ROUX1", email="claude.roux1@ville-exemple.fr")

    with pytest.raises(AlreadyRegistered), unit_of_work.transaction():
        registrations.name_seat(seat_of(order), person=person, by=NamedBy.BUYER, now=NOW)
    with pytest.raises(AlreadyRegistered), unit_of_work.transaction():
        registrations.correct_seat(seat_of(order, 2), person=person, by=NamedBy.BUYER, now=NOW)

    assert not seat_of(order).is_named


def test_a_corrected_name_keeps_ticket_and_link() -> None:
    order = place(seats(make_study_day(), an_attendee(1)))
    before = seat_of(order)
    kept = (before.secret, before.ticket_code)
    person = a_person(first_name="Claudine", last_name="Roux1", email="claude.roux1@ville-exemple.fr")

    with unit_of_work.transaction():
        registrations.correct_seat(before, person=person, by=NamedBy.BUYER, now=NOW)

    seat = seat_of(order)
    assert (seat.name, seat.revision) == ("Claudine Roux1", 1)
    assert (seat.secret, seat.ticket_code) == kept
    assert len(mails("seat_confirmed")) == 1


@pytest.mark.parametrize(("by", "stays"), [(NamedBy.BUYER, False), (NamedBy.SELF, True)])
def test_a_ticket_that_went_to_a_wrong_address_is_void(by: NamedBy, stays: bool) -> None:
    order = place(seats(make_study_day(), an_attendee(1)))
    before = seat_of(order)
    former = (before.secret, before.ticket_code)
    person = a_person(first_name="Claude", last_name="Roux1", email="c.roux@ville-exemple.fr")

    with unit_of_work.transaction():
        registrations.correct_seat(before, person=person, by=by, now=NOW)

    seat = seat_of(order)
    assert ((seat.secret, seat.ticket_code) == former) is stays
    assert [ticket.code for ticket in queries.retired_tickets(seat.id)] == ([] if stays else [former[1]])
    assert [address for address, _text in mails("seat_confirmed")][-1] == "c.roux@ville-exemple.fr"


def answered() -> Order:
    """Make an order whose person said who they are by their own link, with what they need."""
    order = place(seats(make_study_day(), unnamed()))
    name(order, by=NamedBy.SELF, access_needs="Boucle magnétique")
    return order


def test_the_link_of_whoever_answered_for_themselves_never_comes_to_the_buyer() -> None:
    order = answered()
    before = seat_of(order)
    kept = (before.email, before.secret)

    with pytest.raises(NotTheirAddress), unit_of_work.transaction():
        registrations.correct_seat(before, person=a_person(1, email=order.email.upper()), by=NamedBy.BUYER, now=NOW)

    assert (seat_of(order).email, seat_of(order).secret) == kept


def test_who_answered_for_themselves_is_told_at_the_former_address_that_it_was_corrected() -> None:
    order = answered()

    with unit_of_work.transaction():
        registrations.correct_seat(
            seat_of(order), person=a_person(1, email="c.petit@ville-exemple.fr"), by=NamedBy.BUYER, now=NOW
        )

    secret = seat_of(order).secret
    every = db.session.scalars(sa.select(OutgoingMail))
    assert {mail.to_address for mail in every if secret in mail.text} == {"c.petit@ville-exemple.fr"}
    [(address, text)] = mails("address_changed")
    assert address == "camille.petit1@ville-exemple.fr"
    assert "c.petit" not in text


def test_a_substitute_gets_a_ticket_the_former_one_is_void_and_both_are_told() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), an_attendee(2)))
    before = seat_of(order)
    secret, code = before.secret, before.ticket_code

    with unit_of_work.transaction():
        registrations.substitute(before, person=a_person(9), by=NamedBy.BUYER, now=NOW)

    seat = seat_of(order)
    assert seat.name == "Camille Petit9"
    assert seat.secret != secret
    retired = db.session.scalars(sa.select(RetiredTicket)).one()
    assert (retired.code, retired.registration_id, retired.retired_at) == (code, seat.id, NOW)
    assert retired.reason.replace("\N{NO-BREAK SPACE}", " ") == "remplacé par Camille Petit9 le 23 novembre 2026"
    [(address, text)] = mails("seat_passed_on")
    assert address == "claude.roux1@ville-exemple.fr"
    assert "Bonjour Claude Roux1," in text
    assert "Camille" not in text
    assert seat.secret not in text
    assert [to for to, _text in mails("seat_confirmed")][-1] == "camille.petit9@ville-exemple.fr"
    assert queries.seat_for_link(secret) is None
    history = audit.history_of("order", order.id, most=None)
    assert {"person": ["Claude Roux1", "Camille Petit9"]} in [entry.changes for entry in history]


def test_seats_are_named_until_the_doors_open_unless_the_day_says_otherwise() -> None:
    day = make_study_day()
    order = place(seats(day, unnamed(), unnamed(), unnamed()))
    opens = day.welcome_at or day.starts_at

    name(order, 1, now=opens - timedelta(seconds=1))
    with pytest.raises(ChangesClosed):
        name(order, 2, now=opens)
    day.changes_until = opens - timedelta(days=3)
    db.session.commit()
    with pytest.raises(ChangesClosed):
        name(order, 2, now=opens - timedelta(days=3))
    name(order, 3, now=opens - timedelta(days=3, seconds=1))

    assert [row.is_named for row in queries.of_order(order.id)] == [True, False, True]


def test_a_seat_given_back_is_nobodys_to_name() -> None:
    order = place(seats(make_study_day(), unnamed()))
    with unit_of_work.transaction():
        registrations.release(order.id, now=NOW)

    with pytest.raises(ChangesClosed):
        name(order)


def test_a_link_that_was_taken_away_between_reading_and_writing_writes_nothing() -> None:
    order = place(seats(make_study_day(), unnamed()))
    invite(order, email="first@ville-exemple.fr")
    former = seat_of(order).secret
    invite(order, email="second@ville-exemple.fr")

    with unit_of_work.transaction():
        opened = seat_of(order)
        # As a request has it that read the seat before the other one committed.
        sa.orm.attributes.set_committed_value(opened, "secret", former)
        with pytest.raises(NotFound):
            registrations.name_seat(opened, person=a_person(), by=NamedBy.SELF, now=NOW)

    assert not seat_of(order).is_named
