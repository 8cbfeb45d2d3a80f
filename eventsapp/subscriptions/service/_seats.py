"""The seats of an institution's contract: made as it begins, taken one by one, given back."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.subscriptions import mails, queries
from eventsapp.subscriptions.errors import NotNow, SeatsTaken
from eventsapp.subscriptions.models import Contract, ContractSeat, Manager, Member, Readership
from eventsapp.subscriptions.statuses import ContractStatus

#: What the history calls a contract.
Subject = tuple[str, int, str]


def open_seats(contract: Contract, *, now: datetime) -> None:
    """Give the seats of a contract that begins, and tell its managers; one for a single reader has none.

    Whoever had a seat of the contract that it renews has one here, who joined first is first, up to as many as it has
    readers; of a first one its buyer has a seat, and is its manager.
    """
    renewed = db.session.get(Contract, contract.renews_id) if contract.renews_id is not None else None
    if contract.readership_id is None and renewed is not None:
        contract.readership_id = renewed.readership_id
    if contract.readership_id is None:
        if contract.readers == 1:
            return
        contract.readership_id = _new_readership(now)
    db.session.flush()
    if not queries.managers_of(contract.readership_id):
        _begin_with_buyer(contract, contract.readership_id, now=now)
    if contract.seats_taken:
        # It ran before, and goes on with those who were not taken off meanwhile.
        staying = queries.seated(contract.id)
        reseat(contract, staying)
        # With its organisation, which the mails name.
        queries.contract(contract.id)
        _say_anew(contract, contract, staying, now=now)
        return
    before = queries.seated(renewed.id) if renewed is not None and renewed.readership_id is not None else ()
    members = before or queries.joined_members(contract.readership_id)
    staying = members[: contract.readers]
    _give(contract, staying)
    # With its organisation, which the mails name.
    queries.contract(contract.id)
    if renewed is not None:
        _say_anew(contract, renewed, staying, now=now)
    for manager in queries.managers_of(contract.readership_id):
        mails.readers_open(contract, manager, renewed=renewed, staying=staying, of=len(members), now=now)


def held(readership_id: int, *, now: datetime) -> list[Contract]:
    """Return the contracts of an institution that give seats now or later, held: the present one is first.

    Raises ``NotNow`` when there is none.
    """
    today = clock.local_date(now)
    standing = [
        row for row in queries.held_contracts(readership_id) if row.ends_on is not None and row.ends_on >= today
    ]
    if not standing:
        raise NotNow("L’abonnement est terminé, ou n’a pas commencé : il ne donne pas de place.")
    return sorted(standing, key=_begins)


def seat(member: Member, contracts: Sequence[Contract]) -> None:
    """Give somebody a seat of the first of the held contracts, and of the next ones where there is room.

    Raises ``SeatsTaken``: the database compares and counts in one statement.
    """
    for place, contract in enumerate(contracts):
        if take(contract.id):
            db.session.add(ContractSeat(contract_id=contract.id, member_id=member.id))
        elif place == 0:
            raise _taken(contract)
    db.session.flush()


def require_room(contract: Contract) -> None:
    """Raise ``SeatsTaken`` when a held contract has no seat left."""
    if contract.seats_taken >= contract.readers:
        raise _taken(contract)


def unseat(member: Member, contracts: Sequence[Contract]) -> None:
    """Take somebody's seats of the held contracts back: they are free at once."""
    for contract in contracts:
        gone = db.session.scalar(
            sa.delete(ContractSeat)
            .where(ContractSeat.contract_id == contract.id, ContractSeat.member_id == member.id)
            .returning(ContractSeat.id)
        )
        if gone is not None:
            _count(contract.id, -1)


def reseat(contract: Contract, members: Sequence[Member]) -> None:
    """Give the seats of a held contract to exactly these people; who keeps one keeps the very same."""
    had = queries.seats_of(contract.id)
    wanted = {member.id: member for member in members}
    for member_id, row in had.items():
        if member_id not in wanted:
            db.session.delete(row)
    db.session.flush()
    _count(contract.id, -len(had.keys() - wanted.keys()))
    _give(contract, [member for key, member in wanted.items() if key not in had])


def take(contract_id: int, count: int = 1) -> bool:
    """Count seats of a contract as taken unless they are not there; return whether they were."""
    return (
        db.session.scalar(
            sa.update(Contract)
            .where(Contract.id == contract_id, Contract.seats_taken + count <= Contract.readers)
            .values(seats_taken=Contract.seats_taken + count)
            .returning(Contract.seats_taken)
        )
        is not None
    )


def subject(contract: Contract) -> Subject:
    """Return how the history names a contract, plan loaded."""
    return ("contract", contract.id, contract.plan.name)


def _new_readership(now: datetime) -> int:
    readership = Readership(created_at=now)
    db.session.add(readership)
    db.session.flush()
    return readership.id


def _begin_with_buyer(contract: Contract, readership_id: int, *, now: datetime) -> None:
    """Make the first people of an institution, or of one that comes back after all were forgotten.

    Who bought the contract is its manager and its first reader.
    """
    who = {"readership_id": readership_id, "email": contract.email, "locale": contract.locale}
    db.session.add_all([Manager(**who, added_at=now), Member(**who, joined_at=now)])
    db.session.flush()


def _give(contract: Contract, members: Sequence[Member]) -> None:
    if members and not take(contract.id, len(members)):
        raise SeatsTaken(_("Il n’y a que %(num)d places.", num=contract.readers))
    db.session.add_all([ContractSeat(contract_id=contract.id, member_id=member.id) for member in members])
    db.session.flush()


def _say_anew(contract: Contract, ended: Contract, staying: Sequence[Member], *, now: datetime) -> None:
    """Tell those who had been told that their seat of ``ended`` ends that they read on.

    When that is the contract itself, which came back, they are told of its end anew.
    """
    told = {key: row for key, row in queries.seats_of(ended.id).items() if row.told_at is not None}
    for member in staying:
        if member.id in told:
            mails.reader_joined(contract, member, now=now)
    if ended is contract:
        for row in told.values():
            row.told_at = None


def _taken(contract: Contract) -> SeatsTaken:
    return SeatsTaken(
        _(
            "Les %(num)d places de l’abonnement sont prises. Qui gère l’abonnement peut en libérer une ; "
            "si vous lisez déjà, demandez un code à votre adresse.",
            num=contract.readers,
        )
    )


def _count(contract_id: int, change: int) -> None:
    if change:
        db.session.execute(
            sa.update(Contract).where(Contract.id == contract_id).values(seats_taken=Contract.seats_taken + change)
        )


def _begins(contract: Contract) -> tuple[bool, date]:
    """Return what sorts contracts by when they begin; one that waits for its money comes after one that runs."""
    assert contract.starts_on is not None  # noqa: S101 - ``held`` leaves out what has no dates
    return (contract.status is not ContractStatus.ACTIVE, contract.starts_on)
