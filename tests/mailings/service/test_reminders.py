"""People are reminded of their day a week and a day before, once each, whatever the worker and the clocks do."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.checkout import service as checkout
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.mail import service as mail_service
from eventsapp.mail.models import Suppression
from eventsapp.mailings import queries, service
from eventsapp.mailings.errors import UnusableText
from eventsapp.mailings.models import ReminderSent
from eventsapp.mailings.service._refusals import refuse_token_of_survey
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days import queries as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.study_days.statuses import StudyDayStatus
from tests.mailings.looking import sent
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.places import make_venue
from tests.support.makers.study_days import NOW, make_city, make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")
PARIS = ZoneInfo("Europe/Paris")


def before(day: StudyDay, days: int, *, hour: int = 7) -> datetime:
    """Return that hour of the clock in the venue's town, so many days before the day."""
    on = day.date - timedelta(days=days)
    return datetime(on.year, on.month, on.day, hour, 40, tzinfo=ZoneInfo(day.timezone)).astimezone(UTC)


def kinds() -> list[str]:
    return [kind.value for kind in db.session.scalars(sa.select(ReminderSent.kind).order_by(ReminderSent.id))]


@IN_PLACE
def test_the_practical_sheet_goes_to_each_named_participant() -> None:
    day = make_study_day(city=make_city("Angers"))
    order = place(seats(day, an_attendee(1), an_attendee(2), unnamed()))

    assert service.remind_due(now=before(day, 7)) == 2

    mails = sent("reminder")
    assert [mail.to_address for mail in mails] == ["claude.roux1@ville-exemple.fr", "claude.roux2@ville-exemple.fr"]
    secrets = {row.secret for row in db.session.scalars(sa.select(Registration))}
    assert sum(f"/inscriptions/{secret}/" in mails[0].text for secret in secrets) == 1
    assert f"/journees/{day.slug}/" in mails[0].text
    assert order.secret not in mails[0].text
    assert (mails[0].study_day_id, mails[0].unsubscribe_url) == (day.id, "")


@IN_PLACE
def test_each_reminder_leaves_once_and_a_worker_that_stood_still_for_three_days_catches_up() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))

    looks = (20, 8, 4, 4, 3, 1, 1, 0, -1)
    counts = [service.remind_due(now=before(day, days)) for days in looks]

    assert counts == [0, 0, 1, 0, 0, 1, 0, 0, 0]
    assert kinds() == ["week", "eve"]


@IN_PLACE
def test_the_ledger_forgets_the_address_with_the_mails_and_reminds_nobody_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1), an_attendee(2)))
    at = before(day, 7)
    service.remind_due(now=at)
    monkeypatch.setattr(mail_service, "FORGOTTEN_AT_ONCE", 1)
    settings = app.extensions["eventsapp.settings"]

    for days, erased in ((0, 0), (2, 0), (1, 2), (1, 0)):
        monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=days))
        assert service.forget_old(now=at + timedelta(days=1, hours=2)) == erased

    assert db.session.scalars(sa.select(ReminderSent.to_address)).all() == ["", ""]
    assert service.remind_due(now=at + timedelta(days=1, hours=3)) == 0
    assert kinds() == ["week", "week"]


@IN_PLACE
def test_the_link_of_an_old_questionnaire_refuses_for_nobody() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    service.remind_due(now=before(day, 7))
    line = db.session.scalars(sa.select(ReminderSent)).one()
    token = refuse_token_of_survey(line.id)
    assert service.read_token(token) == line.to_address

    service.forget_old(now=NOW + timedelta(days=3000))

    with pytest.raises(NotFound):
        service.refuse(token, now=NOW)
    assert db.session.query(Suppression).count() == 0


@IN_PLACE
def test_a_worker_that_comes_back_on_the_day_itself_still_says_where_it_is_until_it_begins() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))

    assert service.remind_due(now=day.starts_at) == 0
    assert service.remind_due(now=day.starts_at - timedelta(minutes=1)) == 1
    assert kinds() == ["eve"]


@IN_PLACE
@pytest.mark.parametrize(
    "why", ["unnamed", "cancelled", "day cancelled", "day postponed", "held", "trial", "switched off", "just named"]
)
def test_nobody_is_reminded_of_what_does_not_take_place_or_needs_no_reminder(why: str) -> None:
    day = make_study_day()
    when = before(day, 6) if why == "just named" else NOW
    attendee = unnamed() if why == "unnamed" else an_attendee(1)
    place(seats(day, attendee), payment_method="card" if why == "held" else "mandat", is_test=why == "trial", now=when)
    if why == "cancelled":
        db.session.execute(sa.update(Registration).values(status=RegistrationStatus.CANCELLED))
    elif why.startswith("day"):
        day.status = StudyDayStatus.CANCELLED if why == "day cancelled" else StudyDayStatus.POSTPONED
    elif why == "switched off":
        actor = make_user(RoleName.ORGANISER)
        service.save_reminders(day, {ReminderKind.WEEK: (False, "")}, actor=actor, now=NOW)
    db.session.commit()

    assert service.remind_due(now=before(day, 5)) == 0
    assert service.remind_due(now=before(day, 1)) == (1 if why in {"switched off", "just named"} else 0)


