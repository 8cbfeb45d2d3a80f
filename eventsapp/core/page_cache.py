"""Public pages kept whole: rendered once, served until what they show changes.

Each scope of content has a version in the database, raised in the very transaction that changes it. A page is
kept with the versions read *before* it was rendered, so it can be newer than its label but never older: a change
shows on the next request, in every process and on every machine.
"""

import gzip
import hashlib
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import psycopg
import sqlalchemy as sa
from cachetools import LRUCache
from flask import Flask, Response, make_response, request
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model, db
from eventsapp.core.unit_of_work import Changes

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
R = TypeVar("R")

#: Bytes of pages that one web process keeps.
ROOM = 24 * 1024 * 1024
#: Seconds after which a page is made again though nothing changed: a day closes by the clock alone.
LIFETIME = 30
#: Every public page carries the masthead and the footer, which these scopes feed.
EVERYWHERE = frozenset({"magazine", "site"})
#: Answers smaller than this gain nothing from compression, in bytes.
WORTH_COMPRESSING = 600
_MARK = "X-Page-Cache"
#: Headers that the cache writes itself, and those that are about one visitor: how often it may still ask.
_NOT_KEPT = (
    _MARK.lower(), "content-length", "content-encoding", "etag", "vary", "cache-control", "x-ratelimit-", "retry-after",
)  # fmt: skip
_SESSION_COOKIE = "session="
_COMPRESSIBLE = ("text/", "application/json", "application/atom+xml", "image/svg+xml", "application/javascript")

log = logging.getLogger(__name__)


class ContentVersion(Model):
    """How many times the content of a scope has changed."""

    __tablename__ = "content_versions"

    scope: Mapped[str] = mapped_column(sa.String(40), unique=True)
    version: Mapped[int]


def public_page(*scopes: str) -> Callable[[Callable[P, R]], Callable[P, Response]]:
    """Say that a view's page is the same for every anonymous visitor, and changes with ``scopes`` alone."""
    mark = ",".join(sorted(EVERYWHERE.union(scopes)))

    def decorate(view: Callable[P, R]) -> Callable[P, Response]:
        @wraps(view)
        def marked(*args: P.args, **kwargs: P.kwargs) -> Response:
            response = make_response(view(*args, **kwargs))
            if response.status_code == 200 and not has_session():
                response.headers[_MARK] = mark
            else:
                response.headers.setdefault("Cache-Control", "private, no-cache")
            return response

        return marked

    return decorate


def has_session() -> bool:
    """Return whether the visitor brings a session: signed in, or with a basket or a form under way."""
    return _SESSION_COOKIE in request.headers.get("Cookie", "")


#: Made once: whatever a transaction holds is held until this is done.
_RAISE = (
    sa.update(ContentVersion)
    .where(ContentVersion.scope == sa.bindparam("raised"))
    .values(version=ContentVersion.version + 1)
    .execution_options(synchronize_session=False)
)


def raise_versions(changes: Changes) -> None:
    """Raise the version of every scope that the transaction changed, as its last statement.

    One row a scope, in alphabetical order so that two transactions never wait for each other crosswise.
    Raises ``LookupError`` for a scope that no migration made.
    """
    for scope in sorted(changes.scopes):
        raised = db.session.execute(_RAISE, {"raised": scope})
        if not raised.rowcount:  # type: ignore[attr-defined]
            raise LookupError(scope)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A page as it is sent, and until when it may be."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    scopes: tuple[str, ...]
    versions: tuple[int, ...]
    made_at: float

    def is_current(self, versions: Mapping[str, int], now: float) -> bool:
        return now - self.made_at < LIFETIME and self.versions == tuple(versions.get(s, 0) for s in self.scopes)


