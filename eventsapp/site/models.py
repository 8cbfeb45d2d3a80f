"""Texts of the site that its owner edits."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class SitePage(Model):
    """A page of the site's own texts; until it is edited, the shipped text stands."""

    __tablename__ = "site_pages"
    __shown_in__ = "site"
    __table_args__ = (sa.UniqueConstraint("slug", "locale"),)

    slug: Mapped[str] = mapped_column(sa.String(60))
    locale: Mapped[str] = mapped_column(sa.String(5), default="fr")
    title: Mapped[str] = mapped_column(sa.String(150))
    #: In Markdown.
    body: Mapped[str] = mapped_column(sa.Text)
    updated_at: Mapped[datetime]
