"""The newsroom at a glance: texts by stage, and an issue as it is laid out."""

from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from eventsapp.accounts.access import RoleName
from eventsapp.magazine.queries import board
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus, Stage
from tests.support.makers.accounts import make_user
from tests.support.makers.magazine import make_article, make_issue, make_section
from tests.support.makers.study_days import NOW
from tests.support.queries import QueryCount

pytestmark = pytest.mark.usefixtures("transaction")

TODAY = date(2026, 11, 23)


def test_each_text_stands_in_the_column_of_its_stage_and_no_other() -> None:
    texts = {
        Stage.DRAFT: make_article(status=ArticleStatus.DRAFT),
        Stage.CHANGES: make_article(status=ArticleStatus.DRAFT, review_note="À revoir."),
        Stage.IN_REVIEW: make_article(status=ArticleStatus.IN_REVIEW),
        Stage.APPROVED: make_article(status=ArticleStatus.IN_REVIEW, approved_at=NOW),
        Stage.WITH_ISSUE: make_article(status=ArticleStatus.SCHEDULED, publish_at=None),
        Stage.SCHEDULED: make_article(status=ArticleStatus.SCHEDULED),
    }
    make_article()
    make_article(status=ArticleStatus.WITHDRAWN)

    lanes = board.board(now=NOW, today=TODAY)

    assert [(lane.stage, lane.count, [card.article for card in lane.cards]) for lane in lanes] == [
        (stage, 1, [article]) for stage, article in texts.items()
    ]


def test_the_board_says_who_wrote_it_and_what_waits_for_too_long() -> None:
    author = make_user(RoleName.ORGANISER)
    long_ago = NOW - timedelta(days=6)
    late = make_issue(status=IssueStatus.PREPARING, published_on=TODAY - timedelta(days=1))
    out = make_issue(status=IssueStatus.PUBLISHED, published_on=TODAY - timedelta(days=1))
    make_article(status=ArticleStatus.IN_REVIEW, moved_at=long_ago, author_id=author.id)
    make_article(status=ArticleStatus.IN_REVIEW, moved_at=NOW)
    make_article(status=ArticleStatus.DRAFT, moved_at=long_ago, issue_id=late.id)
    make_article(status=ArticleStatus.DRAFT, moved_at=NOW, issue_id=out.id)

    lanes = {lane.stage: lane.cards for lane in board.board(now=NOW, today=TODAY)}

    assert [(card.author, card.is_overdue) for card in lanes[Stage.IN_REVIEW]] == [(author.name, True), ("", False)]
    assert [card.is_overdue for card in lanes[Stage.DRAFT]] == [True, False]


@pytest.mark.parametrize("texts", [1, board.MOST_CARDS + 3])
def test_a_column_shows_those_that_wait_longest_and_counts_all(
    count_queries: AbstractContextManager[QueryCount], texts: int
) -> None:
    made = [
        make_article(status=ArticleStatus.DRAFT, moved_at=NOW - timedelta(hours=number), issue_id=make_issue().id)
        for number in range(texts)
    ]
    slugs = [article.slug for article in reversed(made)][: board.MOST_CARDS]

    with count_queries as count:
        lane = board.board(now=NOW, today=TODAY)[0]

    assert count() == 2
    assert (lane.count, [card.article.slug for card in lane.cards]) == (texts, slugs)


def test_the_flatplan_follows_the_sections_and_the_places_and_counts_the_pages() -> None:
    issue = make_issue()
    second, first = make_section("Doc-Doc", position=2), make_section("Reportage", position=1)
    loose = make_article(issue_id=issue.id, body="un deux trois")
    late = make_article(issue_id=issue.id, section_id=second.id, place=2, body="mot " * 451)
    early = make_article(issue_id=issue.id, section_id=second.id, place=1, pages=4)
    unplaced = make_article(issue_id=issue.id, section_id=second.id)
    opening = make_article(issue_id=issue.id, section_id=first.id)
    make_article(issue_id=issue.id, status=ArticleStatus.WITHDRAWN)
    make_article()

    groups = board.flatplan(issue.id)

    assert [section and section.name for section, _leaves in groups] == ["Reportage", "Doc-Doc", None]
    leaves = [leaf for _section, group in groups for leaf in group]
    assert [leaf.article for leaf in leaves] == [opening, early, late, unplaced, loose]
    assert [(leaf.pages, leaf.begins_on) for leaf in leaves] == [(1, 1), (4, 2), (2, 6), (1, 8), (1, 9)]
    assert leaves[-1].words == 3
