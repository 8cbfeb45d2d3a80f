"""The words of the newsroom."""

from enum import StrEnum


class ArticleStatus(StrEnum):
    """Where an article stands on its way to the reader."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


NEXT: dict[ArticleStatus, frozenset[ArticleStatus]] = {
    ArticleStatus.DRAFT: frozenset({ArticleStatus.IN_REVIEW, ArticleStatus.SCHEDULED, ArticleStatus.PUBLISHED}),
    ArticleStatus.IN_REVIEW: frozenset({ArticleStatus.DRAFT, ArticleStatus.SCHEDULED, ArticleStatus.PUBLISHED}),
    ArticleStatus.SCHEDULED: frozenset({ArticleStatus.DRAFT, ArticleStatus.PUBLISHED}),
    ArticleStatus.PUBLISHED: frozenset({ArticleStatus.WITHDRAWN}),
    ArticleStatus.WITHDRAWN: frozenset({ArticleStatus.DRAFT, ArticleStatus.PUBLISHED}),
}


class Stage(StrEnum):
    """Where an article stands for the newsroom: finer than its status, and made of it."""

    DRAFT = "draft"
    #: A draft that a reviewer sent back.
    CHANGES = "changes_requested"
    IN_REVIEW = "in_review"
    #: In review, and somebody other than its author said yes.
    APPROVED = "approved"
    #: Approved, and to appear when its issue does.
    WITH_ISSUE = "with_issue"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class IssueStatus(StrEnum):
    """Where a number of the magazine stands."""

    PREPARING = "preparing"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


class ArticleKind(StrEnum):
    """What sort of text it is."""

    ARTICLE = "article"
    #: What was said at a study day.
    REPORT = "report"
    INTERVIEW = "interview"


class Access(StrEnum):
    """Who may read the body; title and lead are everybody's."""

    PUBLIC = "public"
    SUBSCRIBERS = "subscribers"


class Badge(StrEnum):
    """Who wrote a comment, where that says something."""

    AUTHOR = "author"
    SPEAKER = "speaker"


class CommentStatus(StrEnum):
    """What the moderators made of a comment."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
