"""The sandbox's command line: ``python -m eventsapp.demo.sandbox --port P``."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from eventsapp.demo.sandbox.server import AddressInUseError, running_sandbox
from eventsapp.demo.sandbox.store import StateFileError


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C, and return the exit status."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: stopped.set())
    try:
        with running_sandbox(
            host=options.host,
            port=options.port,
            webhook_url=options.webhook_url,
            webhook_secret=options.webhook_secret,
            secret_key=options.secret_key,
            public_url=options.public_url,
            state=options.state,
            retry_seconds=2.0,
        ) as running:
            print(f"Payment sandbox: {running.url}", flush=True)
            stopped.wait()
    except (AddressInUseError, StateFileError) as trouble:
        print(f"Payment sandbox: {trouble}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eventsapp.demo.sandbox",
        description="A Stripe for trials: the API, the payment page and the webhooks, with no real card.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port to listen at; 0: any free one")
    parser.add_argument("--public-url", help="where a browser finds its pages, if not at the API's address")
    parser.add_argument("--webhook-url", help="where to send the events; without it they are only kept")
    parser.add_argument("--webhook-secret", default="whsec_sandbox", help="secret that signs the events")
    parser.add_argument("--secret-key", help="the only API key accepted; without it, every key sk_test_…")
    parser.add_argument("--state", type=Path, help="file that keeps the payments from one run to the next")
    return parser
