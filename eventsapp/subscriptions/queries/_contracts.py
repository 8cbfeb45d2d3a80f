"""Reading contracts, and what they give a right to."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventsapp.core.db import db
from eventsapp.orders.models import Order, OrderLine
from eventsapp.orders.statuses import OrderStatus
from eventsapp.organisations.models import Organisation
from eventsapp.subscriptions.models import Contract, ContractSeat, Member
from eventsapp.subscriptions.statuses import GIVEN, ContractKind, ContractStatus
from eventsapp.subscriptions.values import Cover, ReadingRight, Sharing

_IN_FULL = (
    joinedload(Contract.plan),
    joinedload(Contract.organisation),
    joinedload(Contract.granted_by),
    joinedload(Contract.order_line).joinedload(OrderLine.order),
    joinedload(Contract.renews).joinedload(Contract.plan),
)


def reading_right(email: str, on: date) -> ReadingRight | None:
    """Return by what who signs in with ``email`` may read what is reserved to subscribers on that day, or ``None``.

    A contract of their own, or a seat of an institution's: whoever bought that one reads by a seat as everybody does.
    """
    row = db.session.execute(_readable(email, _running(on)).limit(1)).first()
    return None if row is None else ReadingRight(readership_id=row.readership_id)


def has_active_contract(email: str, on: date) -> bool:
    """Return whether who signs in with ``email`` may read what is reserved to subscribers on that day."""
    return reading_right(email, on) is not None


def paid_on(email: str, on: date) -> bool:
    """Return whether that day lies in a period for which the subscription of ``email`` was paid, over or not.

    What the magazine gave itself (to try it, to the press) is no such period, nor is one that was cancelled. Of an
    institution's, it is for those who had a seat to its end; whoever was taken off has none.
    """
    paid = sa.and_(
        Contract.kind.not_in(GIVEN),
        Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.EXPIRED)),
        Contract.starts_on <= on,
        Contract.ends_on >= on,
    )
    return db.session.execute(_readable(email, paid).limit(1)).first() is not None


def contracts_of(email: str) -> Sequence[Contract]:
    """Return the contracts of an address, plan and what each renews loaded, the newest first."""
    return db.session.scalars(
        sa.select(Contract)
        .where(Contract.email == email.strip().lower())
        .options(joinedload(Contract.plan), joinedload(Contract.renews))
        .order_by(Contract.created_at.desc(), Contract.id.desc())
    ).all()


def contracts_of_order(order_id: int) -> Sequence[Contract]:
    """Return the contracts that an order bought, plan and what each renews loaded, in the order of its lines."""
    return db.session.scalars(
        sa.select(Contract)
        .join(Contract.order_line)
        .where(OrderLine.order_id == order_id)
        .options(joinedload(Contract.plan), joinedload(Contract.renews))
        .order_by(OrderLine.position, Contract.id)
    ).all()


def standing_of_order(order_id: int) -> list[Contract]:
    """Return the contracts that an order bought, as ``contracts_of_order``, without those cancelled by themselves."""
    return [row for row in contracts_of_order(order_id) if row.withdrawn_at is None]


def contract(contract_id: int) -> Contract | None:
    """Return that contract with its plan, organisation, order, who gave it and what it renews, or ``None``."""
    return db.session.scalar(sa.select(Contract).where(Contract.id == contract_id).options(*_IN_FULL))


def contract_for_link(secret: str) -> Contract | None:
    """Return the contract that a link of renewal opens, as ``contract`` does, or ``None``."""
    return db.session.scalar(sa.select(Contract).where(Contract.secret == secret).options(*_IN_FULL))


def locked_contract(contract_id: int) -> Contract:
    """Return the contract as it stands now, plan and organisation loaded, kept from others until the transaction ends.

    Others may go on writing rows that refer to it (``FOR NO KEY UPDATE``): a renewal that is ordered waits for nobody.
    """
    return db.session.scalars(
        sa.select(Contract)
        .where(Contract.id == contract_id)
        .options(joinedload(Contract.plan, innerjoin=True), joinedload(Contract.organisation))
        .with_for_update(of=Contract, key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def renewal_of(contract_id: int) -> Contract | None:
    """Return the renewal of a contract that is ordered or has begun, plan and order loaded, or ``None``.

    What has begun comes before what waits for its money; cancelled ones are left out.
    """
    return db.session.scalar(
        sa.select(Contract)
        .where(Contract.renews_id == contract_id, Contract.status != ContractStatus.CANCELLED)
        .options(joinedload(Contract.plan), joinedload(Contract.order_line).joinedload(OrderLine.order))
        .order_by(Contract.starts_on.is_(None), Contract.id)
        .limit(1)
    )


def renewal_begun(contract_id: int, *, but: int | None = None) -> Contract | None:
    """Return the renewal of a contract that has its dates, if it is not the contract ``but``."""
    return db.session.scalar(
        sa.select(Contract).where(
            Contract.renews_id == contract_id,
            Contract.id != (but or 0),
            Contract.starts_on.is_not(None),
            Contract.status != ContractStatus.CANCELLED,
        )
    )


def is_renewed_elsewhere(order_id: int) -> bool:
    """Return whether an order would renew a subscription that another one renewed first."""
    other = aliased(Contract)
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Contract.order_line_id == OrderLine.id,
                    Contract.withdrawn_at.is_(None),
                    OrderLine.order_id == order_id,
                    Contract.renews_id.is_not(None),
                    other.renews_id == Contract.renews_id,
                    other.id != Contract.id,
                    other.starts_on.is_not(None),
                    other.status != ContractStatus.CANCELLED,
                )
            )
        )
    )


def last_of_plan(email: str, *, plan_id: int) -> Contract | None:
    """Return the running subscription of an address to that plan that ends last, or ``None``."""
    return db.session.scalar(
        sa.select(Contract)
        .where(Contract.email == email, Contract.plan_id == plan_id, Contract.status == ContractStatus.ACTIVE)
        .order_by(Contract.ends_on.desc(), Contract.id.desc())
        .limit(1)
    )


def last_running(email: str) -> Contract | None:
    """Return the running subscription of an address that ends last, whatever the plan, or ``None``."""
    return db.session.scalar(
        sa.select(Contract)
        .where(Contract.email == email, Contract.status == ContractStatus.ACTIVE)
        .order_by(Contract.ends_on.desc(), Contract.id.desc())
        .limit(1)
    )


def last_end(email: str, *, kinds: Collection[ContractKind] = tuple(ContractKind)) -> date | None:
    """Return when the last running subscription of an address ends, whatever the plan, or ``None``."""
    return db.session.scalar(
        sa.select(sa.func.max(Contract.ends_on)).where(
            Contract.email == email, Contract.status == ContractStatus.ACTIVE, Contract.kind.in_(kinds)
        )
    )


def covers(emails: Iterable[str], *, siret: str, on: date) -> list[Cover]:
    """Return what the subscriptions of these addresses (lower case) and of an establishment cover.

    Those of institutions in which they have a seat too, with everybody who has one.
    """
    wanted = list(emails)
    rows = db.session.execute(
        sa.select(Contract.id, Contract.readership_id, Contract.email, Organisation.siret, Contract.readers)
        .outerjoin(Contract.organisation)
        .outerjoin(Contract.order_line)
        .outerjoin(OrderLine.order)
        .where(sa.or_(*_holders(wanted, siret=siret)), _counts_for_rate(on))
        .order_by(Contract.id)
    ).all()
    readers = _readers_of([row.id for row in rows if row.readership_id is not None])
    return [
        Cover(email=row.email, siret=row.siret or "", seats=row.readers, readers=readers.get(row.id, frozenset()))
        for row in rows
    ]


def sharing(emails: Iterable[str], *, siret: str, on: date) -> Sharing:
    """Return who sits by the institutions' contracts of these addresses (lower case) and of an establishment.

    Of one contract no more seats are covered than it has readers, whoever asks for them: buyer, colleagues, readers.
    """
    rows = db.session.execute(
        sa.select(Contract.id, Contract.email, Organisation.siret)
        .outerjoin(Contract.organisation)
        .where(Contract.readership_id.is_not(None), sa.or_(*_holders(list(emails), siret=siret)), _running(on))
    ).all()
    readers = _readers_of([row.id for row in rows])
    return Sharing(
        emails=frozenset().union({row.email for row in rows}, *readers.values()),
        sirets=frozenset(row.siret for row in rows if row.siret),
    )


def _holders(emails: Sequence[str], *, siret: str) -> list[sa.ColumnElement[bool]]:
    """Say whose contracts are asked for: of these addresses, of that establishment, or with a seat of one of them."""
    seated = (
        sa.select(ContractSeat.contract_id)
        .join(Member, Member.id == ContractSeat.member_id)
        .where(Member.email.in_(emails), Member.removed_at.is_(None))
    )
    of_siret = [Organisation.siret == siret] if siret else []
    return [Contract.email.in_(emails), Contract.id.in_(seated), *of_siret]


def _readers_of(contract_ids: Sequence[int]) -> dict[int, frozenset[str]]:
    """Return who has a seat of these contracts, by address (lower case)."""
    if not contract_ids:
        return {}
    found: dict[int, set[str]] = {}
    for contract_id, email in db.session.execute(
        sa.select(ContractSeat.contract_id, Member.email)
        .join(Member, Member.id == ContractSeat.member_id)
        .where(ContractSeat.contract_id.in_(contract_ids), Member.removed_at.is_(None))
    ):
        found.setdefault(contract_id, set()).add(email)
    return {contract_id: frozenset(addresses) for contract_id, addresses in found.items()}


def covered_seats(*, email: str, siret: str, on: date) -> int:
    """Return how many seats at the subscriber rate the subscriptions of a buyer or of its organisation cover.

    The number of readers, summed over the contracts of the address and of the establishment.
    """
    holders: list[sa.ColumnElement[bool]] = [Contract.email == email]
    if siret:
        holders.append(Contract.organisation.has(siret=siret))
    return (
        db.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(Contract.readers), 0))
            .select_from(Contract)
            .outerjoin(Contract.order_line)
            .outerjoin(OrderLine.order)
            .where(sa.or_(*holders), _counts_for_rate(on))
        )
        or 0
    )


def _readable(email: str, which: sa.ColumnElement[bool]) -> sa.CompoundSelect[int | None]:
    """Return the contracts ``which`` that let an address read: its own, and those where it has a seat."""
    address = email.strip().lower()
    own = sa.select(Contract.readership_id).where(Contract.email == address, Contract.readership_id.is_(None), which)
    seats = (
        sa.select(Contract.readership_id)
        .join(ContractSeat, ContractSeat.contract_id == Contract.id)
        .join(Member, Member.id == ContractSeat.member_id)
        .where(Member.email == address, Member.removed_at.is_(None), which)
    )
    return sa.union_all(own, seats)


def _running(on: date) -> sa.ColumnElement[bool]:
    return sa.and_(Contract.status == ContractStatus.ACTIVE, Contract.starts_on <= on, Contract.ends_on >= on)


def _counts_for_rate(on: date) -> sa.ColumnElement[bool]:
    """A running contract, or one whose order is confirmed by a promise: the cheque is on its way.

    A gift covers nobody until somebody has accepted it.
    """
    promised = sa.and_(
        Contract.status == ContractStatus.PENDING,
        Contract.kind != ContractKind.GIFT,
        Order.status == OrderStatus.CONFIRMED,
    )
    return sa.or_(_running(on), promised)
