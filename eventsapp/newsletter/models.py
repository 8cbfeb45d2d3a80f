"""Readers of the newsletter and what they agreed to, letters, what stands in them, and whom each was for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core import references
from eventsapp.core.db import Base, Model
from eventsapp.magazine.models import Article
from eventsapp.mail.models import OutgoingMail
from eventsapp.mail.statuses import RecipientStatus
from eventsapp.newsletter.statuses import ConsentEvent, LetterStatus, ReaderStatus
from eventsapp.newsletter.values import Choice
from eventsapp.study_days.models import StudyDay, Theme

reader_themes = sa.Table(
    "newsletter_reader_themes",
    Base.metadata,
    sa.Column("reader_id", sa.ForeignKey("newsletter_readers.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("theme_id", sa.ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class Reader(Model):
    """Somebody who asked for the newsletter."""

    __tablename__ = "newsletter_readers"
    __table_args__ = (sa.Index(None, "status", "asked_at"), sa.Index(None, "status", "acted_at"))

    #: In lower case.
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    status: Mapped[ReaderStatus] = mapped_column(default=ReaderStatus.PENDING)
    #: In the link of their own page, which each letter carries.
    secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: In the link that confirms the address.
    confirm_secret: Mapped[str] = mapped_column(sa.String(64), unique=True, default=references.new_secret)
    #: Everything, whatever themes there will be.
    all_themes: Mapped[bool] = mapped_column(default=True)
    themes: Mapped[list[Theme]] = relationship(secondary=reader_themes, lazy="raise", order_by=Theme.name)
    #: When they asked last.
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    #: When they did something about the letter last; reading one does not count.
    acted_at: Mapped[datetime]
    #: Since when they are asked whether they still want it; nothing once they said so.
    still_asked_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None] = mapped_column(index=True)

    @property
    def choice(self) -> Choice:
        """Which themes they want; themes loaded."""
        return Choice(all_themes=self.all_themes, themes=frozenset(theme.id for theme in self.themes))


class Consent(Model):
    """What a reader agreed to or took back, in the words that they were shown."""

    __tablename__ = "newsletter_consents"

    reader_id: Mapped[int] = mapped_column(sa.ForeignKey("newsletter_readers.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    event: Mapped[ConsentEvent]
    text: Mapped[str] = mapped_column(sa.Text, default="")


class Letter(Model):
    """One letter: that of a week."""

    __tablename__ = "newsletter_letters"
    __table_args__ = (sa.Index(None, "status", "starts_at"),)

    #: Its Monday: a week has one letter, however often and wherever the worker looks.
    week: Mapped[date] = mapped_column(unique=True)
    subject: Mapped[str] = mapped_column(sa.String(200))
    #: In Markdown.
    intro: Mapped[str] = mapped_column(sa.Text, default="")
    status: Mapped[LetterStatus] = mapped_column(default=LetterStatus.DRAFT)
    #: What appeared until then was looked at.
    covers_until: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    #: From then on it leaves; until then it may be taken back.
    starts_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    #: How many addresses it was for, those left out included; unknown until it leaves.
    total: Mapped[int] = mapped_column(default=0)
    #: Raised at every save, so that two editors cannot silently overwrite each other.
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["LetterItem"]] = relationship(
        lazy="raise", order_by="(LetterItem.position, LetterItem.id)", cascade="all, delete-orphan"
    )


class LetterItem(Model):
    """An article or a day in a letter."""

    __tablename__ = "newsletter_items"
    __table_args__ = (
        sa.UniqueConstraint("letter_id", "article_id"),
        sa.UniqueConstraint("letter_id", "study_day_id"),
        sa.CheckConstraint("(article_id IS NULL) <> (study_day_id IS NULL)", name="one_thing"),
    )

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("newsletter_letters.id", ondelete="CASCADE"))
    article_id: Mapped[int | None] = mapped_column(sa.ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    article: Mapped[Article | None] = relationship(lazy="raise")
    study_day_id: Mapped[int | None] = mapped_column(sa.ForeignKey("study_days.id", ondelete="CASCADE"), index=True)
    study_day: Mapped[StudyDay | None] = relationship(lazy="raise")
    position: Mapped[int]
    #: The office left it in.
    is_in: Mapped[bool] = mapped_column(default=True)
    #: In Markdown: what is said of it instead of its own lead.
    text: Mapped[str] = mapped_column(sa.Text, default="")


class LetterRecipient(Model):
    """The ledger of a letter: each address once, whatever happens to the worker; none of who is forgotten."""

    __tablename__ = "newsletter_recipients"
    __table_args__ = (sa.UniqueConstraint("letter_id", "address"), sa.Index(None, "letter_id", "status"))

    letter_id: Mapped[int] = mapped_column(sa.ForeignKey("newsletter_letters.id", ondelete="CASCADE"))
    #: Nothing once the reader is forgotten, or the mail erased.
    reader_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("newsletter_readers.id", ondelete="SET NULL"), index=True
    )
    reader: Mapped[Reader | None] = relationship(lazy="raise")
    #: Nothing either, then.
    address: Mapped[str | None] = mapped_column(sa.String(254), index=True)
    status: Mapped[RecipientStatus] = mapped_column(default=RecipientStatus.WAITING)
    #: Why the address was left out, or what failed.
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    mail_id: Mapped[int | None] = mapped_column(sa.ForeignKey("outgoing_mails.id"), unique=True)
    mail: Mapped[OutgoingMail | None] = relationship(lazy="raise")
