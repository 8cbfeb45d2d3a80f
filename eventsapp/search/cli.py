"""Commands of the search."""

import sys

from flask.cli import AppGroup

from eventsapp.core import unit_of_work
from eventsapp.search import service

group = AppGroup("search", help="The search index.")


@group.command("rebuild")
def rebuild() -> None:
    """Make the search index anew from what is published."""
    with unit_of_work.transaction():
        count = service.rebuild(told=_show_progress)
    print(f"{count} entries")


def _show_progress(done: int) -> None:
    """Say on a terminal how far it is; files and pipes get the result alone."""
    if sys.stderr.isatty():
        print(f"\r{done} ", end="", file=sys.stderr, flush=True)
