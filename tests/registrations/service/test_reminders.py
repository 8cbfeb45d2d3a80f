"""Names that are missing are asked for a fortnight and five days before, once each, whatever the worker does."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.mail.models import OutgoingMail
from eventsapp.orders.models import Order
from eventsapp.registrations import mails as registration_mails
from eventsapp.registrations import queries
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import NamingReminderSent, Registration
from eventsapp.registrations.statuses import NamingReminder
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.registrations.looking import invite, mails, name
from tests.support.at_once import at_once, committing_app
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")

PARIS = ZoneInfo("Europe/Paris")
IN_PLACE = pytest.mark.usefixtures("transaction")


def _before(day: StudyDay, days: int, *, hour: int = 9) -> datetime:
    """Return that hour of the clock in the venue's town, so many days before the day."""
    on = day.date - timedelta(days=days)
    return datetime(on.year, on.month, on.day, hour, 25, tzinfo=ZoneInfo(day.timezone)).astimezone(UTC)


def _ledger() -> list[NamingReminder]:
    return list(db.session.scalars(sa.select(NamingReminderSent.kind).order_by(NamingReminderSent.id)))


@IN_PLACE
def test_whoever_was_invited_is_reminded_and_the_buyer_of_the_other_seats_once_for_all() -> None:
    day = make_study_day()
    order = place(seats(day, an_attendee(1), unnamed(), unnamed(), unnamed()))
    invite(order, 2)

    sent = registrations.remind_due(now=_before(day, 14))

    assert sent == 2
    assert [to for to, _text in mails("invitation")] == ["camille@ville-exemple.fr"] * 2
    [(address, text)] = mails("names_missing")
    assert address == order.email
    assert "2 des places que vous avez réservées" in text
    assert f"/commandes/{order.reference}/{order.secret}/participants/" in text
    assert _ledger() == [NamingReminder.FORTNIGHT] * 3


@IN_PLACE
def test_the_ledger_forgets_the_address_with_the_mails_and_reminds_nobody_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = make_study_day()
    place(seats(day, unnamed()))
    at = _before(day, 14)
    registrations.remind_due(now=at)
    settings = app.extensions["eventsapp.settings"]

    for days, erased in ((0, 0), (2, 0), (1, 1), (1, 0)):
        monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=days))
        assert registrations.forget_reminders(now=at + timedelta(days=1, hours=2)) == erased

    assert db.session.scalars(sa.select(NamingReminderSent.to_address)).all() == [""]
    assert registrations.remind_due(now=at + timedelta(days=1, hours=3)) == 0


@IN_PLACE
def test_each_reminder_leaves_once_and_a_worker_that_stood_still_for_three_days_catches_up() -> None:
    day = make_study_day()
    place(seats(day, unnamed()))

    looks = (20, 15, 11, 11, 10, 6, 2, 2, 1, 0)
    sent = [registrations.remind_due(now=_before(day, days)) for days in looks]

    assert sent == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    assert _ledger() == [NamingReminder.FORTNIGHT, NamingReminder.LAST_DAYS]
    assert len(mails("names_missing")) == 2


@IN_PLACE
@pytest.mark.parametrize("why", ["named", "cancelled", "day cancelled", "day postponed", "held", "trial", "over"])
def test_nobody_is_reminded_of_a_seat_that_needs_no_name(why: str) -> None:
    day = make_study_day()
    order = place(seats(day, unnamed()), payment_method="card" if why == "held" else "mandat", is_test=why == "trial")
    if why == "named":
        name(order)
    elif why == "cancelled":
        with unit_of_work.transaction():
            registrations.release(order.id, now=day.starts_at - timedelta(days=20))
    elif why.startswith("day"):
        day.status = StudyDayStatus.CANCELLED if why == "day cancelled" else StudyDayStatus.POSTPONED
        db.session.commit()

    assert registrations.remind_due(now=_before(day, -1 if why == "over" else 5)) == 0


@IN_PLACE
def test_a_reminder_waits_a_day_when_somebody_was_just_written_to() -> None:
    day = make_study_day()
    order = place(seats(day, unnamed()))
    invite(order, now=_before(day, 14) - timedelta(hours=2))

    first = registrations.remind_due(now=_before(day, 14))
    next_day = registrations.remind_due(now=_before(day, 13))

    assert (first, next_day) == (0, 1)


