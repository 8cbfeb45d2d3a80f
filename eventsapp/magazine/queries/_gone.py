"""Articles that were taken away from readers, and did not come back yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventsapp.audit.models import AuditEntry
from eventsapp.core import slugs
from eventsapp.core.db import db
from eventsapp.magazine.models import SLUG_KIND, Article, Revision
from eventsapp.magazine.statuses import ArticleKind, ArticleStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """What readers are told instead of an article that was withdrawn, also while it is rewritten."""

    article_id: int
    kind: ArticleKind
    #: As they knew it: what a draft is called meanwhile is nobody's business.
    title: str
    at: datetime
    note: str


#: Whatever becomes of it in the newsroom, it is gone until it appears again.
_GONE = sa.or_(
    Article.status == ArticleStatus.WITHDRAWN,
    sa.and_(Article.status != ArticleStatus.PUBLISHED, Article.withdrawn_note != ""),
)


def withdrawn_article(slug: str) -> Tombstone | None:
    """Return what to say of a withdrawn article that has, or once had, that slug; ``None`` for any other."""
    row = db.session.execute(_tombstones().where(Article.slug == slug)).mappings().one_or_none()
    if row is None and (former := slugs.owner_of(SLUG_KIND, slug)) is not None:
        row = db.session.execute(_tombstones().where(Article.id == former)).mappings().one_or_none()
    return Tombstone(**row) if row is not None else None


def latest_withdrawn(n: int) -> Sequence[Tombstone]:
    """Return what to say of the ``n`` articles that were taken away last."""
    rows = db.session.execute(
        _tombstones().where(Article.published_at.is_not(None)).order_by(sa.desc("at"), Article.id.desc()).limit(n)
    )
    return [Tombstone(**row) for row in rows.mappings()]


def _tombstones() -> sa.Select[int, ArticleKind, str, datetime, str]:
    """Ask for the articles that are gone. One that is a draft again was moved since: the history knows when it went."""
    went = (
        sa.select(sa.func.max(AuditEntry.at))
        .where(
            AuditEntry.subject_kind == "article",
            AuditEntry.subject_id == Article.id,
            AuditEntry.action == "articles.withdraw",
        )
        .correlate(Article)
        .scalar_subquery()
    )
    shown = (
        sa.select(Revision.title)
        .where(Revision.article_id == Article.id, Revision.is_kept)
        .order_by(Revision.number.desc())
        .limit(1)
        .correlate(Article)
        .scalar_subquery()
    )
    is_withdrawn = Article.status == ArticleStatus.WITHDRAWN
    at = sa.case((is_withdrawn, Article.moved_at), else_=sa.func.coalesce(went, Article.moved_at))
    return sa.select(
        Article.id.label("article_id"),
        Article.kind,
        sa.func.coalesce(shown, Article.title).label("title"),
        sa.type_coerce(at, Article.moved_at.type).label("at"),
        Article.withdrawn_note.label("note"),
    ).where(_GONE)
