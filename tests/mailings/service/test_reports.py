"""Those who came learn that the report of their day is out: once each, whatever the worker does."""

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.mailings import queries, service
from eventsapp.mailings.models import MailingSince, ReportTold
from eventsapp.mailings.service._refusals import refuse_token_of_report
from eventsapp.mailings.statuses import ReminderKind
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay, StudySession
from eventsapp.study_days.statuses import StudyDayStatus
from tests.mailings.looking import sent
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article
from tests.support.makers.orders import an_attendee, place, seats, unnamed
from tests.support.makers.study_days import NOW, make_session, make_study_day
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")


def a_day(*, people: int = 1) -> tuple[StudyDay, StudySession, datetime]:
    """Make a day with so many people; return it, its session, and the full hour at which reports appear."""
    day = make_study_day()
    place(seats(day, *(an_attendee(number) for number in range(1, people + 1))))
    return day, make_session(day), (day.ends_at + timedelta(days=3)).replace(minute=0)


def report(day: StudyDay, session: StudySession, *, at: datetime, **values: Any) -> Article:
    given: dict[str, Any] = {
        "kind": ArticleKind.REPORT,
        "study_day_id": day.id,
        "sessions": [session],
        "published_at": at,
    }
    return make_article(**given | values)


def set_status(number: int, status: RegistrationStatus) -> None:
    db.session.execute(
        sa.update(Registration)
        .where(Registration.email == f"claude.roux{number}@ville-exemple.fr")
        .values(status=status)
    )
    db.session.commit()


def told() -> list[str]:
    return [mail.to_address for mail in sent("reports")]


@IN_PLACE
@pytest.mark.parametrize(("minutes", "mails"), [(-1, 1), (1, 0)])
def test_what_appeared_before_the_site_began_to_tell_is_no_news(minutes: int, mails: int) -> None:
    day, session, at = a_day()
    report(day, session, at=at)
    db.session.add(MailingSince(kind=ReminderKind.REPORTS, since=at + timedelta(minutes=minutes)))
    db.session.commit()

    assert service.tell_reports(now=at + timedelta(hours=1)) == mails


@IN_PLACE
def test_reports_of_one_hour_are_one_mail_once_the_hour_is_over() -> None:
    day, session, at = a_day()
    one, two = (report(day, session, at=at + timedelta(minutes=minute)) for minute in (5, 50))

    assert service.tell_reports(now=at + timedelta(minutes=55)) == 0
    assert service.tell_reports(now=at + timedelta(hours=1, minutes=5)) == 1
    assert service.tell_reports(now=at + timedelta(hours=2, minutes=5)) == 0

    (mail,) = sent("reports")
    assert all(f"/articles/{article.slug}/" in mail.text for article in (one, two))
    assert (mail.study_day_id, mail.unsubscribe_url != "") == (day.id, True)


@IN_PLACE
def test_a_report_that_appears_later_is_told_by_itself_and_after_three_days_nothing_is_lost() -> None:
    day, session, at = a_day()
    report(day, session, at=at)
    service.tell_reports(now=at + timedelta(hours=1))
    later = report(day, session, at=at + timedelta(days=1))

    assert service.tell_reports(now=at + timedelta(days=4)) == 1
    assert service.tell_reports(now=at + timedelta(days=4)) == 0
    assert sent("reports")[1].text.count("/articles/") == 1
    assert f"/articles/{later.slug}/" in sent("reports")[1].text


@IN_PLACE
def test_those_who_came_are_told_and_everybody_where_nothing_was_noted() -> None:
    day, session, at = a_day(people=3)
    report(day, session, at=at)
    set_status(1, RegistrationStatus.ATTENDED)
    set_status(2, RegistrationStatus.ABSENT)
    other, talk, _at = a_day(people=2)
    report(other, talk, at=at)

    service.tell_reports(now=at + timedelta(hours=1))

    by_day = [(mail.study_day_id, mail.to_address) for mail in sent("reports")]
    assert by_day == [
        (day.id, "claude.roux1@ville-exemple.fr"),
        (other.id, "claude.roux1@ville-exemple.fr"),
        (other.id, "claude.roux2@ville-exemple.fr"),
    ]


