"""``make bench``: wrk against the application, the yardstick and a bare hello; then the office, and papers.

Absolute figures drift with the machine; a ratio is measured within one run, the targets in turn, the median of three.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from flask_migrate import upgrade

from bench import day_papers, lists, papers, rows, search
from eventsapp.core.db import db
from eventsapp.factory import create_app
from tests.support.database import ENVIRONMENT, create_postgresql_database
from tests.support.services import find_program, free_port, postgresql

ROUNDS = 3
SECONDS = 4
#: wrk's threads and connections; orders come eight at a time.
THREADS, CONNECTIONS, BUYERS = 2, 16, 8
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Target:
    """An address, what it is compared with, and the least ratio that quality.md asks for."""

    name: str
    url: str
    against: str = ""
    goal: float = 0
    cookie: str = ""
    script: str = ""


def main() -> None:
    """Measure on each database and print a table for each."""
    find_program("wrk", "wrk")
    with tempfile.TemporaryDirectory(prefix="eventsapp-bench-") as folder, postgresql() as server:
        measure("SQLite", f"sqlite:///{folder}/bench.sqlite")
        measure("PostgreSQL", create_postgresql_database(server, "bench"))
        lists.measure(create_postgresql_database(server, "lists"))
        search.measure("SQLite", f"sqlite:///{folder}/search.sqlite")
        search.measure("PostgreSQL", create_postgresql_database(server, "search"))
    papers.measure()
    day_papers.measure()


def measure(name: str, database_url: str) -> None:
    """Fill a database, start the three servers, and print what was measured."""
    settings = ENVIRONMENT | {"DATABASE_URL": database_url, "PROXY_HOPS": "1"}
    app = create_app(settings)
    with app.app_context():
        upgrade()
        rows.fill()
        db.session.remove()
        db.engine.dispose()
    with ExitStack() as stack:
        hello = stack.enter_context(serving("bench.hello:app", settings))
        yardstick = stack.enter_context(serving("bench.yardstick:app", settings))
        site = stack.enter_context(serving("app:app", settings))
        targets = [
            Target("bare hello", hello.url),
            Target("yardstick", yardstick.url),
            Target("list of days, warm", f"{site.url}journees/", "bare hello", 0.9),
            Target("day, warm", f"{site.url}journees/journee-3/", "bare hello", 0.9),
            Target("article, warm", f"{site.url}articles/article-3/", "bare hello", 0.9),
            Target("list of days, cold", f"{site.url}journees/", "yardstick", 0.6, cookie="session=x"),
            Target("day, cold", f"{site.url}journees/journee-3/", "yardstick", 0.6, cookie="session=x"),
            Target("article, cold", f"{site.url}articles/article-3/", "yardstick", 0.6, cookie="session=x"),
        ]
        if database_url.startswith("postgresql"):
            # Eight who write at once are no case for SQLite, which lets one write at a time.
            orders = f"{site.url}api/v1/orders"
            targets.append(Target("order by the API", orders, "yardstick", 0.25, script="bench/orders.lua"))
        rates: dict[str, list[float]] = {target.name: [] for target in targets}
        for _ in range(ROUNDS):
            for target in targets:
                rates[target.name].append(load(target))
        report(name, targets, rates, memory=site.memory())


def report(name: str, targets: list[Target], rates: dict[str, list[float]], *, memory: int) -> None:
    """Print the medians and their ratios."""
    medians = {target: statistics.median(measured) for target, measured in rates.items()}
    print(f"\n{name}: requests a second, median of {ROUNDS} (least and most); ratio; what is asked for")
    for target in targets:
        measured = rates[target.name]
        line = f"  {target.name:22}{medians[target.name]:8.0f}  ({min(measured):.0f} to {max(measured):.0f})"
        if target.against:
            ratio = medians[target.name] / medians[target.against]
            mark = "" if ratio >= target.goal else "  below"
            line = f"{line:52}{ratio:6.2f} × {target.against:12} ≥ {target.goal}{mark}"
        print(line)
    print(f"  memory of the two web workers after the run: {memory} MiB (at most 250)")


def load(target: Target) -> float:
    """Return how many requests a second the target answers; stop when it answers errors."""
    connections = BUYERS if target.script else CONNECTIONS
    command = ["wrk", f"-t{THREADS}", f"-c{connections}", f"-d{SECONDS}s"]
    if target.cookie:
        command += ["-H", f"Cookie: {target.cookie}"]
    if target.script:
        command += ["-s", target.script]
    printed = subprocess.run([*command, target.url], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    if refused:
        sys.exit(f"{target.name}: {refused[1]} answers were errors\n{printed}")
    match = re.search(r"Requests/sec:\s+([\d.]+)", printed)
    if match is None:
        sys.exit(printed)
    return float(match[1])


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]

    def memory(self) -> int:
        """Return what its workers hold, shared pages counted once, in MiB."""
        workers = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True
        ).stdout.split()
        kilobytes = 0
        for worker in workers:
            rollup = Path(f"/proc/{worker}/smaps_rollup").read_text()
            kilobytes += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1])  # type: ignore[index]
        return kilobytes // 1024


@contextmanager
def serving(wsgi: str, settings: dict[str, str]) -> Iterator[Serving]:
    """Run a WSGI application as in production: two workers."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", wsgi, "--worker-class", "gthread", "--workers", "2", "--threads", "8",
        "--bind", f"127.0.0.1:{port}", "--log-level", "error",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_for(url)
        yield Serving(url, process)
    finally:
        process.terminate()
        process.wait(30)


def wait_for(url: str) -> None:
    """Wait for the first answer."""
    for _ in range(200):
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    sys.exit(f"nothing answers at {url}")


if __name__ == "__main__":
    main()
