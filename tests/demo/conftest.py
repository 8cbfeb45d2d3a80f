"""The demonstration, loaded once a run into a database of its own; the tests only look."""

from collections.abc import Iterator

import pytest
from flask import Flask

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.demo import service
from tests.conftest import database_address
from tests.support.database import migrated_app

#: Nobody answers there: whatever was sent would fail.
NO_MAIL_SERVER = "smtp://127.0.0.1:9"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that look at one demonstration on one worker: loading it takes seconds."""
    for item in items:
        if isinstance(item, pytest.Function) and "demo_app" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(f"demo-{item.callspec.params['database']}"))


@pytest.fixture(scope="session")
def demo_app(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demonstration of today, and with a mail server set."""
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
        for step in service.steps(now=clock.now()):
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
