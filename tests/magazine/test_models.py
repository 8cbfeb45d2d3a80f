"""What an article says of itself."""

from datetime import UTC, date, datetime

import pytest

from eventsapp.magazine.models import Article, Issue

APPEARED = datetime(2009, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("issue", "dated_at"),
    [
        (None, APPEARED),
        (Issue(number=376, published_on=date(2009, 3, 15)), APPEARED),
        (Issue(number=374, published_on=None), None),
    ],
    ids=["without a number", "of a dated number", "of a number whose date is unknown"],
)
def test_readers_are_told_when_an_article_appeared_as_far_as_it_is_known(
    issue: Issue | None, dated_at: datetime | None
) -> None:
    article = Article(title="Angers et son agglo", issue=issue, published_at=APPEARED)

    assert article.dated_at == dated_at
