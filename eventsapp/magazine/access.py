"""Who may read the body of an article: decided here for the page, the PDF, the feed, the search and the API."""

from datetime import datetime

from eventsapp.accounts.access import Permission, permissions_of
from eventsapp.accounts.models import User
from eventsapp.core import clock
from eventsapp.magazine.models import Article, Issue
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, IssueStatus
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED
from eventsapp.subscriptions import queries as subscriptions


def can_read(article: Article, reader: User | None, *, seat: Registration | None = None, now: datetime) -> bool:
    """Return whether ``reader`` (``None``: anybody, also a robot) may read the body; title and lead are everybody's.

    Whoever edits articles reads all of them. Others read what is published: what is free, and with a subscription
    that runs on the day of ``now`` what is reserved, or with the private link of a ``seat`` the reports of its day, for
    which they paid: of a confirmed seat, whether they came or not. A new kind of access is closed until it is written
    down here.
    """
    if reader is not None and Permission.ARTICLES_EDIT in permissions_of(reader):
        return True
    if article.status is not ArticleStatus.PUBLISHED:
        return False
    match article.access:
        case Access.PUBLIC:
            return True
        case Access.SUBSCRIBERS:
            return _attended(article, seat) or subscribes(reader, now=now)


def subscribes(reader: User | None, *, now: datetime) -> bool:
    """Return whether ``reader`` has a subscription that runs on the day of ``now``."""
    if reader is None or not reader.is_authenticated or not reader.active:
        return False
    return subscriptions.has_active_contract(reader.email, clock.local_date(now))


def _attended(article: Article, seat: Registration | None) -> bool:
    if seat is None or article.kind is not ArticleKind.REPORT or article.study_day_id is None:
        return False
    return seat.study_day_id == article.study_day_id and seat.is_named and seat.status in CONFIRMED


def can_read_whole(issue: Issue, reader: User | None, *, now: datetime) -> bool:
    """Return whether ``reader`` may have the issue as one PDF: the newsroom, and subscribers once it is out."""
    if reader is not None and Permission.ARTICLES_EDIT in permissions_of(reader):
        return True
    return issue.status is IssueStatus.PUBLISHED and subscribes(reader, now=now)
