"""Run the whole application on this machine: database, demonstration, payment sandbox, worker, web server.

``make run`` calls it. HOST (127.0.0.1) and PORT (8000) say where it listens; what is set in the environment or in
``.env`` is respected: with a real STRIPE_SECRET_KEY no sandbox is started.
"""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import click
from dotenv import dotenv_values
from flask import Flask
from flask_migrate import upgrade

from eventsapp.core.db import db
from eventsapp.core.settings import SettingError
from eventsapp.demo.cli import demo
from eventsapp.factory import create_app

ROOT = Path(__file__).resolve().parents[1]
#: Seconds that a part may take to start, and to stop.
PATIENCE = 30


def main() -> None:
    """Prepare the database, start every part, and stop them all with Ctrl-C."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if not is_free(host, port):
        refuse(f"port {port} is taken on {host}; try PORT={port + 1} make run")
    from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    environment = {"PUBLIC_URL": f"http://{shown_host}:{port}", **from_file, **os.environ}
    sandbox = sandbox_settings(environment, after=port)
    environment |= sandbox
    processes: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if sandbox:
            processes.append(start_sandbox(environment))
        app = prepare(environment)
        processes.append(subprocess.Popen([sys.executable, "-m", "eventsapp.worker"], cwd=ROOT, env=environment))
        processes.append(start_web(environment, host, port))
        wait_for(shown_host, port, processes[-1])
        with app.app_context():
            demo.main(["hints"], standalone_mode=False)
        print(f"\nThe site answers at {environment['PUBLIC_URL']}/ – Ctrl-C stops everything.", flush=True)
        watch(processes)
    except KeyboardInterrupt:
        print("\nStopping…", flush=True)
    finally:
        stop(processes)


def prepare(environment: dict[str, str]) -> Flask:
    """Bring the database up to date and load the demonstration into an empty one; return the application."""
    try:
        app = create_app(environment, keep_pages=False)
        with app.app_context():
            upgrade()
            demo.main(["load", "--if-empty"], standalone_mode=False)
            db.session.remove()
            db.engine.dispose()
    except SettingError as error:
        refuse(str(error))
    except click.ClickException as error:
        refuse(error.message)
    return app


def sandbox_settings(environment: dict[str, str], *, after: int) -> dict[str, str]:
    """Return the settings that lead to the payment sandbox; nothing when real ones are given."""
    if environment.get("STRIPE_SECRET_KEY"):
        return {}
    port = next(candidate for candidate in range(after + 1, 65535) if is_free("127.0.0.1", candidate))
    return {
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
    }


def start_sandbox(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the payment sandbox where the settings expect it."""
    port = int(environment["STRIPE_API_BASE"].rsplit(":", 1)[1])
    (ROOT / "instance").mkdir(exist_ok=True)
    return subprocess.Popen(
        [
            sys.executable, "-m", "eventsapp.demo.sandbox", "--port", str(port),
            "--webhook-url", f"{environment['PUBLIC_URL']}/paiement/stripe/webhook",
            "--webhook-secret", environment["STRIPE_WEBHOOK_SECRET"],
            "--state", str(ROOT / "instance" / "sandbox.sqlite"),
        ],
        cwd=ROOT,
        env=environment,
    )  # fmt: skip


def start_web(environment: dict[str, str], host: str, port: int) -> subprocess.Popen[bytes]:
    """Start the web server."""
    return subprocess.Popen(
        [
            sys.executable, "-m", "gunicorn", "app:app", "--worker-class", "gthread", "--workers", "2",
            "--threads", "8", "--bind", f"{host}:{port}", "--log-level", "warning", "--graceful-timeout", "10",
        ],
        cwd=ROOT,
        env=environment,
    )  # fmt: skip


def is_free(host: str, port: int) -> bool:
    """Return whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def wait_for(host: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until ``process`` answers on ``port``; stop everything when it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    refuse(f"nothing answers on port {port}")


def watch(processes: list[subprocess.Popen[bytes]]) -> None:
    """Return when one of the parts ends."""
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    print("One part has ended; the others are stopped.", file=sys.stderr)


def stop(processes: list[subprocess.Popen[bytes]]) -> None:
    """End every part, gently first."""
    for process in reversed(processes):
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()


def refuse(message: str) -> NoReturn:
    """Stop with one line that says why."""
    sys.exit(f"make run: {message}")


if __name__ == "__main__":
    main()
