"""Fixtures of every test, and the servers of the run."""

import gc
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
import stripe
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.core.limits import limiter
from eventsapp.demo import service as demonstration
from eventsapp.demo.sandbox import RunningSandbox, running_sandbox
from eventsapp.invoices import papers
from tests.support import services
from tests.support.browser import chromium
from tests.support.database import ENVIRONMENT, create_postgresql_database, migrated_app, share_templates, undone
from tests.support.killable import trust_every_document
from tests.support.mail_server import MailServer, mail_server
from tests.support.makers.study_days import NOW
from tests.support.queries import QueryCount, counting_queries

POSTGRESQL = "EVENTSAPP_TEST_POSTGRESQL"
REDIS = "EVENTSAPP_TEST_REDIS"
#: Nobody answers there: whatever was sent would fail.
NO_MAIL_SERVER = "smtp://127.0.0.1:9"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["turns", "both", "sqlite", "postgresql"],
        default="turns",
        help="on which database(s) to run; by turns pages are tried on one of the two, everything else on both",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, in the process that leads; its workers find them in their environment."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    share_templates()
    stack = ExitStack()
    config.add_cleanup(stack.close)
    if POSTGRESQL not in os.environ and config.option.database != "sqlite":
        os.environ[POSTGRESQL] = stack.enter_context(services.postgresql())
        stack.callback(os.environ.pop, POSTGRESQL)
    if REDIS not in os.environ:
        os.environ[REDIS] = stack.enter_context(services.redis())
        stack.callback(os.environ.pop, REDIS)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the database on each database; pages by turns, since what they ask has tests of its own."""
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", _databases(metafunc), indirect=True, scope="session")


def _databases(metafunc: pytest.Metafunc) -> list[str]:
    asked: str = metafunc.config.option.database
    if asked in {"sqlite", "postgresql"}:
        return [asked]
    databases = ["sqlite", "postgresql"]
    test = metafunc.definition
    if test.get_closest_marker("writers_at_once"):
        return databases[1:]
    if test.get_closest_marker("one_database"):
        return databases[:1]
    is_page = bool(test.get_closest_marker("by_turns")) or "web" in test.path.parts
    if asked == "turns" and is_page and not test.get_closest_marker("both_databases"):
        return [databases[crc32(test.nodeid.encode()) % 2]]
    return databases


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests that look at one demonstration on one worker: loading it takes seconds.

    As soon as they are collected: xdist reads the groups before any hook of ours on all of them.
    """
    if isinstance(item, pytest.Function) and "demo_app" in item.fixturenames:
        item.add_marker(pytest.mark.xdist_group(f"demo-{item.callspec.params['database']}"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try everything on one database, then on the other: each turn from one to the other makes an application anew."""
    items.sort(key=_database_of)


def _database_of(item: pytest.Item) -> str:
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return str(parameters.get("database", ""))


def pytest_collection_finish() -> None:
    """Leave what was loaded for ten thousand tests out of the garbage collector's rounds: each would take a second."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """Which database this is about: ``sqlite`` or ``postgresql``."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a database of this worker's own."""
    folder = tmp_path_factory.mktemp("app")
    address = database_address(database, folder)
    made = migrated_app({"DATABASE_URL": address, "STORAGE_URL": f"file://{folder}/files"})
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of this worker: a second one beside it would not start."""
    with chromium() as running:
        yield running


def database_address(database: str, folder: Path) -> str:
    """Return the address of this worker’s own database, named after ``folder``; on PostgreSQL it is there already."""
    if database == "sqlite":
        return f"sqlite:///{folder}/test.sqlite"
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return create_postgresql_database(os.environ[POSTGRESQL], f"{worker}_{folder.name}")


@pytest.fixture
def transaction(app: Flask) -> Iterator[None]:
    """Undo whatever the test does to the database."""
    with undone(app):
        yield


class Client(FlaskClient):
    """A browser without a screen; after each answer the test sees what the request wrote.

    Each request has an application context of its own, as it has outside the tests: what one keeps there (who is
    signed in, its rows) is no other's, nor the test's.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        with self.application.app_context():
            answer = super().open(*args, **{"buffered": True} | kwargs)
        db.session.expire_all()
        return answer


@pytest.fixture
def client(app: Flask, transaction: None) -> Iterator[FlaskClient]:
    """A visitor."""
    app.test_client_class = Client
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.reset()
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def frozen() -> Iterator[None]:
    """The clock stands at ``NOW``, before every made day."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every electronic invoice passes for valid: the validators take two seconds, and are asked where they count."""
    monkeypatch.setattr(papers, "problems", trust_every_document)


@pytest.fixture
def count_queries() -> AbstractContextManager[QueryCount]:
    """Count the statements executed inside ``with count_queries as count``."""
    return counting_queries()


@pytest.fixture(scope="session")
def demo_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demonstration of today, in a database of its own, at which tests only look."""
    folder = tmp_path_factory.mktemp("demo")
    made = migrated_app(
        {
            "DATABASE_URL": database_address(database, folder),
            "STORAGE_URL": f"file://{folder}/files",
            "MAIL_URL": NO_MAIL_SERVER,
        }
    )
    made.config["WTF_CSRF_ENABLED"] = False
    with made.app_context():
        for step in demonstration.steps(now=clock.now()):
            step.run()
        db.session.remove()
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[Flask]:
    """The application with the demonstration, in a context for the test's own queries."""
    with demo_app.app_context():
        yield demo_app
        db.session.rollback()
        db.session.remove()


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[RunningSandbox]:
    """The payment sandbox, one a worker; it speaks Stripe's API over HTTP."""
    with running_sandbox(webhook_secret=ENVIRONMENT["STRIPE_WEBHOOK_SECRET"]) as server:
        yield server


@pytest.fixture
def sandbox(app: Flask, sandbox_server: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningSandbox]:
    """Stripe, as far as the application knows: an empty sandbox that tells nothing by itself."""
    # Before it asks again, the SDK would sleep half a second.
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    sandbox_server.reset()
    sandbox_server.send_webhooks_to(None)
    settings = app.extensions["eventsapp.settings"]
    app.extensions["eventsapp.settings"] = replace(settings, stripe_api_base=sandbox_server.url)
    yield sandbox_server
    app.extensions["eventsapp.settings"] = settings


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    """A real mail server."""
    with mail_server() as server:
        yield server
