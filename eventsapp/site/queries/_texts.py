"""The texts of the site: what its owner wrote, else what is shipped."""

from functools import cache
from pathlib import Path

import sqlalchemy as sa

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.core.i18n import DEFAULT_LOCALE, PREFIXED_LOCALES
from eventsapp.site import rules
from eventsapp.site.models import SitePage
from eventsapp.site.values import SiteText

LOCALES = (DEFAULT_LOCALE, *PREFIXED_LOCALES)
#: The texts that there are; their slugs are their addresses.
SLUGS = ("mentions-legales", "confidentialite", "accessibilite", "conditions-generales")

_FOLDER = Path(__file__).resolve().parents[1] / "texts"


def text(slug: str, *, locale: str) -> SiteText:
    """Return a text to read, in ``locale`` when it can be had.

    What the owner wrote in French counts more than what is shipped in another language: a shipped translation of
    something that has changed would mislead.
    """
    written = {row.locale: row for row in db.session.scalars(sa.select(SitePage).where(SitePage.slug == slug))}
    row = written.get(locale) or written.get(DEFAULT_LOCALE)
    return _as_text(row) if row else shipped_text(slug, locale=locale)


def texts() -> list[SiteText]:
    """Return every text in every language: as the owner wrote it, else as shipped."""
    written = {(row.slug, row.locale): row for row in db.session.scalars(sa.select(SitePage))}
    return [
        _as_text(written[slug, locale]) if (slug, locale) in written else shipped_text(slug, locale=locale)
        for slug in SLUGS
        for locale in LOCALES
    ]


def written_text(slug: str, *, locale: str) -> SitePage | None:
    """Return what the owner wrote, or ``None`` while the shipped text stands."""
    return db.session.scalar(sa.select(SitePage).where(SitePage.slug == slug, SitePage.locale == locale))


@cache
def shipped_text(slug: str, *, locale: str) -> SiteText:
    """Return the text as it comes with the application."""
    title, body = rules.title_and_body((_FOLDER / locale / f"{slug}.md").read_text(encoding="utf-8"))
    return SiteText(slug=slug, locale=locale, title=title, body=body)


def facts() -> dict[str, str]:
    """Return what the settings say of the site and its publisher, by the names that texts may use."""
    chosen = settings.current()
    return {
        "site_name": chosen.site_name,
        "contact_email": chosen.mail_from,
        "seller_name": chosen.seller.name,
        "seller_address": chosen.seller.address,
        "seller_siret": chosen.seller.siret,
        "seller_vat_number": chosen.seller.vat_number,
    }


def _as_text(row: SitePage) -> SiteText:
    return SiteText(slug=row.slug, locale=row.locale, title=row.title, body=row.body, updated_at=row.updated_at)
