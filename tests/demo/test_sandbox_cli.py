"""The command line."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stripe

from eventsapp.demo.sandbox.cli import main

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command and yield it with the line it prints."""
    command = [sys.executable, "-m", "eventsapp.demo.sandbox", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_it_prints_its_address_keeps_its_state_and_stops_cleanly(tmp_path: Path) -> None:
    options = ("--state", str(tmp_path / "state"), "--secret-key", "sk_test_demo")
    session_id = ""
    for _run in range(2):
        with started(*options) as (process, line):
            words, _, url = line.partition(": ")
            assert words == "Payment sandbox"
            client = stripe.StripeClient(
                "sk_test_demo", base_addresses={"api": url}, http_client=stripe.RequestsClient(timeout=5)
            )
            session = client.v1.checkout.sessions.create(
                params={
                    "mode": "payment",
                    "success_url": "http://shop.example/",
                    "line_items": [
                        {
                            "price_data": {"currency": "eur", "unit_amount": 500, "product_data": {"name": "Journée"}},
                            "quantity": 1,
                        }
                    ],
                },
                options={"idempotency_key": "pay-1"},
            )
            assert session.id == (session_id or session.id)
            session_id = session.id

            process.terminate()
            rest, errors = process.communicate(timeout=5)

        assert (process.returncode, rest, errors) == (0, "", "")


def test_a_port_in_use_is_told_in_one_line() -> None:
    with (
        started() as (_, line),
        started("--port", line.rpartition(":")[2]) as (process, nothing),
    ):
        _, errors = process.communicate(timeout=5)

        assert (process.returncode, nothing) == (1, "")
        assert errors.count("\n") == 1
        assert "Address already in use" in errors


@pytest.mark.parametrize("option", ["--port=abc", "--nothing"])
def test_a_wrong_option_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([option])

    assert end.value.code == 2
    assert option.partition("=")[0] in capsys.readouterr().err
