"""The newsroom's pages in the office."""

from eventsapp.magazine.web.office import articles, comments, issues, moves, reading, reports
from eventsapp.magazine.web.office._blueprint import blueprint

__all__ = ["articles", "blueprint", "comments", "issues", "moves", "reading", "reports"]
