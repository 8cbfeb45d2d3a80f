"""Issues, articles and what hangs on them."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core import references
from eventsapp.core.db import Base, Model
from eventsapp.files.models import StoredFile
from eventsapp.magazine import rules
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, CommentStatus, IssueStatus, Stage
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import StudyDay, StudySession

#: Characters of a signature.
BYLINE_LENGTH = 150
#: The kind under which former addresses of articles are kept (``core/slugs``).
SLUG_KIND = "article"

article_sessions = sa.Table(
    "article_sessions",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("session_id", sa.ForeignKey("study_sessions.id", ondelete="CASCADE"), primary_key=True, index=True),
)
article_speakers = sa.Table(
    "article_speakers",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("speaker_id", sa.ForeignKey("speakers.id", ondelete="CASCADE"), primary_key=True, index=True),
)

article_tags = sa.Table(
    "article_tags",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Issue(Model):
    """A number of the magazine."""

    __tablename__ = "issues"
    __shown_in__ = "magazine"
    __table_args__ = (sa.Index(None, "status", "publish_at"),)

    number: Mapped[int] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    #: The date on its cover; unknown for some old numbers.
    published_on: Mapped[date | None] = mapped_column(index=True)
    status: Mapped[IssueStatus] = mapped_column(default=IssueStatus.PREPARING)
    #: When a scheduled one is to appear, with all the texts that wait for it.
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    #: In Markdown.
    editorial: Mapped[str] = mapped_column(sa.Text, default="")
    cover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    cover: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[cover_id])
    #: What the cover shows, for those who do not see it; and whose picture it is.
    cover_alt: Mapped[str] = mapped_column(sa.String(300), default="")
    cover_credit: Mapped[str] = mapped_column(sa.String(150), default="")
    #: The whole number as printed, for subscribers.
    pdf_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    pdf: Mapped[StoredFile | None] = relationship(lazy="raise", foreign_keys=[pdf_id])


class Section(Model):
    """A heading of the magazine: Reportage, Juridique, Doc-Doc."""

    __tablename__ = "sections"
    __shown_in__ = "magazine"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int]


class Tag(Model):
    """A word that articles are filed under, beside their section."""

    __tablename__ = "tags"
    __shown_in__ = "magazine"

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))


class Article(Model):
    """An article, or the report of a study day."""

    __tablename__ = "articles"
    __shown_in__ = "magazine"
    __table_args__ = (
        sa.Index(None, "status", "published_at"),
        sa.Index(None, "status", "publish_at"),
        # The order in which libraries harvest.
        sa.Index(None, "updated_at", "id"),
    )

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    kind: Mapped[ArticleKind] = mapped_column(default=ArticleKind.ARTICLE)
    section_id: Mapped[int | None] = mapped_column(sa.ForeignKey("sections.id"), index=True)
    section: Mapped[Section | None] = relationship(lazy="raise")
    issue_id: Mapped[int | None] = mapped_column(sa.ForeignKey("issues.id"), index=True)
    issue: Mapped[Issue | None] = relationship(lazy="raise")
    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id"), index=True)
    study_day: Mapped[StudyDay | None] = relationship(lazy="raise")
    cover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    cover: Mapped[StoredFile | None] = relationship(lazy="raise")
    #: What its picture shows, for those who do not see it; and whose picture it is.
    cover_alt: Mapped[str] = mapped_column(sa.String(300), default="")
    cover_credit: Mapped[str] = mapped_column(sa.String(150), default="")
    title: Mapped[str] = mapped_column(sa.String(200))
    subtitle: Mapped[str] = mapped_column(sa.String(200), default="")
    lead: Mapped[str] = mapped_column(sa.Text, default="")
    #: In Markdown (``core/markdown``).
    body: Mapped[str] = mapped_column(sa.Text, default="")
    #: Who signs, in words: the names of ``authors`` where there are any.
    byline: Mapped[str] = mapped_column(sa.String(BYLINE_LENGTH), default="la rédaction")
    access: Mapped[Access] = mapped_column(default=Access.PUBLIC)
    #: Paragraphs of a reserved text that everybody reads; without a number, as many as ``ReadingTerms`` says.
    free_paragraphs: Mapped[int | None]
    #: Months after which a reserved text is everybody's, 0 for never; without a number, as ``ReadingTerms`` says.
    opens_after_months: Mapped[int | None]
    #: When it opened to everybody by itself: it does so once, and may be reserved again.
    opened_at: Mapped[datetime | None]
    status: Mapped[ArticleStatus] = mapped_column(default=ArticleStatus.DRAFT)
    #: When a scheduled article is to appear; a scheduled one without an hour appears with its issue.
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    #: Since when it stands at its stage.
    moved_at: Mapped[datetime] = mapped_column(default=lambda context: context.get_current_parameters()["created_at"])
    #: What the reviewer who sent it back asks for; empty in all others.
    review_note: Mapped[str] = mapped_column(sa.Text, default="")
    #: Its place within its section of the issue, from 1; 0 while nobody has placed it, which comes after the others.
    place: Mapped[int] = mapped_column(default=0)
    #: The pages that it takes in print, where that is known.
    pages: Mapped[int | None]
    #: When somebody other than the author said that it may appear; nothing when the author has changed it since.
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    withdrawn_note: Mapped[str] = mapped_column(sa.Text, default="")
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    #: Raised at every save, so that two editors cannot silently overwrite each other.
    version: Mapped[int] = mapped_column(default=1)
    #: Made up for the demonstration: the page says so.
    is_fictional: Mapped[bool] = mapped_column(default=False)

    sessions: Mapped[list[StudySession]] = relationship(
        secondary=article_sessions, lazy="raise", order_by=StudySession.position
    )
    speakers: Mapped[list[Speaker]] = relationship(
        secondary=article_speakers, lazy="raise", order_by=(Speaker.last_name, Speaker.first_name)
    )
    authors: Mapped[list["ArticleAuthor"]] = relationship(
        lazy="raise", order_by="ArticleAuthor.position", cascade="all, delete-orphan"
    )
    tags: Mapped[list[Tag]] = relationship(secondary=article_tags, lazy="raise", order_by=Tag.name)
    related: Mapped[list["RelatedArticle"]] = relationship(
        lazy="raise",
        order_by="RelatedArticle.position",
        cascade="all, delete-orphan",
        foreign_keys="RelatedArticle.article_id",
    )

    corrections: Mapped[list["Correction"]] = relationship(
        lazy="raise", order_by="Correction.at", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def stage(self) -> Stage:
        """Where it stands for the newsroom."""
        return rules.stage(
            self.status,
            sent_back=bool(self.review_note),
            approved=self.approved_at is not None,
            dated=self.publish_at is not None,
        )

    @property
    def dated_at(self) -> datetime | None:
        """When it appeared, as readers are told; nothing for an old number whose date is unknown. Issue loaded."""
        undated = self.issue is not None and self.issue.published_on is None
        return None if undated else self.published_at


class ArticleAuthor(Model):
    """Somebody who wrote an article; a speaker, or known by name alone."""

    __tablename__ = "article_authors"
    __shown_in__ = "magazine"
    __table_args__ = (sa.UniqueConstraint("article_id", "slug"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(150))
    #: In the address of the author's page: the speaker's own, or one made from the name.
    slug: Mapped[str] = mapped_column(sa.String(120), index=True)
    speaker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("speakers.id", ondelete="SET NULL"), index=True)
    speaker: Mapped[Speaker | None] = relationship(lazy="raise")


class Correction(Model):
    """What the magazine corrected in a published article, as its readers are told."""

    __tablename__ = "article_corrections"
    __shown_in__ = "magazine"

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(sa.Text)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)


class Revision(Model):
    """The words of an article as somebody saved them."""

    __tablename__ = "article_revisions"
    __table_args__ = (sa.UniqueConstraint("article_id", "number"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    #: The version that the article had from then on; not every version has other words.
    number: Mapped[int]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    by_label: Mapped[str] = mapped_column(sa.String(200))
    title: Mapped[str] = mapped_column(sa.String(200))
    subtitle: Mapped[str] = mapped_column(sa.String(200))
    lead: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    byline: Mapped[str] = mapped_column(sa.String(150))
    #: The members that differ from the revision before.
    changed: Mapped[list[Any]]
    #: The number of the revision whose words were taken up again.
    restored_from: Mapped[int | None]
    #: The first one, and those that readers had: never dropped.
    is_kept: Mapped[bool] = mapped_column(default=False)


class Autosave(Model):
    """What somebody has typed into an article and not saved yet; never seen by anybody else."""

    __tablename__ = "article_autosaves"
    __table_args__ = (sa.UniqueConstraint("article_id", "user_id"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    #: The version of the article that was opened.
    version: Mapped[int]
    title: Mapped[str] = mapped_column(sa.Text)
    subtitle: Mapped[str] = mapped_column(sa.Text)
    lead: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text)
    byline: Mapped[str] = mapped_column(sa.Text)


class EditorAtWork(Model):
    """Somebody has an article open in the editor; counts as long as it was renewed lately."""

    __tablename__ = "article_presences"
    __table_args__ = (sa.UniqueConstraint("article_id", "user_id"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(lazy="raise")
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class RelatedArticle(Model):
    """An article that another sends its readers to, under « À lire »."""

    __tablename__ = "related_articles"
    __shown_in__ = "magazine"
    __table_args__ = (sa.UniqueConstraint("article_id", "other_id"),)

    article_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    other: Mapped[Article] = relationship(lazy="raise", foreign_keys=[other_id])
    position: Mapped[int]


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
