"""Who may read the body of an article: decided here for the page, the PDF, the feeds, the search and the API.

Besides who is signed in, a **key** in the address may open one article: that of a gift, or that of somebody who took
part in the day the article reports on. It opens nothing else.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeGuard

from itsdangerous import BadSignature, URLSafeSerializer

from eventsapp.accounts.access import Permission, permissions_of
from eventsapp.accounts.models import User
from eventsapp.core import clock, markdown, references, settings
from eventsapp.magazine import queries, rules
from eventsapp.magazine.models import Article, Issue, ReadingTerms
from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus, IssueStatus
from eventsapp.registrations import queries as registrations
from eventsapp.registrations.models import Registration
from eventsapp.registrations.statuses import CONFIRMED
from eventsapp.subscriptions import queries as subscriptions

#: Characters of the fingerprint by which a participant's key ends with the seat's private link.
_FINGERPRINT = 16


class Reason(StrEnum):
    """Why somebody may read."""

    PUBLIC = "public"
    TEAM = "team"
    SUBSCRIBER = "subscriber"
    #: The subscription is over; the text came out while it was paid for.
    PAID_THEN = "paid_then"
    PARTICIPANT = "participant"
    GIFT = "gift"


#: Who may let others read what they read.
GIVERS = frozenset({Reason.TEAM, Reason.SUBSCRIBER})
#: Who may comment on what they read, whatever else is known of them.
_COMMENTERS = frozenset({Reason.TEAM, Reason.SUBSCRIBER, Reason.PARTICIPANT})


@dataclass(frozen=True, slots=True)
class Right:
    """That somebody may read, and why."""

    reason: Reason
    #: Of a gift: who gave it, if that is known by name.
    giver: str = ""
    #: Of a subscriber: the institution whose reader they are, if they read by its contract.
    readership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What is everybody's of a reserved text."""

    #: In Markdown; empty where only the lead is.
    opening: str
    #: When the whole is, if it ever is.
    opens_on: date | None


def can_read(
    article: Article, reader: User | None, *, now: datetime, key: str = "", seat: Registration | None = None
) -> bool:
    """Return whether ``reader`` (``None``: anybody, also a robot) may read the body; title and lead are everybody's."""
    return right_to_read(article, reader, now=now, key=key, seat=seat) is not None


def right_to_read(
    article: Article, reader: User | None, *, now: datetime, key: str = "", seat: Registration | None = None
) -> Right | None:
    """Return the right by which ``reader`` reads the body, or ``None``.

    Whoever edits articles reads all of them. Others read what is published: what is free; of what is reserved,
    everything while their subscription runs, or that of an institution where they have a seat, and after it what came
    out while it was paid for; the one article that
    ``key`` opens; and the report of a day for which they paid, whether they came or not: whoever has a confirmed seat
    there, signed in, by the key, or by the private link of the ``seat``. A new kind of access is closed until it is
    written here.
    """
    if reader is not None and Permission.ARTICLES_EDIT in permissions_of(reader):
        return Right(Reason.TEAM)
    if article.status is not ArticleStatus.PUBLISHED:
        return None
    match article.access:
        case Access.PUBLIC:
            return Right(Reason.PUBLIC)
        case Access.SUBSCRIBERS:
            return _as_reader(article, reader, now=now) or _by_seat(article, seat) or _by_key(article, key, now=now)


def can_comment(
    article: Article, right: Right | None, reader: User | None, *, now: datetime, seat: Registration | None = None
) -> bool:
    """Return whether who has ``right`` to read the article may comment on it: subscribers, and who attends study days.

    Subscribers while their subscription runs, or that of an institution where they have a seat. Attendees, whichever
    day they have or had a confirmed seat at: signed in with its address; by the private link of the ``seat``, on the
    report of its day alone. So may the team, and those whose comments are marked: who wrote the article or spoke at its
    day. Whoever reads as everybody does, by a gift or by a subscription that is over, may not. Of the article its
    authors are loaded.
    """
    if right is None:
        return False
    if seat is not None and reads_report(seat, article):
        # Without an address nobody could be kept from it.
        return bool(seat.email)
    if not _is_known(reader):
        return False
    return (
        right.reason in _COMMENTERS
        or subscribes(reader, now=now)
        or registrations.has_any_seat(reader.email)
        or bool(permissions_of(reader))
        or queries.took_part(article, reader)
    )


