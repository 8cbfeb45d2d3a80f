"""Whatever is sent to a route of the site, of accounts or of the office: no error of ours, nothing wrong is kept."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from zlib import crc32

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from eventsapp.core.limits import limiter
from eventsapp.demo.sandbox import RunningSandbox
from tests.conftest import Client
from tests.support import nonsense, routes
from tests.support.database import tried, undone
from tests.support.invariants import broken
from tests.support.queries import counting_queries
from tests.support.visiting import Asked, Visitors, noting

T = TypeVar("T")
#: Of all that can be wrong, how much is tried at one route, another part at each: bodies, fields, and addresses.
SOME, EVERYTHING = 1, 10**9
#: Seconds that only an answer that hangs takes, and statements that only one without bounds asks.
HANGS, UNBOUNDED = 60, 500

pytestmark = [
    pytest.mark.by_turns,
    # What Werkzeug has read of a body that breaks off in a file is closed when it is forgotten, not before.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def visitors(demo_app: Flask, sandbox_server: RunningSandbox) -> Iterator[Visitors]:
    """People before the demonstration, what it lacks added; whatever they do is undone."""
    settings = demo_app.extensions["eventsapp.settings"]
    demo_app.extensions["eventsapp.settings"] = replace(settings, stripe_api_base=sandbox_server.url)
    demo_app.test_client_class = Client
    limiter.enabled = False
    try:
        with undone(demo_app), noting(demo_app):
            routes.make_rows()
            yield Visitors(demo_app)
    finally:
        limiter.enabled = True
        demo_app.test_client_class = None
        demo_app.extensions["eventsapp.settings"] = settings


@pytest.mark.parametrize(
    ("part", "most"),
    [
        ("site", SOME),
        # The office has three times as many routes.
        pytest.param("office", SOME, marks=pytest.mark.long),
        pytest.param("site", EVERYTHING, marks=pytest.mark.long),
        pytest.param("office", EVERYTHING, marks=pytest.mark.long),
    ],
)
def test_no_route_answers_nonsense_with_an_error_or_keeps_it(
    demo_app: Flask, visitors: Visitors, part: str, most: int
) -> None:
    tries = Tries(demo_app, visitors)

    for rule in routes.rules(demo_app):
        if rule.rule.startswith("/organisation/") is (part == "office"):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                tries.at(rule, method, most=most)

    assert tries.unreached == []
    assert tries.failed == []
    assert tries.count > 300


class Tries:
    """What was sent, and what came of it."""

    def __init__(self, app: Flask, visitors: Visitors) -> None:
        self._app, self._visitors = app, visitors
        # The past of the demonstration is written as it would be by now, its seats with it.
        self._wrong_before = broken()
        self.unreached: list[str] = []
        self.failed: list[str] = []
        self.count = 0

    def at(self, rule: Rule, method: str, *, most: int) -> None:
        """Send all sorts of things to the rule, as whoever gets there."""
        Asked.names.clear()
        found = self._reach(rule, method)
        if found is None:
            self.unreached.append(f"{method} {rule.rule}")
            return
        who, path = found
        part = crc32(f"{method} {rule.endpoint}".encode())
        names = sorted(name for name in Asked.names if name.isascii())
        for wrong, query in some(nonsense.queries(names or ["x"]), most // 2, part):
            self._send(who, path, method, wrong, environ_overrides={"QUERY_STRING": query})
        for wrong, address in some(nonsense.paths(path, _values(self._app, path, method)), most // 2, part):
            self._send(who, address, method, wrong)
        if method == "POST":
            form = self._visitors.fields(who, path, rule.endpoint)
            fields = form + [(name, "") for name in names if name not in dict(form)]
            for sent in some(nonsense.bodies(fields), most, part) + some(nonsense.single(fields), most, part):
                self._send(who, path, method, sent.wrong, data=sent.body, content_type=sent.content_type)

    def _reach(self, rule: Rule, method: str) -> tuple[str, str] | None:
        """Return who gets to an address of the rule, and that address; ``None`` when nobody gets to any."""
        for path in routes.addresses(rule):
            for who in self._visitors.who(rule):
                answer = self._send(who, path, method, "nothing at all")
                leads_to_sign_in = answer is not None and (answer.location or "").startswith("/compte/connexion/?")
                if answer is not None and answer.status_code not in {404, 405} and not leads_to_sign_in:
                    return who, path
        return None

    def _send(self, who: str, path: str, method: str, wrong: str, **sent: Any) -> TestResponse | None:
        self.count += 1
        what = f"{method} {path} with {wrong}"
        with tried(), hanging(what) as hung, counting_queries() as queries:
            try:
                answer = self._visitors.ask(who, path, method=method, **sent)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told with what was sent
                self.failed.append(f"{what}: {error!r}")
                return None
            if answer.status_code >= 500:
                self.failed.append(f"{what}: {answer.status_code}")
            if hung or queries() > UNBOUNDED:
                self.failed.append(f"{what}: {queries()} statements")
            if method == "POST" and answer.status_code < 400 and (wrong_now := broken()) != self._wrong_before:
                self.failed.append(f"{what}: {wrong_now}")
        return answer


def some(all_of_it: Iterator[T], most: int, part: int) -> list[T]:
    """Return at most so many, beginning with another one for each ``part``."""
    everything = list(all_of_it)
    begin = part % len(everything) if everything and most < len(everything) else 0
    return (everything[begin:] + everything[:begin])[:most]


def _values(app: Flask, path: str, method: str) -> list[str]:
    """Return what the address has in the place of the parameters."""
    _endpoint, values = app.url_map.bind("localhost").match(path, method=method)
    return [str(value) for value in values.values()]


@contextmanager
def hanging(what: str) -> Iterator[list[str]]:
    """Stop what takes longer than anything but a hang would."""
    hung: list[str] = []

    def stop(*_signal: object) -> None:
        hung.append(what)
        raise TimeoutError(what)

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(HANGS)
    try:
        yield hung
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
