"""Stripe's form encoding: ``line_items[0][price_data][currency]=eur`` becomes nested dictionaries."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from eventsapp.demo.sandbox.errors import ApiError

#: A decoded value: text, or a dictionary by name or by rank.
Node: TypeAlias = "str | dict[str, Node]"

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def decoded(pairs: Iterable[tuple[str, str]]) -> dict[str, Node]:
    """Return the pairs as a tree; raise ``ApiError`` for a malformed or contradictory name.

    Lists come as dictionaries by rank (``"0"``, ``"1"``); ``name[]`` takes the next rank. The last of two
    values for one name wins.
    """
    tree: dict[str, Node] = {}
    for name, value in pairs:
        keys = _keys(name)
        level = tree
        for key in keys[:-1]:
            below = level.setdefault(key, {})
            if isinstance(below, str):
                raise _contradiction(name)
            level = below
        last = keys[-1] or str(len(level))
        if isinstance(level.get(last), dict):
            raise _contradiction(name)
        level[last] = value
    return tree


def _keys(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    keys = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])] if match else []
    if not keys or "" in keys[:-1]:
        raise ApiError(f"Invalid parameter name: {name!r}", code="parameter_unknown", param=name)
    return keys


def _contradiction(name: str) -> ApiError:
    return ApiError(f"Invalid object: {name} is given both as a value and as an object", param=name)
