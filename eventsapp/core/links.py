"""Absolute addresses of the site's own pages, built from PUBLIC_URL and never from what a request claims."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.routing import Map, MapAdapter

from eventsapp.core import settings
from eventsapp.core.i18n import DEFAULT_LOCALE, locale_code

#: Arguments of addresses that open what they name to whoever has them.
_PRIVATE = frozenset({"secret", "token"})
#: The shortest of them, in characters: nothing shorter after the same beginning is one.
_SHORTEST = 16
MASKED = "***"
_SEGMENT = r"[\w.-]+"


def absolute(endpoint: str, *, locale: str | None = None, **values: Any) -> str:
    """Return the full address of ``endpoint``, in ``locale`` or in the language in use."""
    adapter = _adapter(current_app.url_map, settings.current().public_url, locale or locale_code())
    return str(adapter.build(endpoint, values, force_external=True))


@lru_cache(maxsize=8)
def _adapter(addresses: Map, public_url: str, language: str) -> MapAdapter:
    public = urlsplit(public_url)
    script_name = "/" if language == DEFAULT_LOCALE else f"/{language}/"
    return addresses.bind(public.netloc, script_name=script_name, url_scheme=public.scheme)


def absolute_path(path: str) -> str:
    """Return the full address of a path of the site."""
    return settings.current().public_url + path


def without_secrets(text: str) -> str:
    """Return ``text`` with the secret of every private address of the site in it replaced by ``MASKED``."""
    for pattern in _private_beginnings():
        text = re.sub(pattern, rf"\g<1>{MASKED}", text)
    return text


def safe_target(target: str | None, *, otherwise: str) -> str:
    """Return ``target`` when it is a path of this site, else ``otherwise``.

    A browser reads two slashes, a backslash or control characters as another site; only a plain path passes.
    """
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return otherwise
    return otherwise if any(ord(character) < 0x20 or character == "\\" for character in target) else target


def _private_beginnings() -> list[str]:
    """Return, for each way in which an address comes to its secret, the pattern of both; the way is its group."""
    ways = {
        str(rule.rule).partition(f"<{name}>")[0]
        for rule in current_app.url_map.iter_rules()
        for name in rule.arguments & _PRIVATE
    }
    return [
        f"({_SEGMENT.join(re.escape(part) for part in re.split('<[^>]+>', way))})" + rf"[\w.-]{{{_SHORTEST},}}"
        for way in sorted(ways)
    ]
