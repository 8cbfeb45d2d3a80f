"""The application in this process, on a clock that the test moves: for what takes weeks."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import time_machine
from flask import Flask
from werkzeug.serving import make_server

from eventsapp.core import clock
from eventsapp.core.db import db
from tests.support.database import migrated_app
from tests.support.mail_server import MailServer, mail_server
from tests.support.services import free_port

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@runtime_checkable
class _Closable(Protocol):
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Where the application answers, and what day it is there."""

    url: str
    app: Flask
    mail: MailServer
    machine: time_machine.Traveller

    def today(self) -> date:
        """Return the day where the magazine is made."""
        with self.app.app_context():
            return clock.local_date(clock.now())

    def wait(self, days: int) -> None:
        """Let as many days go by."""
        self.machine.shift(timedelta(days=days))

    def work(self, *sweeps: str) -> None:
        """Run what the worker runs by its timetable, then send the mails that it wrote."""
        with self.app.app_context():
            for name in (*sweeps, "mail.send"):
                self.app.extensions["eventsapp.sweeps"][name]()


@contextmanager
def running_calendar(folder: Path, *, database_url: str, starts_at: datetime) -> Iterator[Calendar]:
    """Serve the application on an empty database and a mail server of its own, from ``starts_at`` on.

    The server is threads of this process, so that it lives by the clock that time-machine sets; a browser beside it
    goes by its own, which must not be ahead: cookies would be over before they come.
    """
    port = free_port()
    with ExitStack() as stack:
        mail = stack.enter_context(mail_server())
        app = migrated_app(
            {
                "PUBLIC_URL": f"http://127.0.0.1:{port}",
                "DATABASE_URL": database_url,
                "STORAGE_URL": f"file://{folder}/files",
                "MAIL_URL": mail.url,
            }
        )
        stack.callback(_close, app)
        server = make_server("127.0.0.1", port, _closing(app), threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        machine = stack.enter_context(time_machine.travel(starts_at, tick=True))
        yield Calendar(url=f"http://127.0.0.1:{port}", app=app, mail=mail, machine=machine)


def _closing(app: Flask) -> "WSGIApplication":
    """Close the file that is being sent although the browser goes on to its next page in the middle of it.

    Werkzeug's server leaves an answer open where reading what the browser still has to say fails; the end of a
    generator closes it all the same.
    """

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterator[bytes]:
        return _until_closed(app(environ, start_response))

    return answer


def _until_closed(response: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from response
    finally:
        if isinstance(response, _Closable):
            response.close()


def _close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
