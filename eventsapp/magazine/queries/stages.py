"""Where texts stand for the newsroom, as the database is asked for them."""

import sqlalchemy as sa

from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleStatus, Stage


def at_stage(stage: Stage) -> sa.ColumnElement[bool]:
    """Say that an article stands at ``stage``, as ``Article.stage`` says of a loaded one."""
    match stage:
        case Stage.DRAFT:
            return sa.and_(Article.status == ArticleStatus.DRAFT, Article.review_note == "")
        case Stage.CHANGES:
            return sa.and_(Article.status == ArticleStatus.DRAFT, Article.review_note != "")
        case Stage.IN_REVIEW:
            return sa.and_(Article.status == ArticleStatus.IN_REVIEW, Article.approved_at.is_(None))
        case Stage.APPROVED:
            return sa.and_(Article.status == ArticleStatus.IN_REVIEW, Article.approved_at.is_not(None))
        case Stage.SCHEDULED:
            return sa.and_(Article.status == ArticleStatus.SCHEDULED, Article.publish_at.is_not(None))
        case Stage.WITH_ISSUE:
            return sa.and_(Article.status == ArticleStatus.SCHEDULED, Article.publish_at.is_(None))
        case Stage.PUBLISHED:
            return Article.status == ArticleStatus.PUBLISHED
        case Stage.WITHDRAWN:
            return Article.status == ArticleStatus.WITHDRAWN
