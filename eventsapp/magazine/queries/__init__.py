"""Reading the magazine as its readers do: only what is published leaves these functions.

What the newsroom reads, drafts included, is in ``newsroom``.
"""

from eventsapp.magazine.queries._articles import (
    former_article,
    latest_articles,
    latest_by_section,
    latest_withdrawn,
    published_article,
    published_articles,
    reading_list,
    reports_by_session,
    reports_of_day,
    reports_of_session,
    reports_of_speaker,
    voices_of,
    withdrawn_article,
)
from eventsapp.magazine.queries._comments import comments_of, published_comment
from eventsapp.magazine.queries._issues import (
    articles_of_issue,
    current_issue,
    issue_by_number,
    issues,
    issues_around,
    shows_file,
    whole_issue,
)

__all__ = [
    "articles_of_issue",
    "comments_of",
    "current_issue",
    "former_article",
    "issue_by_number",
    "issues",
    "issues_around",
    "latest_articles",
    "latest_by_section",
    "latest_withdrawn",
    "published_article",
    "published_articles",
    "published_comment",
    "reading_list",
    "reports_by_session",
    "reports_of_day",
    "reports_of_session",
    "reports_of_speaker",
    "shows_file",
    "voices_of",
    "whole_issue",
    "withdrawn_article",
]
