"""Who gets a number on paper: the one place that says it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventsapp.core.db import db
from eventsapp.magazine.models import Issue
from eventsapp.orders import queries as orders
from eventsapp.organisations.models import Organisation
from eventsapp.shipments.models import ShipmentLabel
from eventsapp.subscriptions.models import Contract, ContractAddress, Plan
from eventsapp.subscriptions.statuses import ContractStatus, Edition

_COUNTS = (ContractStatus.ACTIVE, ContractStatus.EXPIRED)
#: Where paper goes on the day of the number: the address that is to come by then, else the contract's.
NAME = sa.func.coalesce(ContractAddress.name, Contract.delivery_name)
ADDRESS = sa.func.coalesce(ContractAddress.address, Contract.delivery_address)
POSTCODE = sa.func.coalesce(ContractAddress.postcode, Contract.delivery_postcode)
CITY = sa.func.coalesce(ContractAddress.city, Contract.delivery_city)
#: What can be put on an envelope.
HAS_ADDRESS = sa.and_(NAME != "", ADDRESS != "", POSTCODE != "", CITY != "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A contract that gets a number, and where it goes."""

    contract_id: int
    copies: int
    organisation: str
    name: str
    address: str
    postcode: str
    city: str


def who_gets(issue: Issue, *, on: date) -> Sequence[Recipient]:
    """Return who gets the number, has an address that holds, and no label of it yet, each contract kept from others.

    In the order of the keys, as everybody holds contracts; ``on`` is the day of the number.
    """
    rows = db.session.execute(
        joined(
            sa.select(
                Contract.id,
                Contract.copies,
                sa.func.coalesce(Organisation.name, ""),
                NAME,
                ADDRESS,
                POSTCODE,
                CITY,
            ),
            on=on,
        )
        .where(entitled(issue, on=on), HAS_ADDRESS, Contract.undelivered_on.is_(None))
        .order_by(Contract.id)
        .with_for_update(of=Contract, key_share=True)
    )
    names = ("contract_id", "copies", "organisation", "name", "address", "postcode", "city")
    return [Recipient(**dict(zip(names, row, strict=True))) for row in rows]


def joined(select: sa.Select[*tuple[Any, ...]], *, on: date) -> sa.Select[*tuple[Any, ...]]:
    """Return a query of contracts with their plan, their organisation and the address that counts on that day."""
    return (
        select.select_from(Contract)
        .join(Contract.plan)
        .outerjoin(Contract.organisation)
        .outerjoin_from(Contract, ContractAddress, coming_address(on))
    )


def coming_address(on: date) -> sa.ColumnElement[bool]:
    """Say which address a contract will have by that day and has not yet."""
    later = aliased(ContractAddress)
    coming = (
        sa.select(later.id)
        .where(later.contract_id == Contract.id, later.applied_at.is_(None), later.from_on <= on)
        .order_by(later.from_on.desc(), later.id.desc())
        .limit(1)
        .correlate(Contract)
        .scalar_subquery()
    )
    return sa.and_(ContractAddress.contract_id == Contract.id, ContractAddress.id == coming)


def entitled(issue: Issue, *, on: date) -> sa.ColumnElement[bool]:
    """Say who gets the number and has no label of it: paper, and the number is within what was bought.

    A number is within it from the one that the buyer chose on, else when it is of a day on which the subscription had
    begun; until the subscription ends, or until as many were sent as were promised. What is suspended or cancelled
    gets none. A renewal waits until what it renews has all its numbers.
    """
    previous = aliased(Contract)
    waits = sa.exists().where(
        previous.id == Contract.renews_id,
        previous.status.in_(_COUNTS),
        previous.issues.is_not(None),
        previous.issues_sent < previous.issues,
    )
    from_number = sa.and_(Contract.first_issue.is_not(None), Contract.first_issue <= issue.number)
    from_day = sa.and_(Contract.first_issue.is_(None), Contract.starts_on <= on)
    by_date = sa.and_(Contract.issues.is_(None), Contract.ends_on >= on)
    by_count = sa.and_(Contract.issues.is_not(None), Contract.issues_sent < Contract.issues)
    return sa.and_(
        Plan.edition != Edition.DIGITAL,
        Contract.status.in_(_COUNTS),
        orders.counted(Contract.is_test),
        sa.or_(from_number, from_day),
        sa.or_(by_date, by_count),
        ~waits,
        ~sa.exists().where(ShipmentLabel.issue_id == issue.id, ShipmentLabel.contract_id == Contract.id),
    )
