"""Versions of the terms of sale, and what orders accept."""

from datetime import date, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import Conflict, Invalid
from eventsapp.orders.models import Order
from eventsapp.terms import queries, service
from eventsapp.terms.models import AcceptedTerms
from eventsapp.terms.values import VersionDraft
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day

pytestmark = pytest.mark.usefixtures("client", "frozen")
TODAY = NOW.date()


def write(body: str = "Nous, [[seller_name]].", *, on: date = TODAY, after: int = 0, **values: str) -> None:
    with unit_of_work.transaction():
        service.write_version(
            VersionDraft(in_force_from=on, title="Conditions", body=body, **values),
            after=after,
            actor=make_user(RoleName.EDITOR),
            now=NOW,
        )


def accepted(order: Order) -> AcceptedTerms:
    assert order.accepted_terms_id is not None
    return queries.accepted(order.accepted_terms_id)


def test_an_order_keeps_the_version_in_force_on_its_day_to_the_letter() -> None:
    day = make_study_day()
    shipped = place(seats(day))
    write()
    first = place(seats(day, an_attendee(2)))
    write("Autre chose.", on=TODAY + timedelta(days=5), after=1)
    same = place(seats(day, an_attendee(3)))
    later = place(seats(day, an_attendee(4)), now=NOW + timedelta(days=5))

    assert [order.terms_version for order in (shipped, first, same, later)] == [0, 1, 1, 2]
    assert (accepted(first).title, accepted(first).body) == ("Conditions", "Nous, Les Éditions de l’Essai.")
    assert accepted(later).body == "Autre chose."
    assert same.accepted_terms_id == first.accepted_terms_id
    assert "Les Éditions de l’Essai" in accepted(shipped).body


def test_of_two_versions_from_one_day_the_last_written_counts() -> None:
    write("Un.")
    write("Deux.", after=1)

    assert queries.in_force(TODAY, locale="fr").body == "Deux."


def test_who_reads_english_accepts_the_translation_or_else_the_french_text() -> None:
    day = make_study_day()
    write("Nous.")
    french = place(seats(day), locale="en")
    write("Nous.", after=1, title_en="Terms", body_en="We.")
    english = place(seats(day, an_attendee(2)), locale="en")

    assert (accepted(french).locale, accepted(french).body) == ("fr", "Nous.")
    assert (accepted(english).locale, accepted(english).title, accepted(english).body) == ("en", "Terms", "We.")


def test_a_version_is_not_for_the_past_and_has_both_halves_of_its_translation() -> None:
    with pytest.raises(Invalid) as past:
        write(on=TODAY - timedelta(days=1))
    db.session.rollback()
    with pytest.raises(Invalid) as half:
        write(title_en="Terms")

    assert (list(past.value.errors), list(half.value.errors)) == (["/in_force_from"], ["/body_en"])


def test_the_same_page_sent_twice_is_one_version() -> None:
    write()

    with pytest.raises(Conflict):
        write()

    db.session.rollback()
    assert queries.last_number() == 1
