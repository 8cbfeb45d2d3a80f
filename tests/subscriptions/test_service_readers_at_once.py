"""Thirty people accept at the same moment, from several processes: ten get in; without the guard, more do."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db, writing
from eventsapp.subscriptions import queries, service
from eventsapp.subscriptions.models import Contract, ContractSeat, Member
from eventsapp.subscriptions.values import Delivery
from tests.support.accepting import accept_all
from tests.support.at_once import committing_app
from tests.support.crossing import crossed
from tests.support.database import ENVIRONMENT
from tests.support.makers.readers import BUYER, found, invited, make_institution, readership
from tests.support.makers.study_days import NOW

SEATS, PEOPLE, PROCESSES = 10, 30, 3

pytestmark = [pytest.mark.usefixtures("frozen"), pytest.mark.writers_at_once]


@pytest.fixture
def served(database: str, tmp_path: Path) -> Iterator[Flask]:
    with committing_app(database, tmp_path) as app:
        yield app


def invite_everybody(app: Flask) -> list[str]:
    """Make an institution whose ten seats are free, and invite thirty people; return the secrets of their links."""
    with app.app_context(), writing():
        contract = make_institution(SEATS)
        service.remove(readership(contract), found(contract, BUYER).id, by=BUYER, now=NOW)
        db.session.commit()
        members = invited(contract, *(f"agent{number}@ville.example" for number in range(PEOPLE)))
        secrets = [member.secret for member in members]
        db.session.remove()
    return secrets


def accept_at_once(app: Flask, folder: Path, secrets: list[str], *, guarded: bool) -> Counter[str]:
    """Let processes accept the invitations at the same moment; return how often there was which answer."""
    spawn = multiprocessing.get_context("spawn")
    environment = ENVIRONMENT | {
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "STORAGE_URL": f"file://{folder}/files",
    }
    together, answers = spawn.Barrier(PROCESSES), spawn.Queue()
    share = PEOPLE // PROCESSES
    processes = [
        spawn.Process(
            target=accept_all,
            args=(environment, secrets[number * share : (number + 1) * share], guarded, together, answers),
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    counted = Counter(answer for _process in processes for answer in answers.get(timeout=180))
    for process in processes:
        process.join(timeout=60)
        assert process.exitcode == 0
    return counted


def held(app: Flask) -> tuple[int, int, int]:
    """Return how many seats there are, how many the contract counts, and how many people say that they read."""
    with app.app_context():
        counts = [
            db.session.scalar(statement) or 0
            for statement in (
                sa.select(sa.func.count(ContractSeat.id)),
                sa.select(Contract.seats_taken),
                sa.select(sa.func.count(Member.id)).where(Member.joined_at.is_not(None), Member.removed_at.is_(None)),
            )
        ]
        db.session.remove()
    return counts[0], counts[1], counts[2]


def test_of_thirty_who_accept_at_once_ten_get_in(served: Flask, tmp_path: Path) -> None:
    secrets = invite_everybody(served)

    answers = accept_at_once(served, tmp_path, secrets, guarded=True)

    assert answers == {"accepted": SEATS, "seats-taken": PEOPLE - SEATS}
    assert held(served) == (SEATS, SEATS, SEATS)


@pytest.mark.long
def test_without_the_guard_more_get_in_than_there_are_seats(served: Flask, tmp_path: Path) -> None:
    secrets = invite_everybody(served)

    answers = accept_at_once(served, tmp_path, secrets, guarded=False)

    assert answers["accepted"] > SEATS
    assert held(served)[0] > SEATS


def test_somebody_accepts_while_the_renewal_begins_and_has_a_seat_of_both(served: Flask) -> None:
    """The two want the contract and the reader; whoever comes second waits, and nobody waits in a circle."""
    with served.app_context(), writing():
        contract = make_institution(SEATS)
        (member,) = invited(contract, "agent@ville.example")
        plan, secret, contract_id = contract.plan, member.secret, contract.id
        renewal = service.open_contract(
            plan,
            line=None,
            email=BUYER,
            delivery=Delivery(),
            organisation_id=None,
            renews=contract,
            now=NOW,
        )
        db.session.commit()
        renewal_id = renewal.id
        db.session.remove()

    def begin() -> None:
        queries.locked_contract(contract_id)
        service.start(queries.locked_contract(renewal_id), today=NOW.date(), now=NOW)

    answers = crossed(
        served, ("INSERT INTO users", partial(service.accept, secret, now=NOW)), (r"FROM contracts .*FOR NO KEY", begin)
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    with served.app_context():
        seats = db.session.execute(
            sa.select(ContractSeat.contract_id, Member.email)
            .join(ContractSeat.member)
            .where(Member.email == "agent@ville.example")
            .order_by(ContractSeat.contract_id)
        ).all()
        db.session.remove()
    assert [row.contract_id for row in seats] == [contract_id, renewal_id]
