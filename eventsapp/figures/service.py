"""Counting readings: noted by the web, one line each, and counted together by the worker."""

import contextlib
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
_NOTES, _TAKEN, _CLAIMED = ".notes", ".taken", ".claimed"
#: Seconds after which nobody still writes into what was taken: a line is one write.
_SETTLED = 5
#: Seconds after which whoever claimed a file to count it is taken for dead; one takes less than a second.
_CLAIM_LASTS = 600
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

    One transaction for each file, which only one of several sweeps at once has. Killed right between its commit and the
    end of its file, those of this minute count twice; killed anywhere else, once.
    """
    counted = sum(_count(path) for path in _claims())
    for path in _folder().glob(f"*{_NOTES}"):
        with contextlib.suppress(FileNotFoundError):
            path.rename(path.with_name(f"{path.stem}-{references.new_secret()}{_TAKEN}"))
    return counted


def _claims() -> Iterator[Path]:
    """Yield what is to be counted, each under a name that only this sweep knows: of several that rename, one does."""
    now = time.time()
    stale = [path for path in _folder().glob(f"*{_CLAIMED}") if _claimed_at(path) < now - _CLAIM_LASTS]
    for path in sorted([*_folder().glob(f"*{_TAKEN}"), *stale]):
        try:
            if path.stat().st_mtime > now - _SETTLED:
                continue
            first = path.name.partition("~")[0].removesuffix(_TAKEN)
            claim = path.rename(path.with_name(f"{first}~{now:.0f}~{references.new_secret()}{_CLAIMED}"))
        except FileNotFoundError:
            # Another sweep has it.
            continue
        yield claim


def _claimed_at(path: Path) -> int:
    """Return when, in seconds since 1970, a file was claimed: its name says so from the moment it is."""
    return int(path.name.split("~")[1])


def _count(claim: Path) -> int:
    counted = 0
    try:
        readings = Counter(_noted(claim))
        with unit_of_work.transaction():
            for (on, article_id, read_by), times in sorted(readings.items()):
                counted += times * count_reading(article_id, read_by, on=on, times=times)
            # Taken away from a sweep that was thought dead, it is the other's to count.
            claim.stat()
    except FileNotFoundError:
        log.warning("readings that took too long to count are left to another sweep")
        return 0
    claim.unlink(missing_ok=True)
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
