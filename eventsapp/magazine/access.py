"""Who may read the body of an article: decided here for the page, the PDF, the feed, the search and the API."""

from datetime import datetime

from eventsapp.accounts.access import Permission, permissions_of
from eventsapp.accounts.models import User
from eventsapp.core import settings
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import Access, ArticleStatus
from eventsapp.subscriptions import queries as subscriptions


def can_read(article: Article, reader: User | None, *, now: datetime) -> bool:
    """Return whether ``reader`` (``None``: anybody, also a robot) may read the body; title and lead are everybody's.

    Whoever edits articles reads all of them. Others read what is published: what is free, and with a subscription
    that runs on the day of ``now`` what is reserved. Whatever is not said to be readable is not.
    """
    if reader is not None and Permission.ARTICLES_EDIT in permissions_of(reader):
        return True
    if article.status is not ArticleStatus.PUBLISHED:
        return False
    if article.access is Access.PUBLIC:
        return True
    if article.access is not Access.SUBSCRIBERS or reader is None or not reader.is_authenticated or not reader.active:
        return False
    today = now.astimezone(settings.zone(settings.current().default_timezone)).date()
    return subscriptions.has_active_contract(reader.email, today)