@IN_PLACE
@pytest.mark.parametrize(
    "why", ["draft", "article", "no session", "old", "cancelled", "unnamed", "switched off", "not over", "trial"]
)
def test_nobody_is_told_of_what_is_no_news_or_not_theirs(why: str) -> None:
    day = make_study_day()
    place(seats(day, unnamed() if why == "unnamed" else an_attendee(1)), is_test=why == "trial")
    session, at = make_session(day), day.ends_at + timedelta(days=-1 if why == "not over" else 3)
    special: dict[str, dict[str, Any]] = {
        "draft": {"status": ArticleStatus.DRAFT},
        "article": {"kind": ArticleKind.ARTICLE},
        "no session": {"sessions": []},
    }
    report(day, session, at=at, **special.get(why, {}))
    if why == "cancelled":
        day.status = StudyDayStatus.CANCELLED
    db.session.commit()
    if why == "switched off":
        actor = make_user(RoleName.ORGANISER)
        service.save_reminders(day, {ReminderKind.REPORTS: (False, "")}, actor=actor, now=NOW)
        db.session.commit()

    assert service.tell_reports(now=at + timedelta(days=20 if why == "old" else 0, hours=2)) == 0
    assert told() == []


@IN_PLACE
def test_who_unsubscribed_is_told_nothing_and_the_ledger_keeps_it() -> None:
    day, session, at = a_day(people=2)
    report(day, session, at=at)
    service.tell_reports(now=at + timedelta(hours=1))
    token = sent("reports")[0].unsubscribe_url.rstrip("/").rsplit("/", 1)[1]
    assert service.read_token(token) == "claude.roux1@ville-exemple.fr"
    service.refuse(token, now=at)
    db.session.commit()
    report(day, session, at=at + timedelta(hours=2))

    assert service.tell_reports(now=at + timedelta(hours=3)) == 1

    assert told()[2:] == ["claude.roux2@ville-exemple.fr"]
    assert queries.reports_told(day.id) == (2, 1)
    service.take_back(token)
    db.session.commit()
    assert service.tell_reports(now=at + timedelta(hours=4)) == 0


@IN_PLACE
def test_the_ledger_keeps_a_fingerprint_of_the_address_and_tells_nobody_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, session, at = a_day(people=2)
    report(day, session, at=at)
    assert service.tell_reports(now=at + timedelta(hours=1)) == 2
    line = db.session.scalars(sa.select(ReportTold)).first()
    assert line is not None
    token = refuse_token_of_report(line.id)
    counts = queries.reports_told(day.id)
    settings = app.extensions["eventsapp.settings"]
    monkeypatch.setitem(app.extensions, "eventsapp.settings", replace(settings, mail_keep_days=1))

    assert service.forget_old(now=at + timedelta(days=2)) == 2
    assert service.forget_old(now=at + timedelta(days=2)) == 0

    assert not any("@" in address for address in db.session.scalars(sa.select(ReportTold.to_address)))
    assert service.tell_reports(now=at + timedelta(days=2)) == 0
    assert queries.reports_told(day.id) == counts
    with pytest.raises(NotFound):
        service.read_token(token)


@IN_PLACE
def test_a_person_with_two_seats_is_told_once() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1), an_attendee(2, email="Claude.Roux1@ville-exemple.fr")))
    session, at = make_session(day), day.ends_at + timedelta(days=3)
    report(day, session, at=at)

    assert service.tell_reports(now=at + timedelta(hours=1)) == 1
    assert service.tell_reports(now=at + timedelta(hours=1)) == 0


@IN_PLACE
def test_what_is_reserved_is_named_by_the_link_of_the_seat() -> None:
    day, session, at = a_day()
    reserved = report(day, session, at=at, access=Access.SUBSCRIBERS)
    secret = db.session.scalars(sa.select(Registration.secret)).one()

    service.tell_reports(now=at + timedelta(hours=1))

    assert f"/inscriptions/{secret}/comptes-rendus/{reserved.slug}/" in sent("reports")[0].text


@IN_PLACE
@pytest.mark.parametrize("people", [1, 15])
def test_it_is_asked_with_the_same_queries_whatever_the_number(
    people: int, count_queries: AbstractContextManager[QueryCount]
) -> None:
    day, session, at = a_day(people=people)
    report(day, session, at=at)

    with count_queries as count:
        due = queries.reports_due(now=at + timedelta(hours=1))

    assert len(due) == people
    assert count() == 4


def test_two_workers_tell_each_person_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            day, session, at = a_day(people=6)
            report(day, session, at=at)
            db.session.remove()

        results = at_once(app, *[partial(service.tell_reports, now=at + timedelta(hours=1))] * 3)

        with app.app_context():
            assert sum(results) == 6
            assert len(set(told())) == len(told()) == 6
            assert db.session.scalar(sa.select(sa.func.count(ReportTold.id))) == 6
            db.session.remove()
