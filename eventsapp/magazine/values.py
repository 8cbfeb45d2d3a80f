"""What forms and the API hand over to the magazine."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict

from eventsapp.magazine.statuses import Access, ArticleKind, ArticleStatus

#: The members of an article that are read, and that a reviewer approves.
WORDS = ("title", "subtitle", "lead", "body", "byline")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContent:
    """All that an editor writes and chooses; status and dates have services of their own.

    Rows are named by their keys. An empty slug stands for one made from the title.
    """

    title: str
    subtitle: str = ""
    lead: str = ""
    #: In Markdown.
    body: str = ""
    byline: str = "la rédaction"
    kind: ArticleKind = ArticleKind.ARTICLE
    access: Access = Access.PUBLIC
    #: Without a number, as the terms of the magazine say (``Terms``).
    free_paragraphs: int | None = None
    opens_after_months: int | None = None
    slug: str = ""
    section_id: int | None = None
    issue_id: int | None = None
    study_day_id: int | None = None
    #: Of that study day.
    session_ids: tuple[int, ...] = ()
    speaker_ids: tuple[int, ...] = ()
    #: Names in the order of the signature; that of one speaker, and no other's, leads to the speaker.
    authors: tuple[str, ...] = ()
    #: The words it is filed under.
    tags: tuple[str, ...] = ()
    #: In the order of « À lire ».
    related_ids: tuple[int, ...] = ()


class ReportMembers(TypedDict, total=False):
    """What a program says of a report; a member left out stays as it is, which ``None`` could not tell."""

    title: str
    lead: str
    #: In Markdown.
    body: str
    access: Access
    #: A slug.
    study_day: str
    #: Positions in the programme of the day.
    sessions: Collection[int]
    #: A slug, or ``None`` for no section.
    section: str | None
    #: A number, or ``None`` for no issue.
    issue: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where an article shall go, ``None`` for nowhere."""

    status: ArticleStatus | None = None
    publish_at: datetime | None = None
    #: For the history; readers see that of a withdrawn one.
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueContent:
    """A number of the magazine."""

    number: int
    title: str = ""
    published_on: date | None = None
    #: In Markdown.
    editorial: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody sends."""

    data: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The picture on an issue; without an upload it stays, unless it is removed."""

    upload: Upload | None = None
    remove: bool = False
    alt: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """What a reader writes under an article."""

    author_name: str
    author_email: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """Who sends a page to whom, and the few words that go with it."""

    sender_name: str
    sender_email: str
    recipient: str
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """The page that is sent: its title, its lead, its path on the site and its whole address."""

    title: str
    lead: str
    path: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for reserved articles that say nothing else."""

    free_paragraphs: int
    #: 0 for never.
    opens_after_months: int
    gifts_a_month: int
    #: 0 for always.
    comments_days: int = 90
