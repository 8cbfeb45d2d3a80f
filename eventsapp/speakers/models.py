"""Speakers: who they are; what they were on a given day stands with their intervention."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.core.db import Model
from eventsapp.files.models import StoredFile


class Speaker(Model):
    """Somebody who speaks at study days."""

    __tablename__ = "speakers"
    __shown_in__ = "days"
    __table_args__ = (sa.Index(None, "last_name", "first_name"),)

    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    first_name: Mapped[str] = mapped_column(sa.String(80), default="")
    last_name: Mapped[str] = mapped_column(sa.String(80))
    #: In Markdown.
    biography: Mapped[str] = mapped_column(sa.Text, default="")
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    #: Never shown, lower case: to write to the person, and whoever signs in with it is known to be them.
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id", ondelete="SET NULL"), index=True)
    photo: Mapped[StoredFile | None] = relationship(lazy="raise")
    #: When the person agreed that photograph and biography are shown; without it neither is.
    consent_on: Mapped[date | None]
    #: Made up for the demonstration: the pages say so.
    is_fictional: Mapped[bool] = mapped_column(default=False)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def shown_photo(self) -> StoredFile | None:
        """The photograph that may be shown."""
        return self.photo if self.consent_on is not None and self.photo_id is not None else None

    @property
    def shown_biography(self) -> str:
        """The biography that may be shown."""
        return self.biography if self.consent_on is not None else ""
