"""Where a request comes from, as the browser itself says: for what cached pages send, which carry no token."""

from flask import request


def is_same_site() -> bool:
    """Return whether the browser itself says that the request comes from a page of this site.

    For what stands on cached pages and therefore carries no token. Every browser of the last years
    sends one of these headers with a POST; without either, nothing is believed.
    """
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched is not None:
        return fetched == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin == request.host_url.rstrip("/")
