"""What readers do with articles, and on which terms: comments, pages sent on, articles given."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core import references
from eventsapp.core.db import Model
from eventsapp.magazine import rules
from eventsapp.magazine.models._articles import Article
from eventsapp.magazine.statuses import CommentStatus


class Comment(Model):
    """What a reader wrote under an article; shown once somebody has read it."""

    __tablename__ = "comments"
    __shown_in__ = "magazine"
    __table_args__ = (sa.Index(None, "article_id", "status"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    article: Mapped[Article] = relationship(lazy="raise")
    author_name: Mapped[str] = mapped_column(sa.String(80))
    author_email: Mapped[str] = mapped_column(sa.String(254))
    #: Who was signed in: the address is theirs then, and not only typed.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    #: What it answers: never an answer itself.
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    body: Mapped[str] = mapped_column(sa.Text)
    #: When its author mended it last.
    edited_at: Mapped[datetime | None]
    status: Mapped[CommentStatus] = mapped_column(default=CommentStatus.PENDING, index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    moderated_at: Mapped[datetime | None]
    moderated_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    reports: Mapped[list["CommentReport"]] = relationship(
        lazy="raise", order_by="CommentReport.at", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def mended_until(self) -> datetime:
        """Until when its author may mend it."""
        return rules.edit_until(self.created_at)

    @property
    def public_name(self) -> str:
        """The name that readers see where the magazine knows no better one."""
        return rules.public_name(self.author_name)


class CommentReport(Model):
    """Somebody told the magazine that a published comment should not stand there."""

    __tablename__ = "comment_reports"

    comment_id: Mapped[int] = mapped_column(sa.ForeignKey("comments.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(sa.String(500))
    #: Where to answer, if the person gave an address.
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    #: When the moderators decided about the comment.
    handled_at: Mapped[datetime | None]


class CommentBan(Model):
    """An address that may comment no more, until the ban is lifted."""

    __tablename__ = "comment_bans"

    #: Lower case.
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    #: Under which name the comment was sent that led to it.
    name: Mapped[str] = mapped_column(sa.String(80))
    #: Told to whoever tries.
    reason: Mapped[str] = mapped_column(sa.String(300))
    at: Mapped[datetime]


class Share(Model):
    """An article or a day sent to a friend; the addresses are kept as fingerprints, to count and no more."""

    __tablename__ = "shares"

    at: Mapped[datetime] = mapped_column(index=True)
    path: Mapped[str] = mapped_column(sa.String(300))
    sender_hash: Mapped[str] = mapped_column(sa.String(64))
    recipient_hash: Mapped[str] = mapped_column(sa.String(64), index=True)


class ReadingTerms(Model):
    """What holds for every reserved article that says nothing else: the one row of its table."""

    __tablename__ = "reading_terms"
    __shown_in__ = "magazine"
    __table_args__ = (
        sa.CheckConstraint("free_paragraphs >= 0", name="free_paragraphs_positive"),
        sa.CheckConstraint("opens_after_months >= 0", name="opens_after_months_positive"),
        sa.CheckConstraint("gifts_a_month >= 0", name="gifts_a_month_positive"),
        sa.CheckConstraint("comments_days >= 0", name="comments_days_positive"),
    )

    free_paragraphs: Mapped[int]
    #: 0 for never.
    opens_after_months: Mapped[int]
    #: Articles that one subscriber may give in a calendar month.
    gifts_a_month: Mapped[int]
    #: Days after publication during which an article takes comments, 0 for always.
    comments_days: Mapped[int]


class ArticleGift(Model):
    """A link by which a subscriber lets anybody read one article for a while."""

    __tablename__ = "article_gifts"
    __table_args__ = (sa.Index(None, "giver_id", "given_at"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    article: Mapped[Article] = relationship(lazy="raise")
    giver_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    giver: Mapped[User] = relationship(lazy="raise")
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    given_at: Mapped[datetime]
    #: The moment itself is excluded.
    until: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
