"""The sandbox served: addresses, the state file, what a test gets of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from eventsapp.demo.sandbox import running_sandbox
from eventsapp.demo.sandbox.server import AddressInUseError
from eventsapp.demo.sandbox.store import StateFileError

ROOT = Path(__file__).parents[2]


def test_two_sandboxes_run_side_by_side_and_share_nothing() -> None:
    with running_sandbox() as one, running_sandbox() as other:
        one.open_session()

        assert one.url != other.url
        assert len(one.objects("checkout.session")) == 1
        assert other.objects("checkout.session") == []


def test_a_port_in_use_is_refused_by_name() -> None:
    with running_sandbox() as running:
        port = int(running.url.rpartition(":")[2])

        with pytest.raises(AddressInUseError, match=str(port)), running_sandbox(port=port):
            pass


def test_a_port_is_free_again_once_the_sandbox_is_left() -> None:
    with running_sandbox() as running:
        port = int(running.url.rpartition(":")[2])

    with running_sandbox(port=port) as again:
        again.client().v1.balance.retrieve()


def test_the_payment_page_is_where_browsers_are_told_to_find_it() -> None:
    with running_sandbox(public_url="https://essai.example/") as running:
        session = running.open_session()

        assert session.url == f"https://essai.example/c/pay/{session.id}"


def test_a_restart_with_the_same_file_keeps_sessions_payments_and_keys(tmp_path: Path) -> None:
    state = tmp_path / "state"
    with running_sandbox(state=state) as running:
        session = running.open_session()
        running.pay(session.id)
        before = {kind: running.objects(kind) for kind in ("checkout.session", "payment_intent", "charge", "event")}

    with running_sandbox(state=state) as running:
        assert {kind: running.objects(kind) for kind in before} == before
        assert running.client().v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_a_state_file_in_use_is_refused(tmp_path: Path) -> None:
    with (
        running_sandbox(state=tmp_path / "state"),
        pytest.raises(StateFileError),
        running_sandbox(state=tmp_path / "state"),
    ):
        pass


def test_nothing_of_it_is_imported_with_the_application_s_room() -> None:
    program = "import sys, eventsapp.demo; sys.exit('eventsapp.demo.sandbox' in sys.modules or 'stripe' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_nothing_else_of_the_application_imports_it() -> None:
    imports = re.compile(r"^\s*(from|import) eventsapp\.demo\.sandbox", re.MULTILINE)
    elsewhere = [
        path for path in (ROOT / "eventsapp").rglob("*.py") if ROOT / "eventsapp/demo/sandbox" not in path.parents
    ]

    assert [path for path in elsewhere if imports.search(path.read_text())] == []
