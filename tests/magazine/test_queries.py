"""What leaves the queries: published articles, in the right order, with a fixed number of statements."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError

from eventsapp.core.db import db
from eventsapp.magazine import queries
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus, CommentStatus
from eventsapp.study_days.models import Intervention, StudySession
from tests.support.makers.magazine import PUBLISHED_AT, make_article, make_comment, make_issue, make_section, make_tag
from tests.support.makers.study_days import make_session, make_speaker, make_study_day

pytestmark = pytest.mark.usefixtures("transaction")

HIDDEN = [status for status in ArticleStatus if status is not ArticleStatus.PUBLISHED]


@pytest.mark.parametrize("status", HIDDEN)
def test_an_article_that_is_not_published_leaves_no_function(status: ArticleStatus) -> None:
    section, issue, day, speaker = make_section(), make_issue(), make_study_day(), make_speaker()
    session = make_session(day, speakers=[speaker])
    shown = make_article(slug="visible")
    make_article(
        slug="caché",
        status=status,
        section_id=section.id,
        issue_id=issue.id,
        study_day_id=day.id,
        sessions=[session],
        speakers=[speaker],
        published_at=PUBLISHED_AT + timedelta(days=1),
    )

    assert queries.published_article("caché") is None
    assert queries.reports_of_day(day.id) == []
    assert queries.reports_of_session(session.id) == []
    assert queries.reports_by_session(day.id) == {}
    assert queries.reports_of_speaker(speaker.id) == []
    assert [article.slug for article in queries.latest_articles(5)] == ["visible"]
    assert queries.latest_by_section(5) == []
    assert queries.articles_of_issue(issue.id) == []
    assert [article.slug for article in queries.published_articles(page=1, size=5).items] == ["visible"]
    assert queries.issue_by_number(issue.number) is None
    assert queries.current_issue() is None
    assert list(queries.reading_list(shown)) == []


def test_a_published_article_brings_its_section_issue_day_and_sessions() -> None:
    section, issue, day = make_section("Reportage"), make_issue(376), make_study_day()
    session = make_session(day)
    make_article(slug="angers", section_id=section.id, issue_id=issue.id, study_day_id=day.id, sessions=[session])

    article = queries.published_article("angers")

    assert article is not None
    assert article.section is not None
    assert article.issue is not None
    assert article.study_day is not None
    assert (article.section.name, article.issue.number) == ("Reportage", 376)
    assert article.study_day.city.name == day.city.name
    assert article.sessions == [session]


def test_lists_leave_the_bodies_in_the_database() -> None:
    make_article()
    db.session.expunge_all()
    (article,) = queries.latest_articles(1)

    with pytest.raises(InvalidRequestError):
        _ = article.body


def test_reports_are_told_by_session() -> None:
    day = make_study_day()
    first, second, third = (make_session(day) for _number in range(3))
    both = make_article(study_day_id=day.id, sessions=[first, second])
    later = make_article(study_day_id=day.id, sessions=[second], published_at=PUBLISHED_AT + timedelta(hours=1))
    make_article(study_day_id=make_study_day().id)

    assert queries.reports_by_session(day.id) == {first.id: [both], second.id: [both, later]}
    assert list(queries.reports_of_session(second.id)) == [both, later]
    assert list(queries.reports_of_session(third.id)) == []
    assert list(queries.reports_of_day(day.id)) == [both, later]


def test_a_speaker_is_led_to_what_quotes_them_the_newest_first() -> None:
    speaker = make_speaker()
    older = make_article(speakers=[speaker])
    newer = make_article(speakers=[speaker], published_at=PUBLISHED_AT + timedelta(days=1))
    make_article(speakers=[make_speaker()])

    assert list(queries.reports_of_speaker(speaker.id)) == [newer, older]


def test_voices_keep_the_role_of_the_day_of_the_article() -> None:
    then, since = make_study_day(), make_study_day()
    speaker, other = make_speaker("Michel Monier"), make_speaker("Anne Ailleurs")
    session = make_session(then, speakers=[speaker])
    make_session(since, speakers=[speaker])
    for role, day in (("consultant", since), ("directeur général des services", then)):
        db.session.execute(
            sa.update(Intervention)
            .where(Intervention.session_id.in_(sa.select(StudySession.id).where(StudySession.study_day_id == day.id)))
            .values(role=role)
        )
    article = make_article(study_day_id=then.id, sessions=[session], speakers=[speaker, other])

    voices = queries.voices_of(article)

    assert [(voice.name, said.role if said else None) for voice, said in voices] == [
        ("Michel Monier", "directeur général des services"),
        ("Anne Ailleurs", None),
    ]


def far(words: str, **values: Any) -> Article:
    """Make an article that shares no words with the others."""
    return make_article(title=words, lead=words, **values)


def test_the_reading_list_is_chosen_then_of_the_day_then_of_the_issue_and_at_most_four() -> None:
    day, issue = make_study_day(), make_issue()
    chosen = [far(f"Choisi {number}") for number in (1, 2)]
    of_day = far("Angers", study_day_id=day.id)
    of_issue = [far("Nantes", issue_id=issue.id, published_at=PUBLISHED_AT + timedelta(days=n)) for n in (1, 2)]
    far("Ailleurs")
    article = make_article(study_day_id=day.id, issue_id=issue.id, related=[chosen[1], chosen[0]])

    assert list(queries.reading_list(article)) == [chosen[1], chosen[0], of_day, of_issue[1]]


def test_the_list_goes_from_session_to_tags_to_authors_to_words() -> None:
    day, tag = make_study_day(), make_tag("Finances")
    session = make_session(day)
    by_words = make_article(published_at=PUBLISHED_AT + timedelta(days=9))
    by_author = far("Auteur", authors=["Anne Roux"])
    by_tag = far("Mot", tags=[tag])
    by_session = far("Séance", sessions=[session])
    of_issue = far("Numéro", issue_id=make_issue(600).id)
    article = make_article(sessions=[session], tags=[tag], authors=["Anne Roux"], issue_id=of_issue.issue_id)

    assert list(queries.reading_list(article)) == [by_session, by_tag, by_author, by_words]
    db.session.delete(by_tag)
    db.session.commit()
    assert list(queries.reading_list(article)) == [by_session, by_author, by_words, of_issue]


def test_the_reading_list_of_an_article_like_no_other_is_empty() -> None:
    far("Ailleurs")

    assert list(queries.reading_list(make_article())) == []


def test_a_chosen_article_of_the_same_day_stands_once() -> None:
    day = make_study_day()
    other = make_article(study_day_id=day.id)
    article = make_article(study_day_id=day.id, related=[other])

    assert list(queries.reading_list(article)) == [other]


def test_latest_articles_can_be_of_one_kind() -> None:
    make_article()
    report = make_article(kind=ArticleKind.REPORT)

    assert list(queries.latest_articles(5, kind=ArticleKind.REPORT)) == [report]


def test_sections_come_in_their_order_with_their_newest_articles() -> None:
    second, first = make_section(position=2), make_section(position=1)
    make_section(position=3)
    old, new, newest = (
        make_article(section_id=first.id, published_at=PUBLISHED_AT + timedelta(days=n)) for n in range(3)
    )
    lone = make_article(section_id=second.id)

    assert queries.latest_by_section(2) == [(first, [newest, new]), (second, [lone])]
    assert old not in queries.latest_by_section(2)[0][1]


def test_an_issue_is_shown_once_one_of_its_articles_is() -> None:
    old, current, prepared = make_issue(374), make_issue(602), make_issue(603)
    for issue in (old, current):
        make_article(issue_id=issue.id)
    make_article(issue_id=prepared.id, status=ArticleStatus.SCHEDULED)

    assert queries.current_issue() == (current.number, current.published_on)
    assert queries.issue_by_number(603) is None
    assert list(queries.issues(page=1, size=10).items) == [current, old]


def test_articles_of_an_issue_follow_its_sections_and_those_without_one_come_last() -> None:
    issue, second, first = make_issue(), make_section(position=2), make_section(position=1)
    without = make_article(issue_id=issue.id)
    later = make_article(issue_id=issue.id, section_id=second.id)
    sooner = make_article(issue_id=issue.id, section_id=first.id)

    assert list(queries.articles_of_issue(issue.id)) == [sooner, later, without]


def test_readers_see_published_comments_in_the_order_they_were_written() -> None:
    article = make_article()
    later = make_comment(article, status=CommentStatus.PUBLISHED, created_at=PUBLISHED_AT + timedelta(hours=2))
    sooner = make_comment(article, status=CommentStatus.PUBLISHED, created_at=PUBLISHED_AT)
    pending = make_comment(article)
    make_comment(article, status=CommentStatus.REJECTED)

    assert [thread.first for thread in queries.comments_of(article.id)] == [sooner, later]
    assert queries.published_comment(article.slug, later.id) == later
    assert queries.published_comment(article.slug, pending.id) is None
    assert queries.published_comment(make_article().slug, later.id) is None
