"""Issues, articles, and what belongs to their text."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core.db import Base, Model
from eventsapp.files.models import StoredFile
from eventsapp.magazine import rules
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, IssueStatus, Stage
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


#: The pictures that the text of an article names, now or in a former version: it may be taken up again.
article_text_pictures = sa.Table(
    "article_text_pictures",
    Base.metadata,
    sa.Column("article_id", sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("picture_id", sa.ForeignKey("text_pictures.id", ondelete="CASCADE"), primary_key=True, index=True),
    #: Whether the present text does.
    sa.Column("is_shown", sa.Boolean, nullable=False),
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


class TextPicture(Model):
    """A picture brought for the text of articles; what it shows is said there, in Markdown."""

    __tablename__ = "text_pictures"

    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), unique=True)
    file: Mapped[StoredFile] = relationship(lazy="raise")
    brought_at: Mapped[datetime]


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
