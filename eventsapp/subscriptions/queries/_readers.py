"""Reading who reads under the contract of an institution, who looks after them, and how much is read."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.subscriptions import rules
from eventsapp.subscriptions.models import Contract, ContractSeat, Manager, Member, MonthlyReads, ReaderDomain
from eventsapp.subscriptions.statuses import ContractStatus
from eventsapp.subscriptions.values import MemberCounts

#: A contract that runs, will run, or waits for its money.
_STANDING = (ContractStatus.ACTIVE, ContractStatus.PENDING)
#: Months that the page of usage shows.
MONTHS_SHOWN = 12


def manager_for_link(secret: str) -> Manager | None:
    """Return the manager whose page a link opens, or ``None``."""
    return db.session.scalar(sa.select(Manager).where(Manager.secret == secret))


def managers_of(readership_id: int) -> Sequence[Manager]:
    """Return the managers of an institution, the first one first."""
    return db.session.scalars(
        sa.select(Manager).where(Manager.readership_id == readership_id).order_by(Manager.added_at, Manager.id)
    ).all()


def managed_by(email: str) -> dict[int, Manager]:
    """Return the managers with that address, by their institution."""
    rows = db.session.scalars(sa.select(Manager).where(Manager.email == email.strip().lower()).order_by(Manager.id))
    return {row.readership_id: row for row in rows}


def begun_of(readership_id: int) -> Sequence[Contract]:
    """Return the contracts of an institution that have begun, plan and organisation loaded, the last one first.

    Cancelled ones come after the others.
    """
    return db.session.scalars(
        sa.select(Contract)
        .where(Contract.readership_id == readership_id, Contract.starts_on.is_not(None))
        .options(joinedload(Contract.plan), joinedload(Contract.organisation))
        .order_by(Contract.status == ContractStatus.CANCELLED, Contract.starts_on.desc(), Contract.id.desc())
        .limit(50)
    ).all()


def held_contracts(readership_id: int, *, standing: bool = True) -> list[Contract]:
    """Return the contracts of an institution that stand, or all of them, kept from others until the transaction ends.

    By key, as they stand now, plan and organisation loaded; see the order of locks.
    """
    return list(
        db.session.scalars(
            sa.select(Contract)
            .where(Contract.readership_id == readership_id, *([Contract.status.in_(_STANDING)] if standing else []))
            .options(joinedload(Contract.plan, innerjoin=True), joinedload(Contract.organisation))
            .order_by(Contract.id)
            .with_for_update(of=Contract, key_share=True)
            .execution_options(populate_existing=True)
        )
    )


def member(readership_id: int, member_id: int) -> Member | None:
    """Return that person of an institution, as they stand now, or ``None``."""
    return db.session.scalar(
        sa.select(Member)
        .where(Member.readership_id == readership_id, Member.id == member_id)
        .execution_options(populate_existing=True)
    )


def member_for_link(secret: str) -> Member | None:
    """Return whom a link of an invitation invites, as they stand now, or ``None``."""
    return db.session.scalar(sa.select(Member).where(Member.secret == secret).execution_options(populate_existing=True))


def member_with(readership_id: int, email: str) -> Member | None:
    """Return the person of an institution with that address, or ``None``."""
    return db.session.scalar(
        sa.select(Member).where(Member.readership_id == readership_id, Member.email == email.strip().lower())
    )


def members_with(readership_id: int, emails: Sequence[str]) -> dict[str, Member]:
    """Return the people of an institution with these addresses, by address."""
    rows = db.session.scalars(
        sa.select(Member).where(Member.readership_id == readership_id, Member.email.in_(list(emails)))
    )
    return {row.email: row for row in rows}


def joined_members(readership_id: int, *, most: int = 1000) -> Sequence[Member]:
    """Return who reads for an institution, with a seat or not: who joined first is first."""
    return db.session.scalars(
        sa.select(Member)
        .where(Member.readership_id == readership_id, Member.joined_at.is_not(None), Member.removed_at.is_(None))
        .order_by(Member.joined_at, Member.id)
        .limit(most)
    ).all()


def seated(contract_id: int) -> Sequence[Member]:
    """Return who has a seat of a contract and was not taken off, nor invited anew since: who joined first is first."""
    return db.session.scalars(
        sa.select(Member)
        .join(ContractSeat, ContractSeat.member_id == Member.id)
        .where(ContractSeat.contract_id == contract_id, Member.joined_at.is_not(None), Member.removed_at.is_(None))
        .order_by(Member.joined_at, Member.id)
    ).all()


def seats_of(contract_id: int) -> dict[int, ContractSeat]:
    """Return the seats of a contract, by the key of who has them."""
    rows = db.session.scalars(sa.select(ContractSeat).where(ContractSeat.contract_id == contract_id))
    return {row.member_id: row for row in rows}


def member_counts(readership_id: int) -> MemberCounts:
    """Return how many people of an institution read, never came, and were invited."""
    joined = Member.joined_at.is_not(None)
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(joined),
            sa.func.count().filter(joined, Member.last_active_on.is_(None)),
            sa.func.count().filter(sa.not_(joined)),
        ).where(Member.readership_id == readership_id, Member.removed_at.is_(None))
    ).one()
    return MemberCounts(joined=row[0], never_came=row[1], invited=row[2])


def invitations(readership_id: int) -> int:
    """Return how many were invited and have not answered."""
    return member_counts(readership_id).invited


def domains_of(readership_id: int) -> Sequence[ReaderDomain]:
    """Return the domains of an institution, verified or not, by name."""
    return db.session.scalars(
        sa.select(ReaderDomain).where(ReaderDomain.readership_id == readership_id).order_by(ReaderDomain.domain)
    ).all()


def domain(readership_id: int, domain_id: int) -> ReaderDomain | None:
    """Return that domain of an institution, kept from others until the transaction ends, or ``None``."""
    return db.session.scalar(
        sa.select(ReaderDomain)
        .where(ReaderDomain.readership_id == readership_id, ReaderDomain.id == domain_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def domain_for_link(secret: str) -> ReaderDomain | None:
    """Return the verified domain whose people join by a link, or ``None``."""
    return db.session.scalar(
        sa.select(ReaderDomain).where(ReaderDomain.secret == secret, ReaderDomain.verified_at.is_not(None))
    )


def memberships_of(email: str) -> Sequence[ContractSeat]:
    """Return the seats of an address in contracts that stand, contract, plan and organisation loaded."""
    return db.session.scalars(
        sa.select(ContractSeat)
        .join(ContractSeat.member)
        .join(ContractSeat.contract)
        .where(
            Member.email == email.strip().lower(),
            Member.removed_at.is_(None),
            Contract.status.in_(_STANDING),
        )
        .options(
            contains_eager(ContractSeat.contract).options(joinedload(Contract.plan), joinedload(Contract.organisation))
        )
        .order_by(Contract.starts_on, ContractSeat.id)
    ).all()


def reads_by_month(readership_id: int, *, today: date) -> list[tuple[date, int]]:
    """Return how much was read in each of the last twelve months, the first one first."""
    this = rules.month_of(today)
    first = rules.add_months(this, 1 - MONTHS_SHOWN)
    counted = dict(
        db.session.execute(
            sa.select(MonthlyReads.month, MonthlyReads.reads).where(
                MonthlyReads.readership_id == readership_id, MonthlyReads.month >= first
            )
        ).all()
    )
    months = [rules.add_months(first, number) for number in range(MONTHS_SHOWN)]
    return [(month, counted.get(month, 0)) for month in months]


def untold_ends(*, now: datetime, only: int | None = None, most: int = 500) -> Sequence[ContractSeat]:
    """Return the seats that end and that no other follows, whose readers were not told, with who and what loaded.

    A day after somebody chose who stays, and from a week before the end where nobody did; those of a contract that
    was not renewed once it is over, or cancelled.
    """
    today = clock.local_date(now)
    renewal, other, elsewhere = aliased(Contract), aliased(ContractSeat), aliased(Contract)
    standing = (ContractStatus.ACTIVE, ContractStatus.PENDING)
    soon = Contract.ends_on <= today + timedelta(days=rules.ENDS_NOTICE)
    is_renewed = sa.exists().where(
        renewal.renews_id == Contract.id,
        renewal.starts_on.is_not(None),
        renewal.status.in_(standing),
        sa.or_(renewal.readers_chosen_at <= now - rules.CHOICE_SETTLES, soon),
    )
    reads_elsewhere = sa.exists().where(
        other.member_id == ContractSeat.member_id,
        other.contract_id == elsewhere.id,
        elsewhere.id != Contract.id,
        elsewhere.status.in_(standing),
        elsewhere.ends_on >= today,
    )
    asked = (
        sa.select(ContractSeat)
        .join(ContractSeat.member)
        .join(ContractSeat.contract)
        .where(
            ContractSeat.told_at.is_(None),
            Member.removed_at.is_(None),
            Contract.ends_on >= today - timedelta(days=rules.TELL_WITHIN),
            sa.or_(
                Contract.status == ContractStatus.EXPIRED,
                sa.and_(Contract.status == ContractStatus.CANCELLED, Contract.starts_on <= today),
                sa.and_(Contract.status == ContractStatus.ACTIVE, is_renewed),
            ),
            ~reads_elsewhere,
        )
        .options(
            contains_eager(ContractSeat.member),
            contains_eager(ContractSeat.contract).options(joinedload(Contract.plan), joinedload(Contract.organisation)),
        )
        .order_by(ContractSeat.id)
        .limit(most)
    )
    return db.session.scalars(asked if only is None else asked.where(ContractSeat.id == only)).all()


def forgettable(*, now: datetime) -> sa.Select[int]:
    """Return the keys of those to be forgotten: taken off, or invited in vain, long ago."""
    return sa.select(Member.id).where(
        sa.or_(
            Member.removed_at <= now - rules.KEPT_REMOVED,
            sa.and_(Member.joined_at.is_(None), Member.invited_at <= now - 2 * rules.INVITATION_LASTS),
        )
    )


def over_for_long(*, today: date, only: int | None = None) -> sa.Select[int | None]:
    """Return the keys of the institutions whose last contract ended long ago."""
    which = Contract.readership_id.is_not(None) if only is None else Contract.readership_id == only
    return (
        sa.select(Contract.readership_id)
        .where(which)
        .group_by(Contract.readership_id)
        .having(sa.func.max(Contract.ends_on) < today - rules.KEPT_READERS)
    )


def readerships_to_forget(*, now: datetime) -> list[int]:
    """Return the keys of the institutions somebody of which is to be forgotten, the first one first."""
    kept = (Member, Manager, ReaderDomain)
    left = over_for_long(today=clock.local_date(now))
    gone = [
        sa.select(Member.readership_id).where(Member.id.in_(forgettable(now=now))),
        *(sa.select(table.readership_id).where(table.readership_id.in_(left)) for table in kept),
    ]
    return sorted(db.session.scalars(sa.union(*gone)))