class PageCache:
    """Answer anonymous reads from memory, in front of Flask."""

    def __init__(self, wsgi_app: "WSGIApplication", *, database_url: str) -> None:
        self.wsgi_app = wsgi_app
        self._versions = _Versions(database_url)
        self._pages: LRUCache[tuple[str, ...], _Kept] = LRUCache(ROOM, getsizeof=lambda kept: len(kept.body) + 1024)
        #: Held for reading too: reading puts the page in front of the others.
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or _SESSION_COOKIE in environ.get("HTTP_COOKIE", ""):
            return self.wsgi_app(environ, start_response)
        versions = self._versions.read()
        if versions is None:
            return self.wsgi_app(environ, start_response)
        compressed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        key = (
            environ.get("HTTP_HOST", ""),
            environ.get("PATH_INFO", ""),
            environ.get("QUERY_STRING", ""),
            "gzip" if compressed else "",
        )
        with self._lock:
            kept = self._pages.get(key)
        if kept is None or not kept.is_current(versions, time.monotonic()):
            answer = self._render(environ, versions=versions, compressed=compressed)
            if not isinstance(answer, _Kept):
                return answer(start_response)
            kept = answer
            with self._lock:
                if self._pages.getsizeof(kept) <= self._pages.maxsize:
                    self._pages[key] = kept
        return _send(kept, environ, start_response)

    def close(self) -> None:
        """Close the calling thread's connection to the versions."""
        self._versions.close()

    def _render(
        self, environ: "WSGIEnvironment", *, versions: Mapping[str, int], compressed: bool
    ) -> "_Kept | Callable[[StartResponse], Iterable[bytes]]":
        """Ask the application; return the page to keep, or how to pass its answer on unkept."""
        caught: list[Any] = []

        def catch(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            caught[:] = [status, headers, exc_info]
            return lambda _bytes: None

        asked = dict(environ, REQUEST_METHOD="GET")
        body = self.wsgi_app(asked, catch)
        status, headers, exc_info = caught
        mark = next((value for name, value in headers if name == _MARK), None)
        if mark is None or any(name == "Set-Cookie" for name, _ in headers):

            def pass_on(start_response: "StartResponse") -> Iterable[bytes]:
                start_response(status, [header for header in headers if header[0] != _MARK], exc_info)
                if environ["REQUEST_METHOD"] == "HEAD":
                    getattr(body, "close", lambda: None)()
                    return []
                return body

            return pass_on
        try:
            content = b"".join(body)
        finally:
            getattr(body, "close", lambda: None)()
        return _keep(status, headers, content, mark=mark, versions=versions, compressed=compressed)


def init_app(app: Flask, *, database_url: str) -> None:
    """Put the cache in front of ``app``."""
    cache = PageCache(app.wsgi_app, database_url=database_url)
    app.extensions["eventsapp.page_cache"] = cache
    app.wsgi_app = cache  # type: ignore[method-assign]


def _keep(
    status: str,
    headers: list[tuple[str, str]],
    content: bytes,
    *,
    mark: str,
    versions: Mapping[str, int],
    compressed: bool,
) -> _Kept:
    kept_headers = [header for header in headers if not header[0].lower().startswith(_NOT_KEPT)]
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    if compressed and len(content) >= WORTH_COMPRESSING and content_type.startswith(_COMPRESSIBLE):
        content = gzip.compress(content, 6, mtime=0)
        kept_headers.append(("Content-Encoding", "gzip"))
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    immutable = next((value for name, value in headers if name.lower() == "cache-control"), "public, no-cache")
    kept_headers += [("ETag", etag), ("Vary", "Accept-Encoding, Cookie"), ("Cache-Control", immutable)]
    scopes = tuple(mark.split(","))
    return _Kept(
        status=status,
        headers=kept_headers,
        body=content,
        etag=etag,
        scopes=scopes,
        versions=tuple(versions.get(scope, 0) for scope in scopes),
        made_at=time.monotonic(),
    )


def _send(kept: _Kept, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and (kept.etag in known or known.strip() == "*"):
        start_response("304 Not Modified", [header for header in kept.headers if header[0] != "Content-Type"])
        return []
    start_response(kept.status, [*kept.headers, ("Content-Length", str(len(kept.body)))])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]


class _Versions:
    """Read the versions over a plain connection of the thread's own, past the ORM: it is done at every request."""

    _STATEMENT = "SELECT scope, version FROM content_versions"
    _NAME = b"versions"

    def __init__(self, database_url: str) -> None:
        self._url = sa.make_url(database_url)
        self._local = threading.local()

    def read(self) -> Mapping[str, int] | None:
        """Return the version of each scope, or ``None`` when the database does not answer."""
        try:
            return self._read_sqlite() if self._url.get_backend_name() == "sqlite" else self._read_postgresql()
        except (sqlite3.Error, psycopg.Error):
            log.warning("page cache: the versions cannot be read; the page is made anew", exc_info=True)
            self._local.connection = None
            return None

    def close(self) -> None:
        """Close the thread's connection; the next read opens another."""
        connection: sqlite3.Connection | psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _read_sqlite(self) -> Mapping[str, int]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"file:{self._url.database}?mode=ro", uri=True, isolation_level=None)
            self._local.connection, self._local.seen = connection, None
        (seen,) = connection.execute("PRAGMA data_version").fetchone()
        if seen != self._local.seen:
            self._local.versions = dict(connection.execute(self._STATEMENT).fetchall())
            self._local.seen = seen
        versions: Mapping[str, int] = self._local.versions
        return versions

    def _read_postgresql(self) -> Mapping[str, int]:
        connection: psycopg.Connection[Any] | None = getattr(self._local, "connection", None)
        if connection is None or connection.closed:
            dsn = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
            connection = psycopg.connect(dsn, autocommit=True)
            _answered(connection.pgconn.prepare(self._NAME, self._STATEMENT.encode()))
            self._local.connection = connection
        # Past psycopg's cursors too, which cost three times what the answer does.
        found = _answered(connection.pgconn.exec_prepared(self._NAME, []))
        return {_text(found, row, 0): int(_text(found, row, 1)) for row in range(found.ntuples)}


def _answered(result: PGresult) -> PGresult:
    """Return what PostgreSQL answered; raises ``psycopg.OperationalError`` when that was an error."""
    if result.status not in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        raise psycopg.OperationalError((result.error_message or b"no answer").decode(errors="replace"))
    return result


def _text(result: PGresult, row: int, column: int) -> str:
    return (result.get_value(row, column) or b"").decode()
