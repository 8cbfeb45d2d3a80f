"""Databases of the tests: one schema a run, made by the migrations; each test in a transaction that is undone."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from eventsapp.core.db import db, writing
from eventsapp.factory import create_app

#: Where the processes of a run keep compiled templates.
TEMPLATES = "EVENTSAPP_TEST_TEMPLATES"
#: Settings of every application in the tests.
ENVIRONMENT = {
    "SECRET_KEY": "a-key-for-the-tests-only-0123456789",
    "PUBLIC_URL": "http://localhost",
    "STRIPE_SECRET_KEY": "sk_test_tests",
    "STRIPE_WEBHOOK_SECRET": "whsec_tests",
    "STRIPE_API_BASE": "http://127.0.0.1:9",
    "SITE_NAME": "La Lettre du cadre territorial",
    "SELLER_NAME": "Les Éditions de l’Essai",
    "SELLER_ADDRESS": "1, rue de l’Essai, 38000 Grenoble",
    "SELLER_SIRET": "73282932000074",
    "SELLER_VAT_NUMBER": "FR44732829320",
    "SELLER_IBAN": "FR7630006000011234567890189",
    "SELLER_BIC": "AGRIFRPP",
}


def create_postgresql_database(server: str, name: str) -> str:
    """Make the database ``name``, up to date and without a row of the tests (one of that name is dropped).

    Return its address. It is copied from one that the migrations made once in this process: they take longer.
    """
    _copy(server, name, of=_postgresql_model(server))
    return f"{server}/{name}"


def migrated_app(environment: dict[str, str], *, keep_pages: bool = False) -> Flask:
    """Return an application on a database brought up to date."""
    path = environment["DATABASE_URL"].removeprefix("sqlite:///")
    if path != environment["DATABASE_URL"] and not Path(path).exists():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_sqlite_model(), path)
    return _migrated(environment, keep_pages=keep_pages)


def _migrated(environment: dict[str, str], *, keep_pages: bool = False) -> Flask:
    app = create_app(ENVIRONMENT | environment, keep_pages=keep_pages)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ.get(TEMPLATES) or _folder_of_templates())
    # The same algorithm at the least cost: most tests that sign in are not about passwords.
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    with app.app_context():
        upgrade()
    return app


@cache
def _folder_of_templates() -> str:
    """Return where compiled templates are kept until this process ends."""
    folder = tempfile.mkdtemp(prefix="eventsapp-templates-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def share_templates() -> None:
    """Let the processes of this run share the templates that one of them compiled: all of them take seconds."""
    os.environ[TEMPLATES] = _folder_of_templates()


@cache
def _sqlite_model() -> Path:
    """Return the file of a database that the migrations made; it is copied for each test that needs one."""
    folder = Path(tempfile.mkdtemp(prefix="eventsapp-model-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    app = _migrated({"DATABASE_URL": f"sqlite:///{folder}/model.sqlite"})
    with app.app_context():
        # The last connection that closes writes everything into the one file.
        db.engine.dispose()
    return folder / "model.sqlite"


@cache
def _postgresql_model(server: str) -> str:
    """Return the name of a database that the migrations made, and that nobody is connected to."""
    name = f"model_{os.getpid()}"
    _copy(server, name, of="template1")
    app = _migrated({"DATABASE_URL": f"{server}/{name}"})
    with app.app_context():
        db.engine.dispose()
    return name


def _copy(server: str, name: str, *, of: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{of}"'.encode())


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Wrap what happens inside in a transaction that is rolled back; the code's own commits are savepoints."""
    with app.app_context(), writing():
        engines = db.engines
        engine = engines[None]
        with engine.connect() as connection:
            outer = connection.begin()
            engines[None] = connection  # type: ignore[index]
            try:
                yield
            finally:
                db.session.remove()
                outer.rollback()
                engines[None] = engine  # type: ignore[index]


@contextmanager
def tried() -> Iterator[None]:
    """Inside a transaction that is undone, undo what happens here before it goes on: for many tries from one state."""
    db.session.rollback()
    # ``undone`` put its one connection there.
    connection: Any = db.engines[None]
    savepoint = connection.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()


def current_session() -> Session:
    """Return the session of the test itself, which is not the request's."""
    return db.session()
