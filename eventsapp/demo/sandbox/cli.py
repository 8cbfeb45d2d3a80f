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
            print(f"Bac à sable de paiement : {running.url}", flush=True)
            stopped.wait()
    except (AddressInUseError, StateFileError) as trouble:
        print(f"Bac à sable de paiement : {trouble}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eventsapp.demo.sandbox",
        description="Un Stripe d’essai : l'API, la page de paiement et les webhooks, sans aucune carte réelle.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="adresse écoutée (127.0.0.1)")
    parser.add_argument("--port", type=int, default=0, help="port écouté ; 0 : un port libre")
    parser.add_argument("--public-url", help="où un navigateur trouve ces pages, si ce n’est pas l’adresse de l’API")
    parser.add_argument("--webhook-url", help="où envoyer les événements ; sans elle, ils sont seulement gardés")
    parser.add_argument("--webhook-secret", default="whsec_sandbox", help="secret qui signe les événements")
    parser.add_argument("--secret-key", help="seule clé d’API acceptée ; sans elle, toute clé sk_test_…")
    parser.add_argument("--state", type=Path, help="fichier qui garde les paiements d’un lancement à l'autre")
    return parser
