"""What every group of resources is: a part of ``/api/v1/``, documented, limited, strict about what it reads."""

from collections.abc import Callable
from typing import Any, cast

from flask_smorest import Blueprint

from eventsapp.api.web.requests import Parser
from eventsapp.core import limits
from eventsapp.core.pagination import Page

URL_PREFIX = "/api/v1"


class Resources(Blueprint):
    """A group of resources, under its own heading in the documentation."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, module: str, *, heading: str, description: str) -> None:
        super().__init__(name, module, url_prefix=URL_PREFIX, description=description)
        self.heading = heading
        limits.limiter.limit(limits.API)(self)

    def route(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        """Register a resource under the group's heading."""
        return cast("Callable[[Any], Any]", super().route(rule, tags=[self.heading], **options))


def in_path(name: str, description: str) -> list[dict[str, str]]:
    """Describe the variable part of an address."""
    return [{"in": "path", "name": name, "description": description}]


def listed(page: Page[Any], *, asked: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the answer of a list.

    A page beyond the last is empty: whoever goes on until nothing comes must come to an end.
    """
    return {
        "items": items if page.number == asked else [],
        "page": asked,
        "pages": page.pages,
        "total": page.total,
    }
