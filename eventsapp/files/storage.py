"""Where the bytes lie: a folder, each file under its random key."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from eventsapp.core import settings


def write(key: str, data: bytes) -> None:
    """Keep ``data`` under ``key``; all of it or nothing, even when the disk is full or the power fails."""
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def link(key: str, *, to: str) -> None:
    """Keep what lies under ``key`` under ``to`` as well, as written now, without writing it again where that can be.

    Raises ``FileNotFoundError``.
    """
    path = path_of(to)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path_of(key), path)
    except FileNotFoundError:
        raise
    except OSError:
        # A file system that knows no second names.
        write(to, path_of(key).read_bytes())
    else:
        os.utime(path)


def delete(key: str) -> None:
    """Forget what lies under ``key``, if anything does, and what was never finished."""
    path = path_of(key)
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.part").unlink(missing_ok=True)
    for made in path.parent.glob(f"{path.name}.*"):
        made.unlink(missing_ok=True)


def made_of(key: str, form: str, make: Callable[[bytes], bytes]) -> Path:
    """Return where another ``form`` of what lies under ``key`` lies, made once; it goes with it.

    It may be lost at any time, and is made anew then. Two that make it at once write the same. Raises
    ``FileNotFoundError``.
    """
    path = path_of(key)
    made = path.with_name(f"{path.name}.{form}")
    if not made.is_file():
        unfinished = path.with_name(f"{path.name}.{form}-{os.getpid()}-{threading.get_ident()}")
        try:
            unfinished.write_bytes(make(path.read_bytes()))
            unfinished.replace(made)
        finally:
            unfinished.unlink(missing_ok=True)
    return made


def path_of(key: str) -> Path:
    """Return where the file with that key lies."""
    return settings.current().storage_path / key[:2] / key


def keys_older_than(seconds: float) -> Iterator[str]:
    """Go through the keys of files that were written longer ago than that."""
    bound = time.time() - seconds
    for path in settings.current().storage_path.glob("??/*"):
        try:
            if path.stat().st_mtime < bound:
                yield path.name.partition(".")[0]
        except FileNotFoundError:
            continue
