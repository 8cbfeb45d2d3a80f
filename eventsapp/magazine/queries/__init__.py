"""Reading the magazine as its readers do: only what is published leaves these functions.

What the newsroom reads, drafts included, is in ``newsroom``.
"""

from eventsapp.magazine.queries._articles import (
    former_article,
    latest_articles,
    latest_by_section,
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
from eventsapp.magazine.queries._comments import comment_ban, comments_of, published_comment
from eventsapp.magazine.queries._issues import (
    articles_of_issue,
    current_issue,
    issue_by_number,
    issues,
    issues_around,
)
from eventsapp.magazine.queries._reading import (
    article_to_open,
    gift_of_article,
    gift_of_giver,
    gifts_given,
    gifts_this_month,
    issue_date,
    live_gift,
    reading_terms,
)
from eventsapp.magazine.queries._records import (
    Harvest,
    count_records,
    earliest_record,
    record,
    records,
    sections_with_records,
)
from eventsapp.magazine.queries._shelves import Author, articles_by, articles_in, articles_tagged, author, section, tag

__all__ = [
    "Author",
    "Harvest",
    "article_to_open",
    "articles_by",
    "articles_in",
    "articles_of_issue",
    "articles_tagged",
    "author",
    "comment_ban",
    "comments_of",
    "count_records",
    "current_issue",
    "earliest_record",
    "former_article",
    "gift_of_article",
    "gift_of_giver",
    "gifts_given",
    "gifts_this_month",
    "issue_by_number",
    "issue_date",
    "issues",
    "issues_around",
    "latest_articles",
    "latest_by_section",
    "live_gift",
    "published_article",
    "published_articles",
    "published_comment",
    "reading_list",
    "reading_terms",
    "record",
    "records",
    "reports_by_session",
    "reports_of_day",
    "reports_of_session",
    "reports_of_speaker",
    "section",
    "sections_with_records",
    "tag",
    "voices_of",
    "withdrawn_article",
]
