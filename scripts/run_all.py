"""Run the whole application on this machine: database, demonstration, payment sandbox, worker, web server.

``make run`` calls it. HOST (127.0.0.1) and PORT (8000) say where it listens; what is set in the environment or in
``.env`` is respected: with a real STRIPE_SECRET_KEY no sandbox is started. The libraries are loaded once, and every
part is a copy of this process: loading them is most of a start.
"""

import multiprocessing
import os
import secrets
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import NoReturn

import click
import sqlalchemy as sa
from dotenv import dotenv_values
from flask import Flask
from flask_migrate import upgrade
from gunicorn.app import wsgiapp as gunicorn  # type: ignore[import-untyped]

from eventsapp import worker
from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.core.settings import SettingError, Settings
from eventsapp.demo.cli import demo
from eventsapp.demo.sandbox import cli as sandbox
from eventsapp.factory import create_app

ROOT = Path(__file__).resolve().parents[1]
#: Seconds that a part may take to start.
PATIENCE = 30
#: Seconds that all parts together may take to stop by themselves.
GRACE = 1
#: What asks to stop: Ctrl-C, ``kill``, a terminal that closes.
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Who sells, on a machine where nobody said it: department and bank « 00 » do not exist, the check digits are right.
FICTITIOUS_SELLER = {
    "SELLER_NAME": "La Lettre du cadre territorial (démonstration)",
    "SELLER_ADDRESS": "1, rue de l’Exemple, 00000 Ville-Fictive",
    "SELLER_SIRET": "00000000000000",
    "SELLER_VAT_NUMBER": "FR12000000000",
    "SELLER_IBAN": "FR7600000000000000000000097",
    "SELLER_BIC": "DEMOFRPPXXX",
}


def main() -> None:
    """Prepare the database, start every part, and stop them all with Ctrl-C."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    if not is_free(host, port):
        refuse(f"port {port} is taken on {host}; try PORT={port + 1} make run")
    shown_host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    environment = {"PUBLIC_URL": f"http://{shown_host}:{port}", **from_file, **os.environ}
    made_up = made_up_settings(environment, chosen=settings_of(environment), after=port)
    environment |= made_up
    chosen = settings_of(environment)
    os.environ.update(environment)
    os.chdir(ROOT)
    parts: list[ForkProcess] = []
    for number in STOPS:
        # What a script starts in the background is told to ignore Ctrl-C; the parts would not, so this must not.
        signal.signal(number, signal.default_int_handler)
    try:
        if "STRIPE_API_BASE" in made_up:
            parts.append(start("payment sandbox", lambda: sys.exit(sandbox.main(sandbox_arguments(chosen)))))
        app = prepare()
        parts.append(start("worker", worker.main))
        parts.append(start("web server", lambda: serve(f"{host}:{port}")))
        wait_for(shown_host, port, parts[-1])
        with app.app_context():
            demo.main(["hints"], standalone_mode=False)
        print(f"\nThe site answers at {chosen.public_url}/ – Ctrl-C stops everything.", flush=True)
        watch(parts)
    except (KeyboardInterrupt, click.Abort):
        print("\nStopping…", flush=True)
    finally:
        stop(parts)


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that ``environment`` describes; stop at a wrong one."""
    try:
        return settings.read(environment)
    except SettingError as error:
        refuse(str(error))


def made_up_settings(environment: Mapping[str, str], *, chosen: Settings, after: int) -> dict[str, str]:
    """Return the settings of a trial that nobody gave: a payment sandbox and who sells.

    With a real STRIPE_SECRET_KEY there are none, and a site that others can reach gets no seller: somebody would pay.
    """
    if chosen.stripe_secret_key:
        return {}
    port = next(candidate for candidate in range(after + 1, 65535) if is_free("127.0.0.1", candidate))
    seller = {} if chosen.production else FICTITIOUS_SELLER
    return {name: value for name, value in seller.items() if name not in environment} | {
        "STRIPE_SECRET_KEY": "sk_test_sandbox",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(16)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{port}",
    }


