"""Several people at the same moment, on a database that keeps what is committed."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import TypeVar

from flask import Flask

from eventsapp.core.db import db
from tests.conftest import database_address
from tests.support.database import migrated_app

T = TypeVar("T")


@contextmanager
def committing_app(database: str, folder: Path) -> Iterator[Flask]:
    """Give an application on a database of its own, where transactions are real."""
    made = migrated_app({"DATABASE_URL": database_address(database, folder), "STORAGE_URL": f"file://{folder}/files"})
    try:
        yield made
    finally:
        with made.app_context():
            db.engine.dispose()


def at_once(app: Flask, *steps: Callable[[], T]) -> list[T]:
    """Run the steps at the same moment, each as a process of its own would; return what they answer."""
    start = Barrier(len(steps))

    def run(step: Callable[[], T]) -> T:
        with app.app_context():
            start.wait()
            try:
                return step()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))
