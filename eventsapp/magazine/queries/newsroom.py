"""Reading as the newsroom does: drafts, what is withdrawn, what waits. For the office and for services only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from eventsapp.core import plain_text
from eventsapp.core.db import db
from eventsapp.core.pagination import Page, paginate
from eventsapp.magazine.models import (
    Article,
    Comment,
    CommentBan,
    Issue,
    RelatedArticle,
    Section,
    Tag,
    article_sessions,
)
from eventsapp.magazine.queries.stages import at_stage
from eventsapp.magazine.statuses import ArticleStatus, IssueStatus, Stage
from eventsapp.places.models import City
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession

#: Speakers or articles that a search in the editor proposes.
MOST_FOUND = 12
#: Days that the editor proposes to choose from.
MOST_DAYS = 200
#: The section of reports.
REPORTING = "reportage"


@dataclass(frozen=True, slots=True)
class Choices:
    """What an article can be put under."""

    #: Key and name, in order.
    sections: Sequence[tuple[int, str]]
    #: Key, number and title, the newest first.
    issues: Sequence[tuple[int, int, str]]
    #: Key, town, date and title, the latest first.
    days: Sequence[tuple[int, str, date, str]]


@dataclass(frozen=True, slots=True)
class TextsOfIssue:
    """How far the texts of an issue are."""

    waiting: int
    published: int
    under_way: int


_NOT_UNDER_WAY = frozenset({Stage.WITH_ISSUE, Stage.PUBLISHED, Stage.WITHDRAWN})


def _whole() -> tuple[ORMOption, ...]:
    return (
        joinedload(Article.cover),
        joinedload(Article.section),
        joinedload(Article.issue),
        joinedload(Article.study_day).joinedload(StudyDay.city),
        selectinload(Article.sessions),
        selectinload(Article.corrections),
        selectinload(Article.speakers),
        selectinload(Article.authors),
        selectinload(Article.tags),
        selectinload(Article.related).joinedload(RelatedArticle.other).defer(Article.body, raiseload=True),
    )


def article(article_id: int) -> Article | None:
    """Return that article, whatever its status, or ``None``.

    Loaded: cover, section, issue, study day with its city, sessions, speakers, authors, tags, « À lire » with titles.
    """
    return db.session.scalar(sa.select(Article).where(Article.id == article_id).options(*_whole()))


def article_by_slug(slug: str) -> Article | None:
    """Return the article with that slug, whatever its status, loaded as by ``article``; or ``None``."""
    return db.session.scalar(sa.select(Article).where(Article.slug == slug).options(*_whole()))


def due_article(now: datetime) -> Article | None:
    """Return an article that should have appeared by ``now``, held for this transaction; or ``None``."""
    return db.session.scalar(
        sa.select(Article)
        .where(Article.status == ArticleStatus.SCHEDULED, Article.publish_at <= now)
        .order_by(Article.publish_at, Article.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def due_issue(now: datetime) -> Issue | None:
    """Return an issue that should have appeared by ``now``, held for this transaction; or ``None``."""
    return db.session.scalar(
        sa.select(Issue)
        .where(Issue.status == IssueStatus.SCHEDULED, Issue.publish_at <= now)
        .order_by(Issue.publish_at, Issue.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def waiting_for_issue(issue_id: int) -> Sequence[Article]:
    """Return the texts that appear with that issue, by key, held for this transaction."""
    return db.session.scalars(
        sa.select(Article)
        .where(Article.issue_id == issue_id, Article.status == ArticleStatus.SCHEDULED, Article.publish_at.is_(None))
        .order_by(Article.id)
        .with_for_update()
    ).all()


def texts_of_issue(issue_id: int) -> TextsOfIssue:
    """Return how many texts of that issue wait for it, have appeared, and are still being written. One query."""
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(at_stage(Stage.WITH_ISSUE)),
            sa.func.count().filter(at_stage(Stage.PUBLISHED)),
            sa.func.count().filter(sa.or_(*(at_stage(stage) for stage in Stage if stage not in _NOT_UNDER_WAY))),
        ).where(Article.issue_id == issue_id)
    ).one()
    return TextsOfIssue(*row)


def published_in_issue(issue_id: int) -> bool:
    """Return whether readers have a text of that issue already."""
    return bool(
        db.session.scalar(
            sa.select(sa.exists().where(Article.issue_id == issue_id, Article.status == ArticleStatus.PUBLISHED))
        )
    )


def sections() -> Sequence[Section]:
    """Return the sections in their order."""
    return db.session.scalars(sa.select(Section).order_by(Section.position, Section.id)).all()


def section(section_id: int) -> Section | None:
    return db.session.get(Section, section_id)


def reporting_section() -> Section | None:
    """Return the section that reports belong to unless somebody says otherwise, if there is one."""
    return section_by_slug(REPORTING)


def section_by_slug(slug: str) -> Section | None:
    return db.session.scalar(sa.select(Section).where(Section.slug == slug))


def articles_in_section(section_id: int) -> int:
    """Return how many articles stand under that section, drafts included."""
    return db.session.scalar(sa.select(sa.func.count()).where(Article.section_id == section_id)) or 0


def issue(number: int) -> Issue | None:
    """Return the issue with that number, shown or not; its cover and its PDF loaded."""
    return db.session.scalar(
        sa.select(Issue).where(Issue.number == number).options(joinedload(Issue.cover), joinedload(Issue.pdf))
    )


def day(day_id: int) -> StudyDay | None:
    """Return that day, whatever its status; loaded: city, sessions with their interventions and speakers."""
    return db.session.scalar(_days().where(StudyDay.id == day_id))


def day_by_slug(slug: str) -> StudyDay | None:
    """Return the day with that slug, whatever its status, loaded as by ``day``."""
    return db.session.scalar(_days().where(StudyDay.slug == slug))


def _days() -> sa.Select[StudyDay]:
    return sa.select(StudyDay).options(
        joinedload(StudyDay.city),
        selectinload(StudyDay.sessions).joinedload(StudySession.interventions).joinedload(Intervention.speaker),
    )


def choices() -> Choices:
    """Return what an article can be put under: sections, issues, and the latest days. One query."""
    days = (
        sa.select(StudyDay.id, City.name, StudyDay.title, StudyDay.held_on, StudyDay.starts_at)
        .join(StudyDay.city)
        .order_by(StudyDay.starts_at.desc(), StudyDay.id)
        .limit(MOST_DAYS)
        .subquery()
    )
    no_text, no_date = sa.cast(sa.null(), sa.String()), sa.cast(sa.null(), sa.Date())
    rows = db.session.execute(
        sa.union_all(
            sa.select(
                sa.literal("section").label("kind"), Section.id, Section.name, no_text, no_date, Section.position
            ),
            sa.select(sa.literal("issue"), Issue.id, Issue.title, no_text, no_date, Issue.number),
            sa.select(sa.literal("day"), days.c.id, days.c.name, days.c.title, days.c.held_on, sa.literal(0)),
        )
    ).all()
    by_kind = {kind: [row for row in rows if row[0] == kind] for kind in ("section", "issue", "day")}
    return Choices(
        sections=[(row[1], row[2]) for row in sorted(by_kind["section"], key=lambda row: (row[5], row[1]))],
        issues=[(row[1], row[5], row[2]) for row in sorted(by_kind["issue"], key=lambda row: -row[5])],
        days=[(row[1], row[2], row[4], row[3]) for row in sorted(by_kind["day"], key=lambda row: row[4], reverse=True)],
    )


def speakers(ids: Sequence[int]) -> Sequence[Speaker]:
    """Return these speakers by name; keys that nobody has are left out."""
    return db.session.scalars(
        sa.select(Speaker).where(Speaker.id.in_(ids)).order_by(Speaker.last_name, Speaker.first_name, Speaker.id)
    ).all()


def speakers_by_name(names: Sequence[str]) -> dict[str, list[Speaker]]:
    """Return the speakers of each of these names, folded (``plain_text``), accents and capitals ignored."""
    name = plain_text.folded(Speaker.first_name + " " + Speaker.last_name)
    wanted = [plain_text.fold(each) or "" for each in names]
    found: dict[str, list[Speaker]] = {}
    for speaker in db.session.scalars(sa.select(Speaker).where(name.in_(wanted)).order_by(Speaker.id)):
        found.setdefault(plain_text.fold(speaker.name) or "", []).append(speaker)
    return found


def tags(slugs: Sequence[str]) -> Sequence[Tag]:
    """Return the tags with these slugs."""
    return db.session.scalars(sa.select(Tag).where(Tag.slug.in_(slugs))).all()


def speakers_called(words: str) -> Sequence[Speaker]:
    """Return the first speakers in whose name every word is found, accents and capitals ignored."""
    name = plain_text.folded(Speaker.first_name + " " + Speaker.last_name)
    return db.session.scalars(
        sa.select(Speaker)
        .where(*(name.contains(plain_text.fold(word) or "", autoescape=True) for word in words.split()))
        .order_by(Speaker.last_name, Speaker.first_name, Speaker.id)
        .limit(MOST_FOUND)
    ).all()


def articles(ids: Sequence[int]) -> Sequence[Article]:
    """Return these articles in the order of ``ids``, whatever their status; issue loaded, bodies not."""
    found = {row.id: row for row in db.session.scalars(_titles().where(Article.id.in_(ids)))}
    return [found[key] for key in ids if key in found]


def heading(article_id: int) -> Article | None:
    """Return that article for its title and its status, issue loaded, body not; or ``None``."""
    return db.session.scalar(_titles().where(Article.id == article_id))


def articles_called(words: str, *, but: int | None = None) -> Sequence[Article]:
    """Return the newest articles in whose title every word is found, but withdrawn ones; issue loaded, bodies not."""
    title = plain_text.folded(Article.title)
    statement = _titles().where(
        Article.status != ArticleStatus.WITHDRAWN,
        *(title.contains(plain_text.fold(word) or "", autoescape=True) for word in words.split()),
    )
    if but is not None:
        statement = statement.where(Article.id != but)
    return db.session.scalars(statement.order_by(Article.id.desc()).limit(MOST_FOUND)).all()


def _titles() -> sa.Select[Article]:
    return sa.select(Article).options(defer(Article.body, raiseload=True), joinedload(Article.issue))


def comment(comment_id: int) -> Comment | None:
    """Return that comment, whatever its status; loaded: its article without the body, and the reports about it."""
    return db.session.scalar(
        sa.select(Comment)
        .where(Comment.id == comment_id)
        .options(joinedload(Comment.article).defer(Article.body, raiseload=True), selectinload(Comment.reports))
    )


def comment_bans(*, page: int, size: int) -> Page[CommentBan]:
    """Return a page of who may comment no more, the last banned first."""
    return paginate(sa.select(CommentBan).order_by(CommentBan.at.desc(), CommentBan.id.desc()), page=page, size=size)


def ban(ban_id: int) -> CommentBan | None:
    return db.session.get(CommentBan, ban_id)


def is_reported(session_id: int) -> bool:
    """Return whether an article, published or not, is about the session."""
    return bool(db.session.scalar(sa.select(sa.exists().where(article_sessions.c.session_id == session_id))))
