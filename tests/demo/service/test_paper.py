"""What went out on paper in the demonstration: two numbers, and a copy that came back."""

import sqlalchemy as sa
from flask import Flask

from eventsapp.core.db import db
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.subscriptions.models import Contract


def test_two_numbers_went_out_and_one_copy_came_back(demo: Flask) -> None:
    labels = sa.select(sa.func.count(ShipmentLabel.id)).group_by(ShipmentLabel.issue_id)
    counts = db.session.scalars(labels).all()

    assert len(counts) == db.session.scalar(sa.select(sa.func.count(Shipment.id))) == 2
    assert min(counts) >= 2
    returned = db.session.scalars(sa.select(Contract).where(Contract.undelivered_on.is_not(None))).all()
    assert len(returned) == 1


def test_every_label_is_counted_with_its_contract(demo: Flask) -> None:
    rows = db.session.execute(
        sa.select(Contract.issues_sent, sa.func.count(ShipmentLabel.id))
        .join(ShipmentLabel, ShipmentLabel.contract_id == Contract.id)
        .group_by(Contract.id, Contract.issues_sent)
    ).all()

    assert rows
    assert all(sent == labels for sent, labels in rows)
