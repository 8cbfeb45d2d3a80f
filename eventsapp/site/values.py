"""The texts of the site."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteText:
    """One text in one language: as shipped, or as the owner of the site wrote it."""

    slug: str
    locale: str
    title: str
    #: In Markdown, with names in double square brackets for what the settings say.
    body: str
    #: When the owner last changed it; ``None`` for the shipped one.
    updated_at: datetime | None = None
    #: Of the terms of sale: from when on they are what an order accepts.
    in_force_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A page for the sitemap: what builds its address, and when it last changed."""

    endpoint: str
    slug: str | None = None
    position: int | None = None
    updated_at: datetime | None = None
