"""Absolute addresses of the site's own pages, built from PUBLIC_URL and never from what a request claims."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app

from eventsapp.core import settings
from eventsapp.core.i18n import DEFAULT_LOCALE, locale_code


def absolute(endpoint: str, *, locale: str | None = None, **values: Any) -> str:
    """Return the full address of ``endpoint``, in ``locale`` or in the language in use."""
    public = urlsplit(settings.current().public_url)
    language = locale or locale_code()
    script_name = "/" if language == DEFAULT_LOCALE else f"/{language}/"
    adapter = current_app.url_map.bind(public.netloc, script_name=script_name, url_scheme=public.scheme)
    return str(adapter.build(endpoint, values, force_external=True))


def absolute_path(path: str) -> str:
    """Return the full address of a path of the site."""
    return settings.current().public_url + path


def safe_target(target: str | None, *, otherwise: str) -> str:
    """Return ``target`` when it is a path of this site, else ``otherwise``.

    A browser reads two slashes, a backslash or control characters as another site; only a plain path passes.
    """
    if not target or not target.startswith("/") or target[1:2] in {"/", "\\"}:
        return otherwise
    return otherwise if any(ord(character) < 0x20 or character == "\\" for character in target) else target
