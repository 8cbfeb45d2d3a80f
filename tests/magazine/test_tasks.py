"""The timetable's entry of the magazine, and two of them at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from eventsapp.audit.models import AuditEntry
from eventsapp.core import clock
from eventsapp.core.db import db, writing
from eventsapp.magazine import service
from eventsapp.magazine.models import Article
from eventsapp.magazine.statuses import ArticleStatus
from tests.conftest import database_address
from tests.support.database import migrated_app
from tests.support.makers.magazine import make_article

#: Articles due at the same minute, and processes that look for them.
DUE = 12
SWEEPERS = 6


@pytest.mark.usefixtures("transaction")
def test_the_timetable_knows_the_sweep_and_it_publishes_what_is_due(app: Flask) -> None:
    due = make_article(status=ArticleStatus.SCHEDULED, publish_at=clock.now() - timedelta(seconds=1))
    make_article(status=ArticleStatus.SCHEDULED, publish_at=clock.now() + timedelta(hours=1))

    assert app.extensions["eventsapp.sweeps"]["magazine.publish"]() == 1
    assert due.status is ArticleStatus.PUBLISHED
    assert app.extensions["eventsapp.sweeps"]["magazine.publish"]() == 0


def test_sweeps_at_once_publish_each_article_once(database: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("sweeps")
    made = migrated_app({"DATABASE_URL": database_address(database, folder), "STORAGE_URL": f"file://{folder}/files"})
    now = clock.now()

    def sweep(_number: int) -> int:
        with made.app_context():
            return service.publish_due(now=now)

    with made.app_context(), writing():
        for _number in range(DUE):
            make_article(status=ArticleStatus.SCHEDULED, publish_at=now - timedelta(minutes=1))
    with ThreadPoolExecutor(SWEEPERS) as pool:
        published = list(pool.map(sweep, range(SWEEPERS)))

    with made.app_context():
        assert sum(published) == DUE
        assert db.session.query(Article).filter_by(status=ArticleStatus.PUBLISHED, version=2).count() == DUE
        assert db.session.query(AuditEntry).filter_by(action="articles.publish").count() == DUE
        db.session.remove()
        db.engine.dispose()
