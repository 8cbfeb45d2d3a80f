"""An article on its way to the reader, and back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.magazine import service
from eventsapp.magazine.errors import ArticleChanged, IllegalTransition, NotReady
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import NEXT, ArticleStatus
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import PUBLISHED_AT, make_article
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

TOMORROW = NOW + timedelta(days=1)

MOVES: dict[ArticleStatus, Callable[[Article, User], Any]] = {
    ArticleStatus.DRAFT: lambda article, actor: service.reopen(article, actor=actor, now=NOW),
    ArticleStatus.IN_REVIEW: lambda article, actor: service.submit(article, actor=actor, now=NOW),
    ArticleStatus.SCHEDULED: lambda article, actor: service.schedule(
        article, publish_at=TOMORROW, actor=actor, now=NOW
    ),
    ArticleStatus.PUBLISHED: lambda article, actor: service.publish(article, actor=actor, now=NOW),
    ArticleStatus.WITHDRAWN: lambda article, actor: service.withdraw(article, reason="Erreur.", actor=actor, now=NOW),
}


@pytest.fixture
def editor() -> User:
    return make_user(RoleName.EDITOR)


@pytest.mark.parametrize("before", ArticleStatus)
@pytest.mark.parametrize("after", ArticleStatus)
def test_every_move_follows_the_table_and_is_told(before: ArticleStatus, after: ArticleStatus, editor: User) -> None:
    article = make_article(status=before)
    moves_again = before is after is ArticleStatus.SCHEDULED

    if after in NEXT[before] or moves_again:
        MOVES[after](article, editor)
        db.session.commit()
        assert article.status is after
        assert len(audit.history_of("article", article.id)) == 1
    else:
        with pytest.raises(IllegalTransition):
            MOVES[after](article, editor)
        db.session.rollback()
        assert article.status is before


def test_publishing_dates_the_article_and_keeps_the_note_in_the_history(editor: User) -> None:
    article = make_article(status=ArticleStatus.IN_REVIEW, version=4)

    service.publish(article, actor=editor, now=NOW, note="  Relu par deux personnes. ")

    db.session.commit()
    assert (article.published_at, article.version) == (NOW, 5)
    (line,) = audit.history_of("article", article.id)
    assert (line.action, line.actor_label) == ("articles.publish", editor.name)
    assert line.changes == {"status": ["in_review", "published"], "note": "Relu par deux personnes."}


@pytest.mark.parametrize("missing", ["lead", "body"])
def test_an_incomplete_article_is_neither_published_nor_scheduled(missing: str, editor: User) -> None:
    values: dict[str, Any] = {missing: ""}
    article = make_article(status=ArticleStatus.DRAFT, **values)

    with pytest.raises(NotReady):
        service.publish(article, actor=editor, now=NOW)
    with pytest.raises(NotReady):
        service.schedule(article, publish_at=TOMORROW, actor=editor, now=NOW)


def test_a_withdrawn_article_says_why_and_keeps_its_first_date_when_it_comes_back(editor: User) -> None:
    article = make_article()

    service.withdraw(article, reason=" Une donnée était fausse. ", actor=editor, now=NOW)
    assert article.withdrawn_note == "Une donnée était fausse."

    service.publish(article, actor=editor, now=TOMORROW)
    assert (article.published_at, article.withdrawn_note) == (PUBLISHED_AT, "")


def test_an_article_is_not_withdrawn_without_a_word_to_its_readers(editor: User) -> None:
    with pytest.raises(Invalid) as refusal:
        service.withdraw(make_article(), reason=" ", actor=editor, now=NOW)

    assert set(refusal.value.errors) == {"/note"}


def test_an_article_is_not_scheduled_for_a_time_that_has_passed(editor: User) -> None:
    with pytest.raises(Invalid) as refusal:
        service.schedule(make_article(status=ArticleStatus.DRAFT), publish_at=NOW, actor=editor, now=NOW)

    assert set(refusal.value.errors) == {"/publish_at"}


def test_a_scheduled_article_can_be_given_another_time(editor: User) -> None:
    article = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW)

    service.schedule(article, publish_at=TOMORROW + timedelta(days=1), actor=editor, now=NOW)

    db.session.commit()
    assert article.publish_at == TOMORROW + timedelta(days=1)
    (line,) = audit.history_of("article", article.id)
    assert line.changes == {"publish_at": ["2026-11-24T09:00:00+00:00", "2026-11-25T09:00:00+00:00"]}


def test_an_article_taken_off_the_timetable_does_not_appear(editor: User) -> None:
    article = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW)

    service.reopen(article, actor=editor, now=NOW)
    db.session.commit()

    assert article.publish_at is None
    assert service.publish_due(now=TOMORROW) == 0


def test_two_people_moving_one_article_at_once_do_it_once(editor: User) -> None:
    article = make_article(status=ArticleStatus.DRAFT)
    assert article.status is ArticleStatus.DRAFT
    # What the other one did after this one's page was read: the row changed, the object in hand did not.
    db.session.connection().exec_driver_sql("UPDATE articles SET status = 'published'")

    with pytest.raises(ArticleChanged):
        service.publish(article, actor=editor, now=NOW)


def test_articles_appear_at_their_time_and_not_before() -> None:
    due = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW)
    later = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW + timedelta(seconds=1))

    assert service.publish_due(now=TOMORROW - timedelta(seconds=1)) == 0
    assert service.publish_due(now=TOMORROW) == 1
    assert (due.status, due.published_at, due.publish_at) == (ArticleStatus.PUBLISHED, TOMORROW, None)
    assert later.status is ArticleStatus.SCHEDULED


def test_a_timetable_that_ran_late_or_twice_does_no_harm() -> None:
    for _number in range(3):
        make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW)
    three_days_late = TOMORROW + timedelta(days=3)

    assert service.publish_due(now=three_days_late) == 3
    assert service.publish_due(now=three_days_late) == 0
    lines = [line for article in db.session.query(Article) for line in audit.history_of("article", article.id)]
    assert [(line.action, line.actor_label) for line in lines] == [("articles.publish", "le système")] * 3


def test_an_article_scheduled_for_the_hour_that_comes_twice_appears_at_the_one_that_was_meant() -> None:
    # 25 October 2026, 2.30 in Paris: the second time, winter time.
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    article = make_article(status=ArticleStatus.SCHEDULED, publish_at=second_half_past_two)

    assert service.publish_due(now=datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == 0
    assert service.publish_due(now=second_half_past_two) == 1
    assert article.status is ArticleStatus.PUBLISHED


def test_one_that_became_incomplete_goes_back_and_does_not_hold_up_the_others() -> None:
    broken = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW, body="")
    whole = make_article(status=ArticleStatus.SCHEDULED, publish_at=TOMORROW + timedelta(minutes=1))

    assert service.publish_due(now=TOMORROW + timedelta(hours=1)) == 1

    assert (broken.status, whole.status) == (ArticleStatus.DRAFT, ArticleStatus.PUBLISHED)
    (line,) = audit.history_of("article", broken.id)
    assert line.action == "articles.reopen"
    assert "texte" in line.changes["note"]
