"""The newsroom's pages in the office."""

from eventsapp.magazine.web.office import (
    articles,
    at_work,
    comments,
    issues,
    layout,
    moves,
    reading,
    reports,
    revisions,
)
from eventsapp.magazine.web.office._blueprint import blueprint

__all__ = [
    "articles",
    "at_work",
    "blueprint",
    "comments",
    "issues",
    "layout",
    "moves",
    "reading",
    "reports",
    "revisions",
]
