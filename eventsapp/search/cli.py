"""Commands of the search."""

from flask.cli import AppGroup

from eventsapp.core import unit_of_work
from eventsapp.search import service

group = AppGroup("search", help="The search index.")


@group.command("rebuild")
def rebuild() -> None:
    """Make the search index anew from what is published."""
    with unit_of_work.transaction():
        count = service.rebuild(told=lambda done: print(f"\r{done}", end="", flush=True))
    print(f"\r{count} entries")
