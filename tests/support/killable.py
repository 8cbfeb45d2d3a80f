"""The application in a process whose children die by SIGKILL at a named point: what a power cut leaves behind.

Run as a program, it loads the application once; each line of its input is a deed, done by a child of its own:
``{"do": "post", "path": …, "form": …, "at": "eventsapp.payments.gateway:open_page:after"}``. Its answer is how the
child ended: 0, or -9. The application itself knows nothing of this.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from eventsapp.core import clock
from eventsapp.factory import create_app
from eventsapp.invoices import papers

ROOT = Path(__file__).resolve().parents[2]


class Killable:
    """The running program, as a test sees it."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def do(self, **deed: Any) -> int:
        """Have a child do it; return how the child ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(deed) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def killable(environment: Mapping[str, str], *, log: Path) -> Iterator[Killable]:
    """Run the program until the block is left."""
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.killable"],
            cwd=ROOT,
            env=os.environ | dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        yield Killable(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def trust_every_document(documents: Sequence[bytes], **_patience: object) -> list[list[papers.Problem]]:
    """Stand in for the validators, which take seconds to start and are tried elsewhere."""
    return [[] for _document in documents]


def _main() -> None:
    app = create_app(keep_pages=False)
    app.config["WTF_CSRF_ENABLED"] = False
    papers.problems = trust_every_document
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _do(app, **json.loads(line))
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _do(app: Flask, *, do: str, at: str = "", minutes: int = 0, **deed: Any) -> None:
    if at:
        _die_at(at)
    if minutes:
        real = clock.now
        clock.now = lambda: real() + timedelta(minutes=minutes)
    if do == "sweep":
        with app.app_context():
            app.extensions["eventsapp.sweeps"][deed["name"]]()
    else:
        body: dict[str, Any] = {"data": deed.get("form") or deed["body"].encode()}
        headers = deed.get("headers") or {}
        # A client that keeps cookies would send none of those given here.
        app.test_client(use_cookies="Cookie" not in headers).post(deed["path"], headers=headers, **body)


def _die_at(point: str) -> None:
    """Replace the function named ``module:name:before`` or ``…:after`` by one that kills its process there."""
    path, name, when = point.split(":")
    module = importlib.import_module(path)
    real: Callable[..., object] = getattr(module, name)

    def deadly(*args: object, **named: object) -> None:
        if when == "after":
            real(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)


if __name__ == "__main__":
    _main()
