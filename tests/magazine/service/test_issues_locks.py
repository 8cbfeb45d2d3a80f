"""A text joins an issue while the issue appears: it appears with it, or is told that it is too late.

On PostgreSQL: SQLite lets nobody begin to write before the other has finished.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.core.db import db, writing
from eventsapp.core.errors import Refusal
from eventsapp.magazine import service
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus, Stage
from tests.support.at_once import committing_app
from tests.support.crossing import crossed
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.writers_at_once

HOLDS_THE_ISSUE = r"FROM issues .*FOR SHARE"
TAKES_THE_ISSUE = r"UPDATE issues"


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        with app.app_context(), writing():
            make_user(RoleName.EDITOR)
            issue = make_issue(612, status=IssueStatus.PREPARING)
            make_article(slug="attend", issue_id=issue.id, status=ArticleStatus.SCHEDULED, publish_at=None)
            make_article(slug="rejoint", issue_id=issue.id, status=ArticleStatus.IN_REVIEW)
            db.session.remove()
        yield app


def publish() -> object:
    return service.publish_issue(_issue(), actor=db.session.query(User).one(), now=NOW)


def join() -> object:
    article = newsroom.article_by_slug("rejoint")
    assert article is not None
    try:
        service.appear_with_issue(article, actor=None, now=NOW)
    except Refusal as refusal:
        db.session.rollback()
        return refusal
    return None


def rewrite() -> object:
    article = newsroom.article_by_slug("attend")
    assert article is not None
    content = service.content_of(article)
    try:
        service.edit_article(article, content=content, version=article.version, actor=None, now=NOW)
    except Refusal as refusal:
        db.session.rollback()
        return refusal
    return None


def test_a_text_that_joins_at_that_moment_appears_or_is_refused_and_never_waits_for_ever(served: Flask) -> None:
    appeared, refused = crossed(served, (TAKES_THE_ISSUE, publish), (HOLDS_THE_ISSUE, join))

    with served.app_context():
        article = newsroom.article_by_slug("rejoint")
        assert article is not None
        expected = (1, Stage.IN_REVIEW) if refused else (2, Stage.PUBLISHED)
        assert (appeared, article.stage) == expected
        assert _issue().status is IssueStatus.PUBLISHED


def test_a_waiting_text_that_is_saved_at_that_moment_makes_nobody_wait_in_a_circle(served: Flask) -> None:
    appeared, refused = crossed(served, (TAKES_THE_ISSUE, publish), (HOLDS_THE_ISSUE, rewrite))

    assert appeared == 1
    assert refused is None or isinstance(refused, Refusal)
    with served.app_context():
        assert db.session.query(Article).filter_by(slug="attend").one().status is ArticleStatus.PUBLISHED


def _issue() -> Issue:
    found = newsroom.issue(612)
    assert found is not None
    return found
