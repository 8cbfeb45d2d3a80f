"""Every reading counts, those of the same moment too."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.figures import service
from eventsapp.figures.models import ArticleRead
from eventsapp.figures.statuses import ReadBy
from tests.support.at_once import at_once, committing_app
from tests.support.makers.magazine import make_article

DAY = date(2026, 11, 23)


def counts() -> list[tuple[date, str, int]]:
    rows = db.session.scalars(sa.select(ArticleRead).order_by(ArticleRead.read_on, ArticleRead.read_by))
    return [(row.read_on, row.read_by.value, row.count) for row in rows]


@pytest.mark.usefixtures("transaction")
def test_readings_of_a_day_and_a_kind_are_one_row() -> None:
    article = make_article()
    for read_by in (ReadBy.FREE, ReadBy.FREE, ReadBy.GIFT):
        with unit_of_work.transaction():
            assert service.count_reading(article.id, read_by, on=DAY)
    with unit_of_work.transaction():
        service.count_reading(article.id, ReadBy.FREE, on=date(2026, 11, 24), times=5)

    assert counts() == [(DAY, "free", 2), (DAY, "gift", 1), (date(2026, 11, 24), "free", 5)]


@pytest.mark.usefixtures("transaction")
def test_an_article_that_is_gone_is_not_counted() -> None:
    with unit_of_work.transaction():
        assert not service.count_reading(999_999, ReadBy.FREE, on=DAY)

    assert counts() == []


def test_readings_of_the_same_moment_all_count(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            key = make_article().id
            db.session.remove()

        def read() -> None:
            for _time in range(10):
                with unit_of_work.transaction():
                    service.count_reading(key, ReadBy.FREE, on=DAY)

        at_once(app, read, read, read, read)

        with app.app_context():
            assert counts() == [(DAY, "free", 40)]
            db.session.remove()
