"""Who may read a body."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts import queries as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.magazine.access import can_read, can_read_whole
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, IssueStatus
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Audience, ContractStatus, Edition
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.orders import an_attendee, place, seats
from tests.support.makers.study_days import NOW, make_study_day
from tests.support.makers.subscriptions import make_contract

pytestmark = pytest.mark.usefixtures("transaction")

TODAY = date(2026, 11, 23)
READER = "lectrice@exemple.fr"


def reads(article: Article, email: str, *, now: datetime = NOW) -> bool:
    """Return whether the person with that address, as a request knows them, reads the article."""
    reader = accounts.by_email(email)
    assert reader is not None
    return can_read(article, reader, now=now)


def subscribe(**values: Any) -> None:
    plan = Plan(
        slug="un-an",
        name="Un an",
        audience=Audience.INDIVIDUAL,
        edition=Edition.DIGITAL,
        months=12,
        price_cents=12900,
        position=1,
    )
    given = {"status": ContractStatus.ACTIVE, "starts_on": TODAY, "ends_on": TODAY, "readers": 1, "created_at": NOW}
    db.session.add(Contract(plan=plan, email=READER, **given | values))
    db.session.commit()


def reserved() -> Article:
    return make_article(access=Access.SUBSCRIBERS)


def test_what_is_free_is_everybodys() -> None:
    assert can_read(make_article(), None, now=NOW)


def test_what_is_reserved_is_closed_to_those_who_are_not_known() -> None:
    assert not can_read(reserved(), None, now=NOW)


def test_what_is_reserved_is_closed_to_somebody_without_a_subscription() -> None:
    make_user(email=READER)

    assert not reads(reserved(), READER)


def test_a_subscriber_reads_on_the_last_day_too_and_not_the_day_after() -> None:
    make_user(email=READER)
    subscribe()
    article = reserved()

    assert reads(article, READER)
    assert not reads(article, READER, now=NOW + timedelta(days=1))
    assert not reads(article, READER, now=NOW - timedelta(days=1))


def test_the_day_is_that_of_the_magazine_not_of_greenwich() -> None:
    make_user(email=READER)
    subscribe()

    assert reads(reserved(), READER, now=NOW.replace(day=22, hour=23, minute=30))


@pytest.mark.parametrize("status", [ContractStatus.PENDING, ContractStatus.CANCELLED, ContractStatus.EXPIRED])
def test_a_contract_that_does_not_run_opens_nothing(status: ContractStatus) -> None:
    make_user(email=READER)
    subscribe(status=status)

    assert not reads(reserved(), READER)


def test_a_subscriber_whose_account_was_closed_reads_nothing_reserved() -> None:
    make_user(email=READER).active = False
    subscribe()

    assert not reads(reserved(), READER)


@pytest.mark.parametrize("role", [RoleName.ADMINISTRATOR, RoleName.ORGANISER, RoleName.EDITOR])
@pytest.mark.parametrize("status", ArticleStatus)
def test_who_edits_articles_reads_them_all(role: RoleName, status: ArticleStatus) -> None:
    make_user(role, email=READER)

    assert reads(make_article(access=Access.SUBSCRIBERS, status=status), READER)


@pytest.mark.parametrize("role", [RoleName.ACCOUNTANT, RoleName.DOOR])
def test_other_staff_read_what_is_free(role: RoleName) -> None:
    make_user(role, email=READER)

    assert reads(make_article(), READER)
    assert not reads(reserved(), READER)


@pytest.mark.parametrize("status", [status for status in ArticleStatus if status is not ArticleStatus.PUBLISHED])
def test_what_is_not_published_is_closed_even_when_free(status: ArticleStatus) -> None:
    make_user(email=READER)
    subscribe()
    article = make_article(status=status)

    assert not can_read(article, None, now=NOW)
    assert not reads(article, READER)


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_a_confirmed_seat_opens_the_reserved_reports_of_its_day(status: RegistrationStatus) -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    seat = db.session.scalars(sa.select(Registration)).one()
    seat.status = status
    db.session.commit()
    of_the_day = make_article(access=Access.SUBSCRIBERS, kind=ArticleKind.REPORT, study_day_id=day.id)

    held = status in {RegistrationStatus.HELD, RegistrationStatus.CANCELLED}
    assert can_read(of_the_day, None, seat=seat, now=NOW) is not held


def test_a_seat_opens_no_other_article() -> None:
    day = make_study_day()
    place(seats(day, an_attendee(1)))
    seat = db.session.scalars(sa.select(Registration)).one()
    others: list[dict[str, Any]] = [
        {"study_day_id": make_study_day().id},
        {"study_day_id": None},
        {"study_day_id": day.id, "kind": ArticleKind.INTERVIEW},
        {"study_day_id": day.id, "status": ArticleStatus.WITHDRAWN},
    ]

    for values in others:
        article = make_article(access=Access.SUBSCRIBERS, **{"kind": ArticleKind.REPORT} | values)
        assert not can_read(article, None, seat=seat, now=NOW)


@pytest.mark.parametrize(
    ("status", "who", "may"),
    [
        (IssueStatus.PUBLISHED, "subscriber", True),
        (IssueStatus.PUBLISHED, "reader", False),
        (IssueStatus.PUBLISHED, None, False),
        (IssueStatus.PREPARING, "subscriber", False),
        (IssueStatus.SCHEDULED, "subscriber", False),
        (IssueStatus.PREPARING, "editor", True),
    ],
)
def test_a_whole_issue_is_for_subscribers_once_it_is_out(status: IssueStatus, who: str | None, may: bool) -> None:
    make_user(RoleName.EDITOR, email="editor@exemple.fr")
    make_user(email="reader@exemple.fr")
    make_user(email="subscriber@exemple.fr")
    make_contract("subscriber@exemple.fr")
    person = accounts.by_email(f"{who}@exemple.fr") if who else None

    assert can_read_whole(make_issue(status=status), person, now=NOW) is may
