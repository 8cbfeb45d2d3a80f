"""``make run``: what it makes up, that it stops at once, and what it says when a part falls."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from stdnum import bic, iban
from stdnum.fr import siret, tva

from eventsapp.core import settings
from eventsapp.core.db import db, writing
from eventsapp.invoices.rules import split_address
from eventsapp.study_days.models import StudyDay
from scripts.run_all import FICTITIOUS_SELLER, made_up_settings
from tests.support.database import migrated_app
from tests.support.makers.study_days import make_study_day
from tests.support.services import free_port

ROOT = Path(__file__).resolve().parents[1]


def made_up(**environment: str) -> dict[str, str]:
    return made_up_settings(environment, chosen=settings.read(environment), after=free_port())


def test_a_trial_gets_a_payment_sandbox_and_a_fictitious_seller() -> None:
    made = made_up()

    assert made["STRIPE_API_BASE"].startswith("http://127.0.0.1:")
    assert {name: made[name] for name in FICTITIOUS_SELLER} == FICTITIOUS_SELLER


def test_what_is_set_of_the_seller_is_kept() -> None:
    made = made_up(SELLER_NAME="Ma revue", SELLER_IBAN="")

    assert set(FICTITIOUS_SELLER) - set(made) == {"SELLER_NAME", "SELLER_IBAN"}


@pytest.mark.parametrize(
    "environment",
    [
        {"STRIPE_SECRET_KEY": "sk_test_real"},
        {"PUBLIC_URL": "https://journees.lettre.example", "SECRET_KEY": "x" * 32},
    ],
)
def test_nothing_made_up_stands_where_somebody_would_really_pay(environment: dict[str, str]) -> None:
    assert FICTITIOUS_SELLER.keys() & made_up(**environment).keys() == set()


def test_the_fictitious_seller_is_well_formed() -> None:
    seller = FICTITIOUS_SELLER

    assert iban.is_valid(seller["SELLER_IBAN"])
    assert bic.is_valid(seller["SELLER_BIC"])
    assert siret.is_valid(seller["SELLER_SIRET"])
    assert tva.is_valid(seller["SELLER_VAT_NUMBER"])
    assert split_address(seller["SELLER_ADDRESS"]) == ("1, rue de l’Exemple", "00000", "Ville-Fictive")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Everything, on a database that is filled already, once the site answers."""
    own = {"DATABASE_URL": f"sqlite:///{tmp_path}/run.sqlite", "STORAGE_URL": f"file://{tmp_path}/files"}
    app = migrated_app(own)
    with app.app_context(), writing():
        make_study_day()
        db.session.commit()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(StudyDay)) == 1
        db.session.remove()
        db.engine.dispose()
    with subprocess.Popen(
        # As a script without job control starts it in the background: deaf to Ctrl-C unless it decides otherwise.
        ["/bin/sh", "-c", f"trap '' INT; exec {sys.executable} scripts/run_all.py"],
        cwd=ROOT,
        env=os.environ | own | {"PORT": str(free_port()), "PYTHONPATH": str(ROOT), "STRIPE_SECRET_KEY": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout
            assert any(line.startswith("The site answers at ") for line in process.stdout)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


def processes_of(session: int) -> list[str]:
    listed = subprocess.run(["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False)
    return listed.stdout.split()


def test_ctrl_c_ends_every_part_at_once_and_without_complaint(running: subprocess.Popen[str]) -> None:
    # The command, the sandbox, the worker, the web server and its two processes.
    while len(processes_of(running.pid)) < 6:
        time.sleep(0.1)
    asked = time.monotonic()

    os.killpg(running.pid, signal.SIGINT)
    said, _ = running.communicate(timeout=10)

    # Two seconds where nothing else runs; a busy machine gets some more.
    assert time.monotonic() - asked < 5
    assert (running.returncode, said) == (0, "\nStopping…\n")
    assert processes_of(running.pid) == []


def test_a_part_that_falls_is_named_and_takes_the_others_along(running: subprocess.Popen[str]) -> None:
    sandbox = subprocess.run(["pgrep", "-o", "-P", str(running.pid)], capture_output=True, text=True, check=True)

    os.kill(int(sandbox.stdout), signal.SIGKILL)
    said, _ = running.communicate(timeout=10)

    assert running.returncode == 1
    assert said == "make run: the payment sandbox has ended with status -9; the other parts are stopped\n"
    assert processes_of(running.pid) == []
