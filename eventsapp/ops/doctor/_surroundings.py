"""Settings that make no sense for real visitors, and whether what the application needs answers."""

import os
import smtplib
from collections.abc import Sequence

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.ops import queries

#: Seconds that the mail server may take.
PATIENCE = 5


def surroundings() -> list[tuple[str, Sequence[str]]]:
    """Return each part that the application stands on with what is wrong with it."""
    return [
        ("settings", _settings()),
        ("database", _database()),
        ("queue", [] if queries.queue_answers() else ["the queue does not answer (REDIS_URL)"]),
        ("mail", _mail()),
        ("storage", _storage()),
    ]


def _settings() -> list[str]:
    current = settings.current()
    problems = []
    if not current.stripe_secret_key:
        # On a machine of one's own ``make run`` makes the keys of its sandbox up, for what it runs and nothing else.
        if current.production:
            problems.append("STRIPE_SECRET_KEY is empty in this environment: nobody can pay by card")
    elif not current.stripe_webhook_secret:
        problems.append("STRIPE_WEBHOOK_SECRET is empty: what Stripe tells is refused")
    if current.production:
        if current.database_url.startswith("sqlite"):
            problems.append("DATABASE_URL is SQLite: fine for a trial, not for two machines")
        if current.mail_server is None:
            problems.append("MAIL_URL is empty: mails are kept and sent to nobody")
        if current.trial:
            problems.append("STRIPE_SECRET_KEY is a test key: every order is a trial, and no real money comes in")
        missing = [name for name in ("siret", "vat_number", "iban", "address") if not getattr(current.seller, name)]
        problems += [f"SELLER_{name.upper()} is empty: invoices want it" for name in missing]
    return problems


def _database() -> list[str]:
    if not queries.database_answers():
        return ["the database does not answer (DATABASE_URL)"]
    scripts = ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
    try:
        there = set(MigrationContext.configure(db.session.connection()).get_current_heads())
        if db.engine.dialect.name == "sqlite":
            said = db.session.execute(sa.text("PRAGMA quick_check")).scalar()
            if said != "ok":
                return [f"SQLite says of its file: {said}"]
    except SQLAlchemyError as error:
        return [f"the database cannot be read: {type(error).__name__}"]
    wanted = set(scripts.get_heads())
    if there != wanted:
        return [f"the tables are at migration {', '.join(there) or 'none'}, the program at {', '.join(wanted)}"]
    return []


def _mail() -> list[str]:
    server = settings.current().mail_server
    if server is None:
        return []
    kind = smtplib.SMTP_SSL if server.encryption == "tls" else smtplib.SMTP
    try:
        with kind(server.host, server.port, timeout=PATIENCE) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        return [f"the mail server {server.host}:{server.port} does not answer: {error}"]
    return []


def _storage() -> list[str]:
    folder = settings.current().storage_path
    if folder.exists() and not os.access(folder, os.W_OK):
        return [f"nothing can be written in {folder} (STORAGE_URL)"]
    return []
