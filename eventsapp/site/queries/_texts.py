"""The texts of the site: what its owner wrote, else what is shipped."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa

from eventsapp.core import clock, facts
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE, PREFIXED_LOCALES
from eventsapp.site.models import SitePage
from eventsapp.site.values import SiteText
from eventsapp.terms import queries as terms

LOCALES = (DEFAULT_LOCALE, *PREFIXED_LOCALES)
#: The texts that there are; their slugs are their addresses.
SLUGS = ("mentions-legales", "confidentialite", "accessibilite", "conditions-generales")
#: Those that are written page by page; the terms of sale have versions of their own.
EDITED = tuple(slug for slug in SLUGS if slug != terms.SLUG)

_FOLDER = Path(__file__).resolve().parents[1] / "texts"


def text(slug: str, *, locale: str) -> SiteText:
    """Return a text to read, in ``locale`` when it can be had.

    What the owner wrote in French counts more than what is shipped in another language: a shipped translation of
    something that has changed would mislead.
    """
    if slug == terms.SLUG:
        return _terms(locale)
    written = {row.locale: row for row in db.session.scalars(sa.select(SitePage).where(SitePage.slug == slug))}
    row = written.get(locale) or written.get(DEFAULT_LOCALE)
    return _as_text(row) if row else shipped_text(slug, locale=locale)


def texts() -> list[SiteText]:
    """Return every text in every language: as the owner wrote it, else as shipped."""
    written = {(row.slug, row.locale): row for row in db.session.scalars(sa.select(SitePage))}
    return [
        _as_text(written[slug, locale]) if (slug, locale) in written else shipped_text(slug, locale=locale)
        for slug in EDITED
        for locale in LOCALES
    ]


def written_text(slug: str, *, locale: str) -> SitePage | None:
    """Return what the owner wrote, or ``None`` while the shipped text stands."""
    return db.session.scalar(sa.select(SitePage).where(SitePage.slug == slug, SitePage.locale == locale))


@cache
def shipped_text(slug: str, *, locale: str) -> SiteText:
    """Return the text as it comes with the application."""
    title, body = facts.title_and_body((_FOLDER / locale / f"{slug}.md").read_text(encoding="utf-8"))
    return SiteText(slug=slug, locale=locale, title=title, body=body)


def _terms(locale: str) -> SiteText:
    """Return the terms of sale in force today."""
    found = terms.in_force(clock.local_date(clock.now()), locale=locale)
    return SiteText(
        slug=terms.SLUG, locale=found.locale, title=found.title, body=found.body, in_force_from=found.in_force_from
    )


def _as_text(row: SitePage) -> SiteText:
    return SiteText(slug=row.slug, locale=row.locale, title=row.title, body=row.body, updated_at=row.updated_at)
