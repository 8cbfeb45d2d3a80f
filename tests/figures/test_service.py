"""Every reading counts, those of the same moment too."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from eventsapp.core import settings, unit_of_work
from eventsapp.core.db import db
from eventsapp.figures import service
from eventsapp.figures.models import ArticleRead
from eventsapp.figures.statuses import ReadBy
from tests.figures import noted
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


@pytest.mark.usefixtures("transaction")
def test_what_was_noted_is_counted_once_and_a_broken_line_costs_itself_alone() -> None:
    noted.nothing_noted()
    article = make_article()
    for _time in range(3):
        service.note_reading(article.id, ReadBy.FREE, on=DAY)
    (notes,) = (settings.current().storage_path / "readings").glob("*.notes")
    with notes.open("ab") as file:
        file.write(b"2026-11-2")

    assert service.count_noted() == 0, "what was just taken may still be written to"
    service.note_reading(article.id, ReadBy.GIFT, on=DAY)
    noted.settle()
    assert service.count_noted() == 3
    assert noted.counted() == 1
    assert noted.counted() == 0
    assert counts() == [(DAY, "free", 3), (DAY, "gift", 1)]


def test_sweeps_of_the_same_moment_count_each_reading_once(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            key = make_article().id
            noted.nothing_noted()
            for _file in range(6):
                service.note_reading(key, ReadBy.FREE, on=DAY)
                service.count_noted()
            noted.settle()
            db.session.remove()

        at_once(app, service.count_noted, service.count_noted, service.count_noted)

        with app.app_context():
            assert counts() == [(DAY, "free", 6)]
            assert noted.files() == []
            db.session.remove()


def test_what_is_noted_while_sweeps_take_it_is_not_lost(database: str, tmp_path: Path) -> None:
    with committing_app(database, tmp_path) as app:
        with app.app_context():
            key = make_article().id
            noted.nothing_noted()
            db.session.remove()

        def read() -> None:
            for _time in range(60):
                service.note_reading(key, ReadBy.FREE, on=DAY)

        def sweep() -> None:
            for _time in range(20):
                service.count_noted()

        at_once(app, read, read, sweep, sweep)

        with app.app_context():
            noted.counted()
            assert counts() == [(DAY, "free", 120)]
            db.session.remove()


@pytest.mark.usefixtures("transaction")
def test_what_a_killed_sweep_had_claimed_is_counted_by_a_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    noted.nothing_noted()
    article = make_article()
    service.note_reading(article.id, ReadBy.FREE, on=DAY)
    service.count_noted()
    noted.settle()
    with monkeypatch.context() as killed:
        killed.setattr(service, "count_reading", _kill)
        with pytest.raises(KeyboardInterrupt):
            service.count_noted()

    assert service.count_noted() == 0, "it may still be at work"
    assert counts() == []
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
        assert service.count_noted() == 1
        assert service.count_noted() == 0
    assert counts() == [(DAY, "free", 1)]


@pytest.mark.usefixtures("transaction")
def test_a_sweep_that_was_thought_dead_leaves_its_file_to_who_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    noted.nothing_noted()
    article = make_article()
    service.note_reading(article.id, ReadBy.FREE, on=DAY)
    service.count_noted()
    noted.settle()
    count = service.count_reading

    def slowly(*args: Any, **values: Any) -> bool:
        monkeypatch.undo()
        (claim,) = (settings.current().storage_path / "readings").iterdir()
        claim.rename(claim.with_name(f"{claim.name.partition('~')[0]}.taken"))
        return count(*args, **values)

    monkeypatch.setattr(service, "count_reading", slowly)

    assert service.count_noted() == 0
    assert counts() == []
    assert service.count_noted() == 1
    assert counts() == [(DAY, "free", 1)]


def _kill(*_args: object, **_values: object) -> bool:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("transaction")
def test_a_disk_that_takes_nothing_costs_the_reading_and_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_options: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "open", full)

    service.note_reading(1, ReadBy.FREE, on=DAY)