def can_read_whole(issue: Issue, reader: User | None, *, now: datetime) -> bool:
    """Return whether ``reader`` may have the issue as one PDF: the newsroom, and subscribers once it is out."""
    if reader is not None and Permission.ARTICLES_EDIT in permissions_of(reader):
        return True
    return issue.status is IssueStatus.PUBLISHED and subscribes(reader, now=now)


def glimpse_of(article: Article, terms: ReadingTerms) -> Glimpse:
    """Return what everybody reads of a reserved text: how it begins, and the day it opens.

    ``terms`` say what it does not say itself.
    """
    paragraphs = terms.free_paragraphs if article.free_paragraphs is None else article.free_paragraphs
    months = terms.opens_after_months if article.opens_after_months is None else article.opens_after_months
    opens = None
    if article.published_at and not article.opened_at:
        opens = rules.opens_on(published_on=clock.local_date(article.published_at), months=months)
    return Glimpse(opening=markdown.beginning(article.body, paragraphs=paragraphs), opens_on=opens)


def subscribes(reader: User | None, *, now: datetime) -> bool:
    """Return whether a subscription of ``reader`` runs on the day of ``now``."""
    return _is_known(reader) and subscriptions.has_active_contract(reader.email, clock.local_date(now))


def reads_report(seat: Registration, article: Article) -> bool:
    """Return whether the article is the report of the day of ``seat``, and the seat confirmed and somebody's."""
    return seat.is_named and seat.status in CONFIRMED and seat.study_day_id == _reported_day(article)


def participant_key(seat: Registration, article: Article) -> str:
    """Return the key by which who has the seat reads the report of that day: of this article, and no other.

    It ends with the seat: when it is cancelled, or becomes another person's.
    """
    return str(_signer().dumps([seat.id, article.id, _fingerprint(seat)]))


def _as_reader(article: Article, reader: User | None, *, now: datetime) -> Right | None:
    if not _is_known(reader):
        return None
    running = subscriptions.reading_right(reader.email, clock.local_date(now))
    if running is not None:
        return Right(Reason.SUBSCRIBER, readership_id=running.readership_id)
    day_id = _reported_day(article)
    if day_id is not None and registrations.has_seat(reader.email, study_day_id=day_id):
        return Right(Reason.PARTICIPANT)
    came_out = _came_out(article)
    if came_out is not None and subscriptions.paid_on(reader.email, came_out):
        return Right(Reason.PAID_THEN)
    return None


def _by_seat(article: Article, seat: Registration | None) -> Right | None:
    return Right(Reason.PARTICIPANT) if seat is not None and reads_report(seat, article) else None


def _by_key(article: Article, key: str, *, now: datetime) -> Right | None:
    """Signed keys hold a full stop, which the secret of a gift never does."""
    if "." in key:
        return Right(Reason.PARTICIPANT) if _opens_for_participant(article, key) else None
    gift = queries.live_gift(key, article_id=article.id, now=now) if key else None
    return Right(Reason.GIFT, giver=f"{gift.giver.first_name} {gift.giver.last_name}".strip()) if gift else None


def _opens_for_participant(article: Article, key: str) -> bool:
    try:
        seat_id, article_id, fingerprint = _signer().loads(key)
    except (BadSignature, ValueError, TypeError):
        return False
    seat = registrations.seat(seat_id) if article_id == article.id else None
    return seat is not None and reads_report(seat, article) and references.same_secret(fingerprint, _fingerprint(seat))


def _is_known(reader: User | None) -> TypeGuard[User]:
    return reader is not None and reader.is_authenticated and reader.active


def _reported_day(article: Article) -> int | None:
    """Return the day whose participants read the article: that of a report."""
    return article.study_day_id if article.kind is ArticleKind.REPORT else None


def _came_out(article: Article) -> date | None:
    """Return when it came out: with its number, or by itself; ``None`` where the number's date is unknown."""
    if article.issue_id is not None:
        return queries.issue_date(article.issue_id)
    return clock.local_date(article.published_at) if article.published_at else None


def _fingerprint(seat: Registration) -> str:
    return hashlib.sha256(seat.secret.encode()).hexdigest()[:_FINGERPRINT]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings.current().secret_key, salt="magazine.participant")
