"""Parameters checked against the SDK's own typed parameter classes, so that a misspelt one is refused as by Stripe."""

import re
import sys
import types
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import SimpleNamespace
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from eventsapp.demo.sandbox.errors import ApiError
from eventsapp.demo.sandbox.form import Node


def checked(params: type, tree: Mapping[str, Node]) -> dict[str, Any]:
    """Return the parameters with their Python types; raise ``ApiError`` for the first that ``params`` does not take.

    ``params`` is a class such as ``stripe.params.checkout.SessionCreateParams``. An empty text, where it
    unsets something, stays an empty text. A word outside the ones the SDK lists is refused, although the
    SDK's types let any text through for the sake of later versions.
    """
    return _object(params, tree, "")


@cache
def _fields(params: type) -> dict[str, Any]:
    """Return the parameter's fields with their types, without the options of the request itself."""
    own = {name: hint for name, hint in params.__annotations__.items() if name not in RequestOptions.__annotations__}
    return get_type_hints(SimpleNamespace(__annotations__=own), globalns=vars(sys.modules[params.__module__]))


@cache
def _options(hint: Any) -> tuple[Any, ...]:
    """Return what a union allows, one by one."""
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(option for part in get_args(hint) for option in _options(part))
    return (hint,)


def _object(params: type, tree: Mapping[str, Node], prefix: str) -> dict[str, Any]:
    fields = _fields(params)
    for name in tree:
        if name not in fields:
            full = _full(prefix, name)
            raise ApiError(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
    required: frozenset[str] = getattr(params, "__required_keys__", frozenset())
    for name in fields:
        if name in required and name not in tree:
            full = _full(prefix, name)
            raise ApiError(f"Missing required param: {full}.", code="parameter_missing", param=full)
    return {name: _value(fields[name], node, _full(prefix, name)) for name, node in tree.items()}


def _value(hint: Any, node: Node, name: str) -> Any:
    options = _options(hint)
    if node == "":
        if any(get_origin(option) is Literal and "" in get_args(option) for option in options):
            return ""
        raise ApiError(
            f"You passed an empty string for '{name}', which cannot be unset.",
            code="parameter_invalid_empty",
            param=name,
        )
    return _text(options, node, name) if isinstance(node, str) else _tree(options, node, name)


def _tree(options: tuple[Any, ...], tree: dict[str, Node], name: str) -> Any:
    for option in options:
        if is_typeddict(option):
            return _object(option, tree, name)
        if get_origin(option) is list:
            return _list(get_args(option)[0], tree, name)
        if get_origin(option) is dict:
            (_, inner) = get_args(option)
            return {key: node if node == "" else _value(inner, node, _full(name, key)) for key, node in tree.items()}
    raise ApiError(f"Invalid value for {name}: a single value was expected, not an object.", param=name)


def _list(inner: Any, tree: dict[str, Node], name: str) -> list[Any]:
    if not all(key.isascii() and key.isdigit() for key in tree):
        raise ApiError(f"Invalid array: {name}", param=name)
    return [_value(inner, tree[key], _full(name, key)) for key in sorted(tree, key=int)]


def _text(options: tuple[Any, ...], text: str, name: str) -> Any:
    words = [word for option in options if get_origin(option) is Literal for word in get_args(option) if word != ""]
    if text in words:
        return text
    for kind, read in _READERS.items():
        if kind in options:
            return read(text, name)
    if words:
        raise ApiError(f"Invalid {name}: must be one of {', '.join(map(str, words))}", param=name)
    if str in options:
        return text
    raise ApiError(f"Invalid object: {name} cannot be {text!r}", param=name)


def _boolean(text: str, name: str) -> bool:
    if text not in {"true", "false"}:
        raise ApiError(f"Invalid boolean: {text}", param=name)
    return text == "true"


def _integer(text: str, name: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise ApiError(f"Invalid integer: {text}", code="parameter_invalid_integer", param=name)
    return int(text)


def _decimal(text: str, name: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise ApiError(f"Invalid decimal: {text}", param=name)
    return number


_READERS: dict[type, Callable[[str, str], Any]] = {
    bool: _boolean,
    int: _integer,
    float: _decimal,
    Decimal: _decimal,
}


def _full(prefix: str, name: str) -> str:
    return f"{prefix}[{name}]" if prefix else name
