"""Changing the texts of the site."""

from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.site import queries
from eventsapp.site.models import SitePage


def save_text(*, slug: str, locale: str, title: str, body: str, actor: User, now: datetime) -> SitePage:
    """Let the owner's text stand for the shipped one from now on."""
    page = queries.written_text(slug, locale=locale)
    if page is None:
        shipped = queries.shipped_text(slug, locale=locale)
        before = {"title": shipped.title, "body": shipped.body}
        page = SitePage(slug=slug, locale=locale)
        db.session.add(page)
    else:
        before = {"title": page.title, "body": page.body}
    page.title, page.body, page.updated_at = title, body, now
    db.session.flush()
    audit.record(
        "site.edit",
        subject=("site_page", page.id, f"{slug} ({locale})"),
        actor=actor,
        now=now,
        changes=audit.difference(before, {"title": title, "body": body}),
    )
    return page


def restore_text(*, slug: str, locale: str, actor: User, now: datetime) -> None:
    """Let the shipped text stand again; what the owner wrote stays in the history."""
    page = queries.written_text(slug, locale=locale)
    if page is None:
        return
    shipped = queries.shipped_text(slug, locale=locale)
    audit.record(
        "site.edit",
        subject=("site_page", page.id, f"{slug} ({locale})"),
        actor=actor,
        now=now,
        changes=audit.difference(
            {"title": page.title, "body": page.body}, {"title": shipped.title, "body": shipped.body}
        ),
    )
    db.session.delete(page)
