"""The draft of a week is made once, late or not, of what appeared since the last letter that was sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.accounts.access import RoleName
from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus
from eventsapp.newsletter import queries, service
from eventsapp.newsletter.errors import LetterGone
from eventsapp.newsletter.models import Letter
from eventsapp.newsletter.statuses import LetterStatus
from eventsapp.study_days.statuses import StudyDayStatus
from tests.newsletter.looking import items, make_letter, make_reader, plan, send
from tests.support.at_once import at_once, committing_app
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import CANARY, make_article, make_section
from tests.support.makers.study_days import NOW, make_city, make_study_day, make_theme

MONDAY = datetime(2026, 11, 23, tzinfo=UTC).date()
WEEK = timedelta(days=7)
SOON = NOW + timedelta(days=30)

pytestmark = pytest.mark.usefixtures("frozen")
IN_PLACE = pytest.mark.usefixtures("transaction")


def titles(letter: Letter, *, now: datetime = NOW) -> list[str]:
    return [each.title for each in queries.told(queries.items_of(letter.id), now=now, locale="fr")]


@IN_PLACE
def test_it_tells_what_appeared_and_which_days_come_and_nothing_else() -> None:
    day = make_study_day(title="Journée", starts_at=SOON, theme=make_theme("Finances"), city=make_city("Angers"))
    make_study_day(title="Brouillon", starts_at=SOON, status=StudyDayStatus.DRAFT)
    make_study_day(title="Passée", starts_at=NOW - WEEK)
    make_study_day(title="Lointaine", starts_at=NOW + timedelta(days=200))
    make_article(title="Neuf", published_at=NOW - timedelta(days=2), section=make_section("Juridique"))
    make_article(title="Vieux", published_at=NOW - timedelta(days=30))
    make_article(title="Demain", status=ArticleStatus.SCHEDULED)
    make_article(
        title="Compte rendu",
        kind=ArticleKind.REPORT,
        access=Access.SUBSCRIBERS,
        study_day_id=day.id,
        published_at=NOW - timedelta(days=1),
    )

    letter = make_letter()

    assert (letter.week, letter.subject) == (MONDAY, "La lettre du 23\u00a0novembre 2026")
    assert titles(letter) == ["Compte rendu", "Neuf", "Journée"]
    told = {each.title: each for each in queries.told(queries.items_of(letter.id), now=NOW, locale="fr")}
    assert (told["Compte rendu"].is_reserved, told["Compte rendu"].theme_id) == (True, day.theme_id)
    assert told["Neuf"].about == "Juridique"
    assert told["Journée"].about == "23\u00a0décembre 2026, Angers"
    assert CANARY not in str(told)


@IN_PLACE
def test_a_week_has_one_draft_and_a_worker_that_comes_late_makes_it_then() -> None:
    make_article(published_at=NOW - timedelta(days=2))
    early = datetime(2026, 11, 23, 4, tzinfo=UTC)

    def made(now: datetime) -> bool:
        with unit_of_work.transaction():
            return service.draft_week(now=now) is not None

    assert [made(now) for now in (early, NOW + timedelta(days=5), NOW + timedelta(days=6))] == [False, True, False]
    assert db.session.scalars(sa.select(Letter.week)).all() == [MONDAY]


@IN_PLACE
def test_without_news_there_is_no_letter_until_something_appears() -> None:
    with unit_of_work.transaction():
        assert service.draft_week(now=NOW) is None
    make_article(published_at=NOW + timedelta(hours=1))
    with unit_of_work.transaction():
        assert service.draft_week(now=NOW + timedelta(hours=2)) is not None


@IN_PLACE
def test_what_a_letter_that_was_sent_looked_at_is_not_told_again_and_what_none_told_is() -> None:
    make_article(title="Premier", published_at=NOW - timedelta(days=2))
    make_reader()
    first = make_letter()
    plan(first)
    send()
    make_article(title="Deuxième", published_at=NOW + timedelta(days=1))
    second = make_letter(now=NOW + WEEK)
    assert titles(second) == ["Deuxième"]

    actor = make_user(RoleName.EDITOR)
    with unit_of_work.transaction():
        service.drop(second.id, actor=actor, now=NOW + WEEK)
    make_article(title="Troisième", published_at=NOW + timedelta(days=9))
    third = make_letter(now=NOW + 2 * WEEK)

    assert titles(third) == ["Troisième", "Deuxième"]


@IN_PLACE
def test_a_dropped_letter_is_made_again_by_nobody_but_the_office() -> None:
    make_article(title="Un", published_at=NOW - timedelta(days=2))
    letter, actor = make_letter(), make_user(RoleName.EDITOR)
    key = letter.id
    with unit_of_work.transaction():
        service.drop(key, actor=actor, now=NOW)
    make_article(title="Deux", published_at=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    with unit_of_work.transaction():
        assert service.draft_week(now=later) is None

    again = make_letter(now=later, actor=actor)

    assert (again.id, again.status) == (key, LetterStatus.DRAFT)
    assert titles(again) == ["Un", "Deux"]
    with unit_of_work.transaction():
        assert service.draft_week(now=later, actor=actor) is None


@IN_PLACE
def test_news_are_added_once_behind_what_is_there_until_it_is_planned() -> None:
    make_article(title="Un", published_at=NOW - timedelta(days=2))
    make_reader()
    letter, actor = make_letter(), make_user(RoleName.EDITOR)
    make_article(title="Deux", published_at=NOW + timedelta(minutes=5))

    def added() -> int:
        with unit_of_work.transaction():
            return service.add_news(letter.id, actor=actor, now=NOW + timedelta(minutes=10))

    assert (added(), added()) == (1, 0)
    assert [item.position for item in items(letter.id)] == [1, 2]
    plan(db.session.get_one(Letter, letter.id))
    with pytest.raises(LetterGone):
        added()


@IN_PLACE
def test_what_was_withdrawn_or_is_over_when_it_leaves_is_not_told() -> None:
    article = make_article(title="Retiré", published_at=NOW - timedelta(days=2))
    make_study_day(title="Bientôt passée", starts_at=NOW + timedelta(days=2))
    off = make_study_day(title="Annulée", starts_at=SOON)
    letter = make_letter()
    article.status, off.status = ArticleStatus.WITHDRAWN, StudyDayStatus.CANCELLED
    db.session.commit()

    assert titles(letter) == ["Bientôt passée"]
    assert titles(letter, now=NOW + timedelta(days=3)) == []


def test_two_workers_at_once_make_one_draft(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            make_article(published_at=NOW - timedelta(days=2))
            make_study_day(starts_at=SOON)
            db.session.remove()

        def draft() -> int:
            with unit_of_work.transaction():
                return int(service.draft_week(now=NOW) is not None)

        assert sum(at_once(app, draft, draft, draft)) == 1
        with app.app_context():
            letter = db.session.scalars(sa.select(Letter)).one()
            assert len(items(letter.id)) == 2
            db.session.remove()
