"""One transaction a request, a task or a command: the only place that commits."""

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import ORMExecuteState, UOWTransaction
from sqlalchemy.orm import Session as DatabaseSession
from werkzeug.wrappers import Response as BaseResponse

from eventsapp.core import db as database
from eventsapp.core.db import Model, db

READ_ONLY_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class WriteInReadRequestError(RuntimeError):
    """A GET tried to write: a bug, never the visitor's fault."""


@dataclass(slots=True)
class Changes:
    """What the running transaction wrote that others derive something from."""

    rows: dict[Model, None] = field(default_factory=dict)
    deleted: dict[Model, None] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=set)
    after_commit: list[Callable[[], object]] = field(default_factory=list)
    #: Whether anything was written at all, by rows or by statements.
    wrote: bool = False
    #: Whether a statement ran of which nobody can tell what it does: plain text.
    unclear: bool = False


#: A step run inside the transaction, right before its commit (search index, versions of cached pages).
BeforeCommit: TypeAlias = Callable[[Changes], None]

_changes: contextvars.ContextVar[Changes | None] = contextvars.ContextVar("changes", default=None)


class TransactionalFlask(Flask):
    """Flask with one transaction a request, begun before any hook and ended before the answer leaves."""

    def full_dispatch_request(self) -> BaseResponse:  # type: ignore[override]
        # What hooks do counts as what the view does.
        with _collecting():
            if request.method in READ_ONLY_METHODS:
                return super().full_dispatch_request()
            with database.writing():
                return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        changes = _current()
        try:
            response = self.make_response(super().dispatch_request())
            if response.status_code >= 400:
                db.session.rollback()
            elif request.method in READ_ONLY_METHODS:
                _require_nothing_written(changes)
                _end_reading(changes)
            else:
                _commit(changes)
        except BaseException:
            db.session.rollback()
            raise
        for step in changes.after_commit:
            replaced = step()
            if isinstance(replaced, BaseResponse):
                response = self.make_response(replaced)
        return response


def init_app(app: Flask, *, before_commit: tuple[BeforeCommit, ...]) -> None:
    """Run ``before_commit`` inside every transaction of ``app`` that wrote something others derive from."""
    app.extensions["eventsapp.before_commit"] = before_commit
    if not sa.event.contains(DatabaseSession, "after_flush", _remember_changed_rows):
        sa.event.listen(DatabaseSession, "after_flush", _remember_changed_rows)
        sa.event.listen(DatabaseSession, "do_orm_execute", _remember_statement)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block wrote, or nothing of it: for tasks, commands and what follows a request's commit."""
    with database.writing(), _collecting() as changes:
        db.session.rollback()
        try:
            yield
            _commit(changes)
        except BaseException:
            db.session.rollback()
            raise
    for step in changes.after_commit:
        step()


def after_commit(step: Callable[[], object]) -> None:
    """Run ``step`` once the running transaction is committed; a response it returns replaces the view's."""
    _current().after_commit.append(step)


def touch(scope: str) -> None:
    """Say that pages of ``scope`` show something that the running transaction changed by a plain statement."""
    _current().scopes.add(scope)


def _require_nothing_written(changes: Changes) -> None:
    if changes.wrote or db.session.new or db.session.dirty or db.session.deleted:
        raise WriteInReadRequestError(request.endpoint)


def _end_reading(changes: Changes) -> None:
    """End a transaction that only read, by a commit: a rollback has psycopg forget every statement it prepared.

    What was read stays as it is for what is left of the request.
    """
    if changes.unclear:
        db.session.rollback()
        return
    session = db.session()
    session.expire_on_commit = False
    try:
        session.commit()
    finally:
        session.expire_on_commit = True


def _current() -> Changes:
    changes = _changes.get()
    if changes is None:
        message = "outside a request and outside unit_of_work.transaction()"
        raise RuntimeError(message)
    return changes


@contextmanager
def _collecting() -> Iterator[Changes]:
    changes = Changes()
    token = _changes.set(changes)
    try:
        yield changes
    finally:
        _changes.reset(token)


def _commit(changes: Changes) -> None:
    db.session.flush()
    if changes.rows or changes.deleted or changes.scopes:
        steps: tuple[BeforeCommit, ...] = current_app.extensions["eventsapp.before_commit"]
        for step in steps:
            step(changes)
    db.session.commit()


def _remember_changed_rows(session: DatabaseSession, _context: UOWTransaction) -> None:
    changes = _changes.get()
    if changes is None:
        return
    changes.wrote = True
    seen: list[tuple[dict[Model, None], Any]] = [
        (changes.rows, session.new),
        (changes.rows, session.dirty),
        (changes.deleted, session.deleted),
    ]
    for collected, rows in seen:
        for row in rows:
            if isinstance(row, Model) and row.__shown_in__ is not None:
                collected[row] = None
                changes.scopes.add(row.__shown_in__)


def _remember_statement(execution: ORMExecuteState) -> None:
    changes = _changes.get()
    if changes is None or execution.is_select:
        return
    if execution.is_insert or execution.is_update or execution.is_delete:
        changes.wrote = True
    else:
        changes.unclear = True
