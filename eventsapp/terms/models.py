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
