"""The whole application in processes of its own: web server, background worker, payment sandbox, mail server."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from flask import Flask
from flask_migrate import upgrade

from eventsapp.core.db import db
from eventsapp.demo.sandbox import RunningSandbox, running_sandbox
from eventsapp.factory import create_app
from tests.support.database import ENVIRONMENT
from tests.support.fault_proxy import FaultProxy
from tests.support.mail_server import MailServer, mail_server
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Where the parts answer; ``app`` is on the same database, for making rows and looking at them."""

    url: str
    app: Flask
    sandbox: RunningSandbox
    mail: MailServer


@contextmanager
def running_stack(
    folder: Path,
    *,
    database_url: str,
    redis_url: str = "",
    worker: bool = True,
    wsgi: str = "app:app",
    workers: int = 2,
    threads: int = 4,
    network: FaultProxy | None = None,
) -> Iterator[Stack]:
    """Run everything on an empty database brought up to date; stop it all at the end.

    ``wsgi`` names another application for control runs; ``workers`` is the number of web processes, of that many
    ``threads`` each; ``network`` stands between the application and Stripe.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    secret = ENVIRONMENT["STRIPE_WEBHOOK_SECRET"]
    with ExitStack() as stack:
        sandbox = stack.enter_context(
            running_sandbox(webhook_url=f"{url}/paiement/stripe/webhook", webhook_secret=secret)
        )
        mail = stack.enter_context(mail_server())
        settings = ENVIRONMENT | {
            "PUBLIC_URL": url,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "STRIPE_API_BASE": _behind(network, sandbox) if network else sandbox.url,
            "MAIL_URL": mail.url,
            "STORAGE_URL": f"file://{folder}/files",
            # Each simulated visitor may come from an address of its own.
            "PROXY_HOPS": "1",
        }
        app = create_app(settings, keep_pages=False)
        with app.app_context():
            upgrade()
            stack.callback(db.engine.dispose)
            environment = os.environ | settings
            if worker:
                stack.enter_context(
                    _process([sys.executable, "-m", "eventsapp.worker"], environment, folder / "worker.log")
                )
            server = [
                sys.executable, "-m", "gunicorn", wsgi, "--worker-class", "gthread", "--workers", str(workers),
                "--threads", str(threads), "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
            ]  # fmt: skip
            stack.enter_context(_process(server, environment, folder / "web.log"))
            _wait_for(f"{url}/robots.txt", folder / "web.log")
            yield Stack(url=url, app=app, sandbox=sandbox, mail=mail)


def _behind(network: FaultProxy, sandbox: RunningSandbox) -> str:
    """Put the sandbox behind the proxy; return where it is reached then."""
    parts = urlsplit(sandbox.url)
    network.target = (parts.hostname or "", parts.port or 0)
    return network.url


@contextmanager
def _process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    message = f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}"
    raise RuntimeError(message)
