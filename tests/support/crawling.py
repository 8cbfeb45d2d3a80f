"""Which pages are of one sort, and how many of each somebody who follows every link looks at."""

from collections import Counter, deque
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException


def kind_of(app: Flask, url: str) -> str:
    """Return what tells one sort of page from another: its endpoint and the names of its query; nothing for files."""
    parts = urlsplit(url)
    path = parts.path.removeprefix("/en") or "/"
    try:
        endpoint, _ = app.url_map.bind("localhost").match(path)
    except HTTPException:
        return path
    names = "&".join(sorted(name.partition("=")[0] for name in parts.query.split("&") if name))
    return "" if endpoint == "static" else f"{endpoint}?{names}"


class Waiting:
    """Addresses still to visit: each once, and at most so many of one sort."""

    def __init__(self, app: Flask, start: str, *, most: int) -> None:
        self._app, self._most = app, most
        self._kinds: Counter[str] = Counter()
        self._known = {start}
        self._queue = deque([start])

    def __bool__(self) -> bool:
        return bool(self._queue)

    def next(self) -> str:
        """Return the one that has waited longest."""
        return self._queue.popleft()

    def add(self, url: str) -> None:
        """Have ``url`` visited too, unless it was met before or enough of its sort were."""
        kind = kind_of(self._app, url)
        if url not in self._known and kind and self._kinds[kind] < self._most:
            self._kinds[kind] += 1
            self._known.add(url)
            self._queue.append(url)
