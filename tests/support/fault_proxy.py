"""A proxy that stands before a server and does to its connections what networks do: hang, reset, cut, delay."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum


class Fault(StrEnum):
    """What becomes of a connection."""

    NONE = "none"
    #: Taken, and never answered.
    HANG = "hang"
    #: Reset as soon as something is asked; the server never hears of it.
    RESET = "reset"
    #: Asked and done, and reset instead of answered.
    RESET_AFTER = "reset after"
    #: Asked and done, and cut in the middle of the answer.
    CUT = "cut"


class FaultProxy:
    """Where it listens, what it does to connections from now on, and how many it took."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        #: Host and port of the server behind.
        self.target: tuple[str, int] = ("127.0.0.1", 9)
        self.fault = Fault.NONE
        self.taken = 0
        self._stopped = threading.Event()

    def serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            self.taken += 1
            threading.Thread(target=self._serve_one, args=(connection, self.fault), daemon=True).start()

    def stop(self) -> None:
        self._stopped.set()
        # Closing alone would not wake the thread that waits for a connection.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)

    def _serve_one(self, connection: socket.socket, fault: Fault) -> None:
        with connection, suppress(OSError):
            asked = _whole(connection)
            if fault is Fault.HANG:
                self._stopped.wait(30)
            elif fault is Fault.RESET:
                _reset(connection)
            else:
                with socket.create_connection(self.target, timeout=10) as behind:
                    behind.sendall(asked)
                    # The server is through with it once it begins to answer.
                    answer = behind.recv(65536)
                    if fault is not Fault.RESET_AFTER:
                        connection.sendall(answer if fault is Fault.NONE else answer[: len(answer) // 2])
                    if fault is Fault.NONE:
                        _pump(behind, connection)
                    else:
                        _reset(connection)


def _whole(connection: socket.socket) -> bytes:
    """Return one request: what arrives until nothing more does."""
    asked = connection.recv(65536)
    connection.settimeout(0.05)
    with suppress(TimeoutError):
        while piece := connection.recv(65536):
            asked += piece
    connection.settimeout(None)
    return asked


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Hand on what comes until it ends or nobody takes it."""
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@contextmanager
def fault_proxy() -> Iterator[FaultProxy]:
    """Run a proxy on a free port until the block is left; say what is behind it by ``target``."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        proxy = FaultProxy(listener)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.stop()
            thread.join(5)
