"""The mark of a page: one for all who read it in the same way, and none for those who do not count."""

import pytest

from eventsapp.figures.access import mark_of, read_mark
from eventsapp.figures.statuses import ReadBy
from eventsapp.magazine.access import Reason, Right

pytestmark = pytest.mark.usefixtures("transaction")


@pytest.mark.parametrize(
    ("reason", "read_by"),
    [
        (Reason.PUBLIC, ReadBy.FREE),
        (Reason.SUBSCRIBER, ReadBy.SUBSCRIBER),
        (Reason.PAID_THEN, ReadBy.SUBSCRIBER),
        (Reason.PARTICIPANT, ReadBy.ATTENDEE),
        (Reason.GIFT, ReadBy.GIFT),
    ],
)
def test_a_mark_says_which_article_and_as_what(reason: Reason, read_by: ReadBy) -> None:
    mark = mark_of(7, Right(reason))

    assert read_mark(mark) == (7, read_by)
    # Nothing in it is anybody's.
    assert mark == mark_of(7, Right(reason, giver="Claude Roux"))


def test_every_right_but_the_newsrooms_is_counted() -> None:
    uncounted = {reason for reason in Reason if not mark_of(7, Right(reason))}

    assert uncounted == {Reason.TEAM}
    assert mark_of(7, None) == ""


@pytest.mark.parametrize("mark", ["", "bidon", "WzcsImZyZWUiXQ.bidon", "²"])
def test_a_mark_that_is_not_ours_is_none(mark: str) -> None:
    assert read_mark(mark) is None