@IN_PLACE
def test_a_day_that_is_moved_is_reminded_of_anew() -> None:
    day = make_study_day()
    place(seats(day, unnamed()))
    registrations.remind_due(now=_before(day, 14))
    day.starts_at += timedelta(days=60)
    day.ends_at += timedelta(days=60)
    db.session.commit()

    assert registrations.remind_due(now=_before(day, 14)) == 1


@IN_PLACE
@pytest.mark.parametrize(
    ("starts_at", "fortnight"),
    [
        # Clocks go back on 25 October 2026 and forward on 28 March 2027: a fortnight is fourteen dates, not 336 hours.
        (datetime(2026, 11, 8, 8, tzinfo=PARIS), datetime(2026, 10, 25, 0, 0, tzinfo=PARIS)),
        (datetime(2027, 4, 11, 8, tzinfo=PARIS), datetime(2027, 3, 28, 0, 0, tzinfo=PARIS)),
        # Where clocks show another date than in Paris.
        (
            datetime(2027, 4, 11, 8, tzinfo=ZoneInfo("Indian/Reunion")),
            datetime(2027, 3, 28, 0, 0, tzinfo=ZoneInfo("Indian/Reunion")),
        ),
    ],
)
def test_a_fortnight_is_counted_in_dates_of_the_venues_town(starts_at: datetime, fortnight: datetime) -> None:
    zone = starts_at.tzinfo
    assert isinstance(zone, ZoneInfo)
    day = make_study_day(starts_at=starts_at.astimezone(UTC), timezone=zone.key)
    bought = datetime(2026, 9, 1, 8, tzinfo=UTC)
    place(seats(day, unnamed()), now=bought)
    midnight = fortnight.astimezone(UTC)

    sent = [
        registrations.remind_due(now=midnight - timedelta(seconds=1)),
        registrations.remind_due(now=midnight),
        registrations.remind_due(now=midnight + timedelta(hours=1)),
        registrations.remind_due(now=midnight + timedelta(hours=2, minutes=30)),
    ]

    assert sent == [0, 1, 0, 0]


@IN_PLACE
def test_an_order_that_goes_wrong_leaves_the_others_their_reminders(monkeypatch: pytest.MonkeyPatch) -> None:
    day = make_study_day()
    broken = place(seats(day, unnamed()))
    place(seats(day, unnamed()))
    really = registration_mails.names_missing

    def fail(order: Order, seats: Sequence[Registration], *, now: datetime) -> None:
        if order.id == broken.id:
            raise RuntimeError("broken")
        really(order, seats, now=now)

    monkeypatch.setattr(registration_mails, "names_missing", fail)

    assert registrations.remind_due(now=_before(day, 14)) == 1
    assert len(_ledger()) == 1


def test_two_workers_at_once_remind_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as served:
        with served.app_context():
            day = make_study_day()
            for _number in range(5):
                place(seats(day, unnamed(), unnamed()))
            due = _before(day, 14)
            db.session.remove()

        sent = at_once(served, *[lambda: registrations.remind_due(now=due)] * 4)

        with served.app_context():
            counted = [
                db.session.scalar(sa.select(sa.func.count()).select_from(table).where(*where))
                for table, where in (
                    (NamingReminderSent, []),
                    (OutgoingMail, [OutgoingMail.template == "registrations/names_missing"]),
                    (Registration, []),
                )
            ]
    assert sum(sent) == 5
    assert counted == [10, 5, 10]


@IN_PLACE
@pytest.mark.parametrize("orders", [1, 3])
def test_looking_for_reminders_asks_the_same_number_of_queries(
    count_queries: AbstractContextManager[QueryCount], orders: int
) -> None:
    day = make_study_day()
    for number in range(orders):
        place(seats(day, unnamed(), an_attendee(number)))

    now = _before(day, 14)

    with count_queries as count:
        due = queries.naming_reminders_due(now=now)

    assert len(due) == orders
    assert count() == 2
