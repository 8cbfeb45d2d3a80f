"""Comments: held, published or refused, reported."""

from datetime import timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.accounts.models import User
from eventsapp.audit import queries as audit
from eventsapp.core.db import db
from eventsapp.magazine import queries, service
from eventsapp.magazine.models import Comment, CommentReport
from eventsapp.magazine.queries import newsroom
from eventsapp.magazine.statuses import CommentStatus
from eventsapp.magazine.values import NewComment
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_comment
from tests.support.makers.study_days import NOW

pytestmark = pytest.mark.usefixtures("transaction")

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def moderator() -> User:
    return make_user(RoleName.EDITOR)


def in_hand(comment: Comment) -> Comment:
    db.session.commit()
    db.session.expire_all()
    found = newsroom.comment(comment.id)
    assert found is not None
    return found


def test_a_comment_is_held_until_somebody_has_read_it() -> None:
    article = make_article()

    comment = service.add_comment(
        article,
        comment=NewComment(author_name="Dominique", author_email="d@exemple.fr", body="Bien dit."),
        now=NOW,
    )
    db.session.commit()

    assert comment.status is CommentStatus.PENDING
    assert [thread.first for thread in queries.comments_of(article.id)] == []


def test_a_published_comment_is_shown_and_the_history_says_by_whom(moderator: User) -> None:
    comment = in_hand(make_comment(make_article(title="Angers")))

    service.publish_comment(comment, actor=moderator, now=LATER)
    db.session.commit()

    assert [thread.first for thread in queries.comments_of(comment.article_id)] == [comment]
    assert (comment.moderated_at, comment.moderated_by_id) == (LATER, moderator.id)
    (line,) = audit.history_of("comment", comment.id)
    assert (line.action, line.subject_label) == ("comments.publish", "Dominique Lecteur, « Angers »")


def test_a_refused_comment_keeps_the_reason_and_is_not_shown(moderator: User) -> None:
    comment = in_hand(make_comment(make_article(), status=CommentStatus.PUBLISHED))

    service.reject_comment(comment, reason="Publicité.", actor=moderator, now=LATER)
    db.session.commit()

    assert [thread.first for thread in queries.comments_of(comment.article_id)] == []
    (line,) = audit.history_of("comment", comment.id)
    assert line.changes == {"status": ["published", "rejected"], "reason": ["", "Publicité."]}


@pytest.mark.parametrize("decision", ["publish", "reject"])
def test_a_reported_comment_stays_until_the_moderators_decide(decision: str, moderator: User) -> None:
    comment = make_comment(make_article(), status=CommentStatus.PUBLISHED)
    service.report_comment(comment, reason="Ces propos visent une personne.", email="", now=NOW)
    reported = in_hand(comment)
    assert [report.handled_at for report in reported.reports] == [None]
    assert [thread.first for thread in queries.comments_of(comment.article_id)] == [reported]

    if decision == "publish":
        service.publish_comment(reported, actor=moderator, now=LATER)
    else:
        service.reject_comment(reported, reason="", actor=moderator, now=LATER)
    db.session.commit()

    assert [report.handled_at for report in db.session.query(CommentReport)] == [LATER]
