"""A day that is called off or moved tells its people."""

from datetime import date

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.errors import IllegalTransition
from eventsapp.study_days.models import StudyDay
from tests.checkout.looking import mails
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_city, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")


def loaded(day: StudyDay) -> StudyDay:
    found = study_days.day_in_full(day.slug)
    assert found is not None
    return found


def told(template: str) -> list[str]:
    return sorted(address for name, address in mails() if name == template)


def test_a_cancelled_day_is_told_once_to_each_participant_and_buyer() -> None:
    day = make_study_day(city=make_city("Angers"))
    place(seats(day, an_attendee(1), an_attendee(2, email="finances@ville-exemple.fr")))
    place(seats(day, an_attendee(1, first_name="Dominique"), an_attendee(3)))
    cancelled = place(seats(day, an_attendee(4)))
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_order(cancelled.id, reason="Empêchement", actor=organiser, now=NOW)

    with unit_of_work.transaction():
        count = checkout.cancel_day(loaded(day), note="La salle est fermée.", actor=organiser, now=NOW)

    assert count == 3
    assert told("registrations/day_cancelled") == [
        "claude.roux1@ville-exemple.fr", "claude.roux3@ville-exemple.fr", "finances@ville-exemple.fr",
    ]  # fmt: skip
    text = db.session.scalar(sa.select(OutgoingMail.text).where(OutgoingMail.template == "registrations/day_cancelled"))
    assert text is not None
    assert "mercredi 24\u00a0février 2027 à Angers, n’aura pas lieu." in text
    assert "La salle est fermée." in text
    assert "/commandes/" not in text


def test_a_postponed_day_is_told_with_both_dates_and_keeps_its_seats() -> None:
    day = make_study_day()
    place(seats(day))
    organiser = make_user(RoleName.ORGANISER)

    with unit_of_work.transaction():
        checkout.postpone_day(loaded(day), to=date(2027, 3, 24), note="", reopen=False, actor=organiser, now=NOW)

    assert told("registrations/day_postponed") == ["claude.roux1@ville-exemple.fr", "finances@ville-exemple.fr"]
    text = db.session.scalar(sa.select(OutgoingMail.text).where(OutgoingMail.template == "registrations/day_postponed"))
    assert text is not None
    assert "prévue le mercredi 24\u00a0février 2027" in text
    assert "Nouvelle date : mercredi 24\u00a0mars 2027." in text
    assert day.seats_taken == 1


def test_a_day_is_called_off_once() -> None:
    day = make_study_day()
    place(seats(day))
    organiser = make_user(RoleName.ORGANISER)
    with unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)

    with pytest.raises(IllegalTransition), unit_of_work.transaction():
        checkout.cancel_day(loaded(day), note="", actor=organiser, now=NOW)

    assert len(told("registrations/day_cancelled")) == 2
