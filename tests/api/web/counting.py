"""Counting what a resource asks of the database, with few rows and with many."""

from collections.abc import Callable, Mapping

from flask.testing import FlaskClient

from eventsapp.core.db import db
from tests.support.queries import counting_queries


def queries_with(
    client: FlaskClient, path: str, make_rows: Callable[[int], None], *, headers: Mapping[str, str] | None = None
) -> tuple[int, int]:
    """Return how many queries a read takes with 3 rows and with 30; the answers differ, so the rows were shown."""
    counts, answers = [], []
    for more in (3, 27):
        make_rows(more)
        db.session.expire_all()
        with counting_queries() as count:
            answers.append(client.get(path, headers=headers))
        counts.append(count())
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(answers[1].data) > len(answers[0].data) + 27 * 50
    return counts[0], counts[1]
