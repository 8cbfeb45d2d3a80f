"""Counting readings: noted by the web, one line each, and counted together by the worker."""

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from eventsapp.core import references, settings, unit_of_work
from eventsapp.core.db import db, on_sqlite
from eventsapp.figures.models import ArticleRead
from eventsapp.figures.statuses import ReadBy

#: Beside the stored files: web and worker both have them, on whatever machine they run.
_FOLDER = "readings"
_NOTES, _TAKEN = ".notes", ".taken"
#: Seconds after which nobody still writes into what was taken: a line is one write.
_SETTLED = 5
#: What one web process has noted since the worker came; a line is some twenty bytes.
_MOST_BYTES = 5_000_000

log = logging.getLogger(__name__)


def note_reading(article_id: int, read_by: ReadBy, *, on: date) -> None:
    """Note one reading, to be counted within two minutes; no lock of the database is taken for it.

    A process that is killed loses none that it noted. Where nothing can be written the reading is lost, and logged.
    """
    try:
        path = _folder() / f"{os.uname().nodename}-{os.getpid()}{_NOTES}"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as notes:
            if notes.tell() < _MOST_BYTES:
                notes.write(f"{on.isoformat()} {article_id} {read_by.value}\n".encode())
    except OSError:
        log.warning("a reading could not be noted", exc_info=True)


def count_noted() -> int:
    """Count what was noted, and return how many readings; what is being noted now waits for the next time.

    One transaction for each file. Killed right between its commit and the end of its file, those of this minute count
    twice; killed anywhere else, once.
    """
    counted = 0
    for path in sorted(_folder().glob(f"*{_TAKEN}")):
        if path.stat().st_mtime > time.time() - _SETTLED:
            continue
        readings = Counter(_noted(path))
        with unit_of_work.transaction():
            for (on, article_id, read_by), times in sorted(readings.items()):
                counted += times * count_reading(article_id, read_by, on=on, times=times)
        path.unlink()
    for path in _folder().glob(f"*{_NOTES}"):
        path.rename(path.with_name(f"{path.stem}-{references.new_secret()}{_TAKEN}"))
    return counted


def _noted(path: Path) -> Iterator[tuple[date, int, ReadBy]]:
    for line in path.read_text("ascii", "replace").splitlines():
        try:
            on, article_id, read_by = line.split(" ")
            yield date.fromisoformat(on), int(article_id), ReadBy(read_by)
        except ValueError:
            # Cut off as the disk was full.
            continue


def _folder() -> Path:
    return settings.current().storage_path / _FOLDER


def count_reading(article_id: int, read_by: ReadBy, *, on: date, times: int = 1) -> bool:
    """Count one reading more of an article, or so many; two at the same moment are two.

    Returns whether there was an article to count for: its page may outlive it in a browser.
    """
    insert = sqlite_insert if on_sqlite() else postgresql_insert
    statement = insert(ArticleRead).values(article_id=article_id, read_on=on, read_by=read_by, count=times)
    counting = statement.on_conflict_do_update(
        index_elements=["article_id", "read_on", "read_by"], set_={"count": ArticleRead.count + times}
    )
    try:
        with db.session.begin_nested():
            db.session.execute(counting)
    except IntegrityError:
        return False
    return True
