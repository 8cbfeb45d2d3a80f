"""Who may read a body."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from eventsapp.accounts import queries as accounts
from eventsapp.accounts.access import RoleName
from eventsapp.core.db import db
from eventsapp.core.references import new_secret
from eventsapp.magazine import queries, service
from eventsapp.magazine.access import Reason, can_read, can_read_whole, glimpse_of, participant_key, right_to_read
from eventsapp.magazine.models import Article, ArticleGift
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, IssueStatus
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED, RegistrationStatus
from eventsapp.subscriptions.models import Contract, Plan
from eventsapp.subscriptions.statuses import Audience, ContractKind, ContractStatus, Edition
from tests.support.makers.accounts import make_user
from tests.support.makers.attendance import make_open_day, seats_of
from tests.support.makers.magazine import PUBLISHED_AT, make_article, make_issue, set_terms
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


def why(article: Article, email: str) -> Reason | None:
    """Return why the person with that address reads the article, or ``None``."""
    reader = accounts.by_email(email)
    right = right_to_read(article, reader, now=NOW)
    return right.reason if right else None


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


# After a subscription


def test_what_came_out_while_it_was_paid_for_stays_open_after_the_end() -> None:
    make_user(email=READER)
    subscribe(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), status=ContractStatus.EXPIRED)
    then = make_article(access=Access.SUBSCRIBERS, published_at=datetime(2025, 12, 31, 22, tzinfo=UTC))
    later = make_article(access=Access.SUBSCRIBERS, published_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))

    assert why(then, READER) is Reason.PAID_THEN
    assert why(later, READER) is None  # Already 2026 where the magazine is made.


def test_an_article_came_out_with_its_number_whenever_it_was_put_on_the_site() -> None:
    make_user(email=READER)
    subscribe(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), status=ContractStatus.EXPIRED)
    of_then = make_issue(published_on=date(2025, 3, 1))
    undated = make_issue(published_on=None)

    assert why(make_article(access=Access.SUBSCRIBERS, issue_id=of_then.id), READER) is Reason.PAID_THEN
    put_there_then = make_article(
        access=Access.SUBSCRIBERS, issue_id=undated.id, published_at=datetime(2025, 3, 1, tzinfo=UTC)
    )
    assert why(put_there_then, READER) is None


@pytest.mark.parametrize(
    ("kind", "status", "opens"),
    [
        (ContractKind.PAID, ContractStatus.EXPIRED, True),
        (ContractKind.GIFT, ContractStatus.EXPIRED, True),
        (ContractKind.PAID, ContractStatus.ACTIVE, True),
        (ContractKind.TRIAL, ContractStatus.EXPIRED, False),
        (ContractKind.COMPLIMENTARY, ContractStatus.EXPIRED, False),
        (ContractKind.PAID, ContractStatus.CANCELLED, False),
        (ContractKind.PAID, ContractStatus.PENDING, False),
    ],
)
def test_only_a_period_that_somebody_paid_for_leaves_its_numbers(
    kind: ContractKind, status: ContractStatus, opens: bool
) -> None:
    make_user(email=READER)
    subscribe(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31), status=status, kind=kind)
    article = make_article(access=Access.SUBSCRIBERS, published_at=datetime(2025, 6, 1, tzinfo=UTC))

    assert reads(article, READER) is opens


# Whoever took part in the day


def report(day_id: int, **values: Any) -> Article:
    given: dict[str, Any] = {"access": Access.SUBSCRIBERS, "kind": ArticleKind.REPORT, "study_day_id": day_id}
    return make_article(**given | values)


def seated(status: RegistrationStatus = RegistrationStatus.ATTENDED) -> Registration:
    """Return the one seat of a new day, its person having ``status``."""
    (seat,) = seats_of(make_open_day())
    seat.status = status
    db.session.commit()
    return seat


@pytest.mark.parametrize("status", RegistrationStatus)
def test_who_has_a_confirmed_seat_reads_the_report_of_the_day(status: RegistrationStatus) -> None:
    seat = seated(status)
    article = report(seat.study_day_id)
    make_user(email=seat.email.upper())

    assert reads(article, seat.email) is (status in CONFIRMED)
    assert can_read(article, None, now=NOW, key=participant_key(seat, article)) is (status in CONFIRMED)


def test_a_participant_reads_no_other_article_about_the_day_and_no_other_days_report() -> None:
    seat = seated()
    make_user(email=seat.email)
    article = report(seat.study_day_id)
    others = [report(seat.study_day_id, kind=ArticleKind.INTERVIEW), report(make_study_day().id), reserved()]

    assert not any(reads(other, seat.email) for other in others)
    for other in others:
        assert right_to_read(other, None, now=NOW, key=participant_key(seat, article)) is None
        assert right_to_read(other, None, now=NOW, key=participant_key(seat, other)) is None


def test_a_participants_key_is_for_one_report_and_ends_when_the_seat_is_anothers() -> None:
    seat = seated()
    article, second = report(seat.study_day_id), report(seat.study_day_id)
    key = participant_key(seat, article)

    assert right_to_read(article, None, now=NOW, key=key).reason is Reason.PARTICIPANT  # type: ignore[union-attr]
    assert right_to_read(second, None, now=NOW, key=key) is None
    assert right_to_read(article, None, now=NOW, key=f"{key}x") is None
    assert seat.secret not in key
    seat.secret = new_secret()
    db.session.commit()
    assert right_to_read(article, None, now=NOW, key=key) is None


# Gifts


def give(article: Article, *, now: datetime = NOW) -> ArticleGift:
    giver = accounts.by_email(READER) or make_user(email=READER)
    gift = service.give_article(article, giver=giver, now=now)
    db.session.commit()
    return gift


def test_a_gift_opens_its_article_for_anybody_for_thirty_days_and_no_other() -> None:
    article, other = reserved(), reserved()
    key = give(article).secret

    right = right_to_read(article, None, now=NOW, key=key)

    assert right is not None
    assert right.reason is Reason.GIFT
    assert right.giver.startswith("Camille Exemple")
    assert can_read(article, None, now=NOW + timedelta(days=30, seconds=-1), key=key)
    assert not can_read(article, None, now=NOW + timedelta(days=30), key=key)
    assert not can_read(other, None, now=NOW, key=key)
    assert not can_read(article, None, now=NOW, key="")
    assert not can_read(article, None, now=NOW, key=key[:-1])


def test_a_gift_that_is_revoked_or_whose_giver_is_closed_opens_nothing() -> None:
    article = reserved()
    first = give(article)
    service.revoke_gift(first, now=NOW)
    db.session.commit()
    second = give(article)
    assert second.secret != first.secret

    assert not can_read(article, None, now=NOW, key=first.secret)
    assert can_read(article, None, now=NOW, key=second.secret)
    second.giver.active = False
    db.session.commit()
    assert not can_read(article, None, now=NOW, key=second.secret)


def test_no_key_opens_what_is_not_published() -> None:
    article = reserved()
    key = give(article).secret
    article.status = ArticleStatus.WITHDRAWN
    db.session.commit()

    assert not can_read(article, None, now=NOW, key=key)


# What is everybody's of a reserved text


def test_the_article_says_how_it_begins_and_when_it_opens_or_else_the_magazine_does() -> None:
    body = "Un.\n\nDeux.\n\nTrois."
    article = make_article(access=Access.SUBSCRIBERS, body=body)
    of_its_own = make_article(access=Access.SUBSCRIBERS, body=body, free_paragraphs=2, opens_after_months=0)

    assert glimpse_of(article, queries.reading_terms()).opening == ""
    assert glimpse_of(article, queries.reading_terms()).opens_on is None
    set_terms(free_paragraphs=1, opens_after_months=3)
    assert glimpse_of(article, queries.reading_terms()).opening.strip() == "Un."
    assert glimpse_of(article, queries.reading_terms()).opens_on == date(2027, 2, 20)
    assert "Deux." in glimpse_of(of_its_own, queries.reading_terms()).opening
    assert glimpse_of(of_its_own, queries.reading_terms()).opens_on is None


def test_a_text_that_opened_once_and_is_reserved_again_says_no_day() -> None:
    set_terms(opens_after_months=3)

    opened_before = make_article(access=Access.SUBSCRIBERS, opened_at=PUBLISHED_AT)
    assert glimpse_of(opened_before, queries.reading_terms()).opens_on is None


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
