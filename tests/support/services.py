"""Servers of the test run's own: PostgreSQL and Redis on free ports, gone when it ends."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

#: Debian keeps the server's programs out of the path.
_POSTGRESQL_FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
_PATIENCE = 30


class MissingProgram(RuntimeError):  # noqa: N818
    """A program that the tests need is not on this machine."""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def find_program(name: str, package: str, folders: list[Path] | None = None) -> str:
    """Return the path of a program; say which Debian package brings it when it is missing."""
    for folder in folders or []:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    if found is None:
        message = f"{name} is missing: run `make test` as root on Debian, or install the package {package}"
        raise MissingProgram(message)
    return found


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a private PostgreSQL; give the address of its server, without a database name."""
    initdb = find_program("initdb", "postgresql", _POSTGRESQL_FOLDERS)
    server = find_program("postgres", "postgresql", _POSTGRESQL_FOLDERS)
    folder = Path(tempfile.mkdtemp(prefix="eventsapp-pg-"))
    port = free_port()
    # The server refuses to run as root; Debian's package brings a user for it.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    try:
        if as_user:
            shutil.chown(folder, "postgres")
        subprocess.run(
            [
                *as_user,
                initdb,
                "-D",
                folder / "data",
                "-U",
                "eventsapp",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder, "fsync": "off"}
        options |= {"synchronous_commit": "off", "full_page_writes": "off", "max_connections": 200}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [*as_user, server, "-D", folder / "data", *arguments], stdout=subprocess.DEVNULL, stderr=log, cwd="/"
            )
        try:
            _wait_for(port, process)
            _wait_for_postgresql(port)
            yield f"postgresql://eventsapp@127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(_PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def redis() -> Iterator[str]:
    """Run a private Redis that keeps nothing; give its address."""
    program = find_program("redis-server", "redis-server")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        _wait_for(port, process)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait_for_postgresql(port: int) -> None:
    """Wait until the server lets somebody in: its port is open a moment before."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            psycopg.connect(f"postgresql://eventsapp@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    message = f"the server on port {port} did not start (exit code {process.poll()})"
    raise RuntimeError(message)
