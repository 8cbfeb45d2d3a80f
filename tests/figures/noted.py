"""Readings that pages told of, counted as the worker does."""

import os
import shutil

from eventsapp.core import settings
from eventsapp.figures import service


def nothing_noted() -> None:
    """Begin with nothing noted."""
    shutil.rmtree(settings.current().storage_path / "readings", ignore_errors=True)


def files() -> list[str]:
    """Return the names of what is noted or taken and not counted yet."""
    return [path.name for path in (settings.current().storage_path / "readings").iterdir()]


def settle() -> None:
    """Let the time pass after which nobody writes any more into what was taken."""
    for path in (settings.current().storage_path / "readings").glob("*.taken"):
        os.utime(path, (0, 0))


def counted() -> int:
    """Run the sweep twice, as the worker does in two minutes."""
    before = service.count_noted()
    settle()
    return before + service.count_noted()
