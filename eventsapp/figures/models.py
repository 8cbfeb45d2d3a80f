"""How often an article was read, by day and kind of reader: nothing tells by whom."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model
from eventsapp.figures.statuses import ReadBy


class ArticleRead(Model):
    """So many readings of one article on one day by one kind of reader."""

    __tablename__ = "article_reads"
    __table_args__ = (
        sa.UniqueConstraint("article_id", "read_on", "read_by"),
        sa.CheckConstraint("count > 0", name="count_positive"),
        sa.Index(None, "read_on", "article_id"),
    )

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    read_on: Mapped[date]
    read_by: Mapped[ReadBy]
    count: Mapped[int]
