"""Reading shipments of a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.magazine.models import Issue
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.shipments.queries._who import HAS_ADDRESS, entitled, joined
from eventsapp.subscriptions.models import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Of a number: how many contracts are to get it, with how many copies, and how many are left aside."""

    contracts: int
    copies: int
    aside: int


def counted(issue: Issue, *, on: date) -> Counted:
    """Return how many are to get the number and have no label yet."""
    ready = sa.and_(HAS_ADDRESS, Contract.undelivered_on.is_(None))
    row = db.session.execute(
        joined(
            sa.select(
                sa.func.count().filter(ready),
                sa.func.coalesce(sa.func.sum(Contract.copies).filter(ready), 0),
                sa.func.count().filter(sa.not_(ready)),
            ),
            on=on,
        ).where(entitled(issue, on=on))
    ).one()
    contracts, copies, aside = row
    return Counted(contracts=contracts, copies=copies, aside=aside)


def shipments_of(issue_id: int) -> Sequence[tuple[Shipment, int, int]]:
    """Return the shipments of a number, who froze each loaded, with its labels and its copies, the first one first."""
    counts = (
        sa.select(
            ShipmentLabel.shipment_id,
            sa.func.count().label("labels"),
            sa.func.sum(ShipmentLabel.copies).label("copies"),
        )
        .where(ShipmentLabel.issue_id == issue_id)
        .group_by(ShipmentLabel.shipment_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Shipment, counts.c.labels, counts.c.copies)
        .join(counts, counts.c.shipment_id == Shipment.id)
        .options(joinedload(Shipment.frozen_by))
        .order_by(Shipment.rank)
    )
    return [(shipment, labels, copies) for shipment, labels, copies in rows]


def labels(issue_id: int, *, rank: int, first: int, most: int) -> Sequence[ShipmentLabel]:
    """Return so many labels of a shipment from that place (0) on, by postcode."""
    return db.session.scalars(
        sa.select(ShipmentLabel)
        .join(ShipmentLabel.shipment)
        .where(Shipment.issue_id == issue_id, Shipment.rank == rank)
        .order_by(ShipmentLabel.postcode, ShipmentLabel.name, ShipmentLabel.id)
        .offset(first)
        .limit(most)
    ).all()


def held_issue(number: int) -> Issue | None:
    """Return the number, kept from others until the transaction ends, or ``None``: one shipment is frozen at a time."""
    return db.session.scalar(sa.select(Issue).where(Issue.number == number).with_for_update(key_share=True))
