"""The newsroom at a glance: texts by stage, and an issue as it is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.magazine import rules
from eventsapp.magazine.models import Article, Issue, Section
from eventsapp.magazine.queries.stages import at_stage
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus, Stage

#: The columns of the board, in the order in which a text goes through them.
STAGES = (*rules.UNDER_WAY, Stage.WITH_ISSUE, Stage.SCHEDULED)
#: Cards shown in a column; the list has the others.
MOST_CARDS = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A text on the board."""

    article: Article
    #: Nobody's when a program wrote it.
    author: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: those that wait longest come first."""

    stage: Stage
    count: int
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text in the flatplan: its length, and the page on which it begins as far as lengths are known."""

    article: Article
    words: int
    pages: int
    begins_on: int


def board(*, now: datetime, today: date) -> list[Lane]:
    """Return the columns of the board, each with its first cards; section and issue loaded, bodies not. Two queries."""
    counts = db.session.execute(
        sa.select(*(sa.func.count().filter(at_stage(stage)) for stage in STAGES)).select_from(Article)
    ).one()
    stage = sa.case(*((at_stage(each), each.value) for each in STAGES))
    ranked = (
        sa.select(
            Article.id,
            sa.func.row_number().over(partition_by=stage, order_by=(Article.moved_at, Article.id)).label("place"),
        )
        .where(sa.or_(*(at_stage(each) for each in STAGES)))
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Article, User.first_name, User.last_name)
        .join(ranked, ranked.c.id == Article.id)
        .outerjoin(User, User.id == Article.author_id)
        .where(ranked.c.place <= MOST_CARDS)
        .order_by(Article.moved_at, Article.id)
        .options(
            defer(Article.body, raiseload=True),
            joinedload(Article.section),
            joinedload(Article.issue).defer(Issue.editorial, raiseload=True),
        )
    ).all()
    cards = [Card(row[0], f"{row[1] or ''} {row[2] or ''}".strip(), _overdue(row[0], now, today)) for row in rows]
    return [
        Lane(each, count, [card for card in cards if card.article.stage is each])
        for each, count in zip(STAGES, counts, strict=True)
    ]


def flatplan(issue_id: int) -> list[tuple[Section | None, list[Leaf]]]:
    """Return the texts of an issue in the order of its sections, withdrawn ones left out. One query."""
    articles = db.session.scalars(
        sa.select(Article)
        .outerjoin(Section, Section.id == Article.section_id)
        .where(Article.issue_id == issue_id, Article.status != ArticleStatus.WITHDRAWN)
        .order_by(Section.position.is_(None), Section.position, Section.id, *PLACED)
        .options(joinedload(Article.section))
    ).all()
    groups: list[tuple[Section | None, list[Leaf]]] = []
    page = 1
    for article in articles:
        pages = article.pages or rules.printed_pages(article.body)
        if not groups or groups[-1][0] is not article.section:
            groups.append((article.section, []))
        groups[-1][1].append(Leaf(article, len(article.body.split()), pages, page))
        page += pages
    return groups


def neighbours_in_issue(article: Article) -> Sequence[Article]:
    """Return the texts of the same section of the same issue in their order, the article among them."""
    return db.session.scalars(
        sa.select(Article)
        .where(
            Article.issue_id == article.issue_id,
            Article.section_id.is_not_distinct_from(article.section_id),
            Article.status != ArticleStatus.WITHDRAWN,
        )
        .order_by(*PLACED)
        .options(defer(Article.body, raiseload=True))
    ).all()


#: The order within a section: as placed by hand, then the first written first.
PLACED = (Article.place == 0, Article.place, Article.id)


def _overdue(article: Article, now: datetime, today: date) -> bool:
    issue = article.issue
    late = (
        issue is not None
        and issue.status is not IssueStatus.PUBLISHED
        and issue.published_on is not None
        and issue.published_on < today
    )
    return rules.is_overdue(article.stage, since=article.moved_at, now=now, late_issue=late)