def sandbox_arguments(chosen: Settings) -> Sequence[str]:
    """Return the command line of the payment sandbox: it listens where the settings expect it.

    What it keeps lies beside the database that knows its payments.
    """
    database = sa.make_url(chosen.database_url)
    file = database.database if database.get_backend_name() == "sqlite" else None
    folder = Path(file).parent if file else ROOT / "instance"
    folder.mkdir(parents=True, exist_ok=True)
    return (
        "--port", chosen.stripe_api_base.rsplit(":", 1)[1],
        "--webhook-url", f"{chosen.public_url}/paiement/stripe/webhook",
        "--webhook-secret", chosen.stripe_webhook_secret,
        "--state", str(folder / "sandbox.sqlite"),
    )  # fmt: skip


def prepare() -> Flask:
    """Bring the database up to date and load the demonstration into an empty one; return the application.

    No connection stays open: the parts started afterwards are copies of this process, and would share it.
    """
    try:
        app = create_app(keep_pages=False)
        with app.app_context():
            upgrade()
            db.session.remove()
            db.engine.dispose()
    except SettingError as error:
        refuse(str(error))
    loading = multiprocessing.get_context("fork").Process(target=load, args=(app,), name="demonstration")
    loading.start()
    loading.join()
    if loading.exitcode:
        refuse("the demonstration could not be loaded")
    return app


def load(app: Flask) -> None:
    """Load the demonstration into an empty database, in a process of its own.

    It makes PDFs, and the threads that Typst starts for that do not live on in a copy: the parts would wait for them.
    """
    try:
        with app.app_context():
            demo.main(["load", "--if-empty"], standalone_mode=False)
    except click.ClickException as error:
        refuse(error.message)


def serve(address: str) -> None:
    """Serve the site; the requests under way have a second to end."""
    sys.argv = [
        "gunicorn", "app:app", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--bind", address,
        "--log-level", "warning", "--graceful-timeout", "1", "--no-control-socket",
    ]  # fmt: skip
    gunicorn.run()


def start(name: str, run: Callable[[], object]) -> ForkProcess:
    """Start a part in a copy of this process, out of reach of the terminal's Ctrl-C: ``stop`` ends it."""
    part = multiprocessing.get_context("fork").Process(target=_run, args=(run,), name=name)
    part.start()
    # A group of its own: the processes that the part starts in turn end with it.
    os.setpgid(part.pid or 0, 0)
    return part


def _run(run: Callable[[], object]) -> None:
    for number in STOPS:
        signal.signal(number, signal.SIG_DFL)
    run()


def is_free(host: str, port: int) -> bool:
    """Return whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def wait_for(host: str, port: int, part: ForkProcess) -> None:
    """Wait until ``part`` answers on ``port``; stop everything when it does not."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and part.is_alive():
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return
        time.sleep(0.05)
    refuse(f"nothing answers on port {port}")


def watch(parts: Sequence[ForkProcess]) -> None:
    """Wait until one of the parts ends by itself, then say which and stop everything."""
    ready = connection.wait([part.sentinel for part in parts])
    ended = next(part for part in parts if part.sentinel in ready)
    # Its end is seen a moment before its status is known.
    ended.join()
    refuse(f"the {ended.name} has ended with status {ended.exitcode}; the other parts are stopped")


def stop(parts: Sequence[ForkProcess]) -> None:
    """End every part, gently first, with all that it started."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    deadline = time.monotonic() + GRACE
    for part in parts:
        part.terminate()
    for part in parts:
        part.join(max(0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(part.pid or 0, signal.SIGKILL)


def refuse(message: str) -> NoReturn:
    """Stop with one line that says why."""
    sys.exit(f"make run: {message}")


if __name__ == "__main__":
    main()
