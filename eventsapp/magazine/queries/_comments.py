"""Comments that readers may see, and who may write none."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, defer

from eventsapp.core.db import db
from eventsapp.magazine.models import Article, Comment, CommentBan
from eventsapp.magazine.statuses import ArticleStatus, CommentStatus


def comments_of(article_id: int) -> Sequence[Comment]:
    """Return the published comments of the article, the oldest first."""
    return db.session.scalars(
        sa.select(Comment)
        .where(Comment.article_id == article_id, Comment.status == CommentStatus.PUBLISHED)
        .order_by(Comment.created_at, Comment.id)
    ).all()


def published_comment(slug: str, comment_id: int) -> Comment | None:
    """Return that published comment of the published article ``slug``, the article loaded without its body."""
    return db.session.scalar(
        sa.select(Comment)
        .join(Comment.article)
        .where(
            Comment.id == comment_id,
            Comment.status == CommentStatus.PUBLISHED,
            Article.slug == slug,
            Article.status == ArticleStatus.PUBLISHED,
        )
        .options(contains_eager(Comment.article).options(defer(Article.body, raiseload=True)))
    )


def comment_ban(email: str) -> CommentBan | None:
    """Return the ban of that address, or ``None``."""
    return db.session.scalar(sa.select(CommentBan).where(CommentBan.email == email.strip().lower()))
