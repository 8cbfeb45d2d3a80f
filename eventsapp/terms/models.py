"""Versions of the terms of sale, and the texts that buyers accepted."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model


class TermsVersion(Model):
    """The terms of sale from a day on; written once, replaced by the next version, never changed."""

    __tablename__ = "terms_versions"
    __shown_in__ = "site"

    #: From 1; 0 is the shipped text, which has no row.
    number: Mapped[int] = mapped_column(unique=True)
    in_force_from: Mapped[date] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(sa.String(150))
    #: In Markdown, with names in double square brackets for what the settings say.
    body: Mapped[str] = mapped_column(sa.Text)
    #: Empty: who reads English reads the French text.
    title_en: Mapped[str] = mapped_column(sa.String(150), default="")
    body_en: Mapped[str] = mapped_column(sa.Text, default="")
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)


class AcceptedTerms(Model):
    """A text as buyers read and accepted it, to the letter; one row for all who accepted the same."""

    __tablename__ = "accepted_terms"

    #: SHA-256 of number, language, title and text.
    fingerprint: Mapped[str] = mapped_column(sa.String(64), unique=True)
    number: Mapped[int]
    version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("terms_versions.id"), index=True)
    version: Mapped[TermsVersion | None] = relationship(lazy="raise")
    locale: Mapped[str] = mapped_column(sa.String(5))
    title: Mapped[str] = mapped_column(sa.String(150))
    #: In Markdown, what the settings said filled in.
    body: Mapped[str] = mapped_column(sa.Text)
    first_accepted_at: Mapped[datetime]


class ConsumerSettings(Model):
    """What the Code de la consommation gives buyers without an organisation; one row."""

    __tablename__ = "consumer_settings"
    __table_args__ = (sa.CheckConstraint("withdrawal_days >= 14 AND first_issue_days >= 0", name="days_enough"),)
    __shown_in__ = "site"

    #: To withdraw: fourteen at least (art. L221-18).
    withdrawal_days: Mapped[int] = mapped_column(default=14)
    #: Until the first printed issue has arrived, from which on they are counted.
    first_issue_days: Mapped[int] = mapped_column(default=45)
    #: Seats at an event on a date are not withdrawn from (art. L221-28, 12°).
    events_exempt: Mapped[bool] = mapped_column(default=True)
    #: Name, address and site of the « médiateur de la consommation » (art. L612-1).
    mediator: Mapped[str] = mapped_column(sa.Text, default="")
    updated_at: Mapped[datetime | None]
