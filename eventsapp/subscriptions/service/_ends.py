"""Telling readers of institutions that their reading ends, and forgetting those who are gone for long."""

import logging
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from eventsapp.audit import service as audit
from eventsapp.core import clock, unit_of_work
from eventsapp.core.db import db, on_sqlite
from eventsapp.mail import service as outbox
from eventsapp.subscriptions import mails, queries, rules
from eventsapp.subscriptions.models import Contract, ContractSeat, Manager, Member, MonthlyReads, ReaderDomain
from eventsapp.subscriptions.statuses import ContractStatus

#: How the templates begin of what readers and managers are written.
_OF_READERS = ("subscriptions/reader_", "subscriptions/readers_", "subscriptions/reading_", "subscriptions/manager_")

log = logging.getLogger(__name__)


def tell_ends(*, now: datetime) -> int:
    """Tell everybody whose seat ends without another that it does, once; return how many. One transaction each."""
    due = [row.id for row in queries.untold_ends(now=now)]
    db.session.rollback()
    told = 0
    for seat_id in due:
        try:
            with unit_of_work.transaction():
                told += _tell(seat_id, now=now)
        except Exception:
            log.exception("seat %s could not be told that it ends", seat_id)
    return told


def tell_now(contract: Contract, member_ids: Collection[int], *, now: datetime) -> None:
    """Tell those who lost the seat of a held contract, as somebody chose, where that closes their reading.

    Of one that is to come ``tell_ends`` tells them, once the choice has settled; nor is anybody told who has another
    seat today.
    """
    today = clock.local_date(now)
    if contract.starts_on is None or contract.starts_on > today:
        return
    for member_id in sorted(member_ids):
        member = db.session.get(Member, member_id)
        if member is None or member.removed_at is not None or queries.has_active_contract(member.email, today):
            continue
        mails.reader_removed(contract, member, now=now)


def count_read(readership_id: int, email: str, *, now: datetime) -> None:
    """Count that somebody of an institution opened an article, and that they came this month; nothing of which one.

    Once what runs is done, in a transaction of its own: no page is lost because it could not be counted.
    """

    def count() -> None:
        try:
            with unit_of_work.transaction():
                _count_read(readership_id, email, month=rules.month_of(clock.local_date(now)))
        except sa.exc.OperationalError:
            log.warning("a read of readership %s could not be counted", readership_id, exc_info=True)

    unit_of_work.after_commit(count)


def forget_readers(*, now: datetime) -> int:
    """Delete who was taken off or invited in vain long ago, and whoever read for institutions that left.

    Return how many. One transaction an institution: its contracts are held, and asked anew, so that nobody is
    forgotten who comes back at that moment.
    """
    due = queries.readerships_to_forget(now=now)
    db.session.rollback()
    forgotten = 0
    for readership_id in due:
        try:
            with unit_of_work.transaction():
                forgotten += _forget(readership_id, now=now)
        except Exception:
            log.exception("readers of institution %s could not be forgotten", readership_id)
    return forgotten


def _forget(readership_id: int, *, now: datetime) -> int:
    queries.held_contracts(readership_id, standing=False)
    left = db.session.scalars(queries.over_for_long(today=clock.local_date(now), only=readership_id)).all()
    of_it = Member.readership_id == readership_id
    gone = db.session.scalars(
        sa.select(Member.id).where(of_it) if left else queries.forgettable(now=now).where(of_it)
    ).all()
    contracts = db.session.scalars(sa.select(Contract.id).where(Contract.readership_id == readership_id)).all()
    people = set(db.session.scalars(sa.select(Member.email).where(Member.id.in_(gone))))
    if left:
        people |= set(db.session.scalars(sa.select(Manager.email).where(Manager.readership_id == readership_id)))
    # Of what they read for another institution nothing is forgotten yet.
    outbox.erase(people, templates=_OF_READERS, about=("contract", contracts))
    audit.forget(people, kind="contract", keys=contracts)
    if gone:
        _free(gone)
        db.session.execute(sa.delete(Member).where(Member.id.in_(gone)))
    if left:
        for table in (Manager, ReaderDomain):
            db.session.execute(sa.delete(table).where(table.readership_id == readership_id))
    return len(gone)


def _tell(seat_id: int, *, now: datetime) -> int:
    """Mark and write in one transaction, if it is due still: whoever marks first writes the mail."""
    for seat in queries.untold_ends(now=now, only=seat_id):
        if _mark(seat.contract_id, seat.member_id, now=now) is not None:
            if seat.contract.status is ContractStatus.CANCELLED:
                mails.reader_removed(seat.contract, seat.member, now=now)
            else:
                mails.reading_ends(seat.contract, seat.member, now=now)
            return 1
    return 0


def _mark(contract_id: int | None, member_id: int, *, now: datetime) -> Contract | None:
    """Set that somebody was told that a seat ends; return its contract, or ``None`` where there is none to tell of."""
    marked = db.session.scalar(
        sa.update(ContractSeat)
        .where(
            ContractSeat.contract_id == contract_id,
            ContractSeat.member_id == member_id,
            ContractSeat.told_at.is_(None),
        )
        .values(told_at=now)
        .returning(ContractSeat.contract_id)
    )
    return queries.contract(marked) if marked is not None else None


def _count_read(readership_id: int, email: str, *, month: date) -> None:
    db.session.execute(
        sa.update(Member)
        .where(
            Member.readership_id == readership_id,
            Member.email == email.strip().lower(),
            sa.or_(Member.last_active_on.is_(None), Member.last_active_on < month),
        )
        .values(last_active_on=month)
    )
    insert = sqlite_insert if on_sqlite() else postgresql_insert
    first = insert(MonthlyReads).values(readership_id=readership_id, month=month, reads=1)
    db.session.execute(
        first.on_conflict_do_update(index_elements=["readership_id", "month"], set_={"reads": MonthlyReads.reads + 1})
    )


def _free(member_ids: Collection[int]) -> None:
    """Give back the seats that these still have of contracts that are over."""
    counts = db.session.execute(
        sa.select(ContractSeat.contract_id, sa.func.count())
        .where(ContractSeat.member_id.in_(member_ids))
        .group_by(ContractSeat.contract_id)
        .order_by(ContractSeat.contract_id)
    ).all()
    db.session.execute(sa.delete(ContractSeat).where(ContractSeat.member_id.in_(member_ids)))
    for contract_id, count in counts:
        db.session.execute(
            sa.update(Contract).where(Contract.id == contract_id).values(seats_taken=Contract.seats_taken - count)
        )