@IN_PLACE
def test_a_day_that_is_moved_is_reminded_of_again_for_its_new_date() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    service.remind_due(now=before(day, 7))
    actor, slug, new_date, now = make_user(RoleName.ORGANISER), day.slug, day.date + timedelta(days=30), before(day, 6)
    with unit_of_work.transaction():
        moved = study_days.day_in_full(slug)
        assert moved is not None
        checkout.postpone_day(moved, to=new_date, note="", reopen=True, actor=actor, now=now)
    db.session.expire_all()

    assert service.remind_due(now=before(day, 7)) == 1
    assert service.remind_due(now=before(day, 7)) == 0
    assert list(db.session.scalars(sa.select(ReminderSent.held_on).order_by(ReminderSent.id)))[1] == new_date


@IN_PLACE
@pytest.mark.parametrize(
    ("held_on", "moments"),
    [
        # The clocks go back in the night of the eve: 02:30 comes twice.
        ((2026, 10, 26), [datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1)]),
        # They go forward: 02:30 never comes.
        ((2027, 3, 29), [datetime(2027, 3, 28, 1, 30, tzinfo=PARIS), datetime(2027, 3, 28, 3, 30, tzinfo=PARIS)]),
        # The day itself is the one that changes.
        ((2026, 10, 25), [datetime(2026, 10, 24, 23, 30, tzinfo=PARIS), datetime(2026, 10, 25, 2, 30, tzinfo=PARIS)]),
    ],
)
def test_the_eve_comes_once_when_the_clocks_change(held_on: tuple[int, int, int], moments: list[datetime]) -> None:
    starts_at = datetime(*held_on, 9, tzinfo=PARIS).astimezone(UTC)
    day = make_study_day(starts_at=starts_at, registration_closes_at=starts_at - timedelta(hours=1))
    place(seats(day, an_attendee(1)), now=starts_at - timedelta(days=60))

    first, *later = [service.remind_due(now=moment.astimezone(UTC)) for moment in moments]

    assert (first, later) == (1, [0] * len(later))
    assert kinds() == ["eve"]


@IN_PLACE
@pytest.mark.parametrize(
    ("timezone", "expected"), [("Indian/Reunion", 1), ("Europe/Paris", 0), ("America/Guadeloupe", 0)]
)
def test_the_eve_is_that_of_the_venue(timezone: str, expected: int) -> None:
    """At 21 h UTC it is tomorrow in La Réunion already: two days before ours is the eve there."""
    start = datetime(2027, 2, 24, 9, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    day = make_study_day(starts_at=start, timezone=timezone)
    place(seats(day, an_attendee(1)))
    service.remind_due(now=before(day, 7))

    assert service.remind_due(now=datetime(2027, 2, 22, 21, tzinfo=UTC)) == expected


@IN_PLACE
def test_the_office_adds_its_words_and_they_are_filled_in() -> None:
    day = make_study_day(city=make_city("Angers"))
    place(seats(day, an_attendee(1)))
    actor = make_user(RoleName.ORGANISER)
    wanted = {ReminderKind.WEEK: (True, "{prenom}, **apportez** [votre billet]({lien})."), ReminderKind.EVE: (True, "")}
    with unit_of_work.transaction():
        service.save_reminders(day, wanted, actor=actor, now=NOW)

    service.remind_due(now=before(day, 7))

    (mail,) = sent("reminder")
    assert "Claude, <strong>apportez</strong>" in mail.html
    assert "Claude, apportez votre billet (http" in mail.text


@IN_PLACE
def test_words_that_nothing_fills_are_refused_next_to_their_field() -> None:
    day = make_study_day()
    actor = make_user(RoleName.ORGANISER)

    with pytest.raises(UnusableText) as refused:
        service.save_reminders(day, {ReminderKind.EVE: (True, "{{7*7}}")}, actor=actor, now=NOW)

    assert list(refused.value.errors) == ["/eve_text"]
    assert queries.reminder_settings(day.id) == {}


@IN_PLACE
@pytest.mark.parametrize("people", [2, 15])
def test_looking_for_reminders_costs_as_many_queries_whatever_there_is(
    people: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day = make_study_day()
    place(seats(day, *[an_attendee(number) for number in range(people)]))

    moment = before(day, 7)

    with count_queries as count:
        assert len(queries.reminders_due(now=moment)) == people

    assert count() == 3


@IN_PLACE
def test_the_venue_tells_how_to_come() -> None:
    city = make_city("Angers")
    venue = make_venue(city=city, access_by_train="Tramway A, arrêt Mairie.", accessibility="De plain-pied.")
    day = make_study_day(city=city, venue=venue)
    place(seats(day, an_attendee(1)))
    service.remind_due(now=before(day, 1))

    (mail,) = sent("reminder")
    assert "Tramway A, arrêt Mairie." in mail.text
    assert "De plain-pied." in mail.text
    assert mail.subject.startswith("Demain\u00a0: Angers")


def test_two_workers_at_once_remind_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            day = make_study_day()
            place(seats(day, *[an_attendee(number) for number in range(12)]))
            moment = before(day, 7)
            db.session.remove()

        counts = at_once(app, *[partial(service.remind_due, now=moment)] * 3)

        with app.app_context():
            assert (sum(counts), len(sent("reminder")), len(kinds())) == (12, 12, 12)
            db.session.remove()
