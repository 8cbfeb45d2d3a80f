"""Freezing the labels of a number: who gets it, and where, as it is now."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core import clock
from eventsapp.core.db import db
from eventsapp.core.errors import NotFound
from eventsapp.magazine.models import Issue
from eventsapp.shipments import queries
from eventsapp.shipments.errors import NothingToSend
from eventsapp.shipments.models import Shipment, ShipmentLabel
from eventsapp.subscriptions.models import Contract


def day_of(issue: Issue, *, now: datetime) -> date:
    """Return the day for which it is said who gets the number: that on its cover, else today."""
    return issue.published_on or clock.local_date(now)


def freeze(number: int, *, actor: User, now: datetime) -> tuple[Shipment, int]:
    """Keep the labels of everybody who gets the number and has none yet; return the shipment and how many.

    Whatever changes afterwards changes no label. Asked again, it makes those that are missing: of who came later, or
    has an address again. Each contract's numbers are counted with it. Raises ``NotFound`` and ``NothingToSend``.
    """
    issue = queries.held_issue(number)
    if issue is None:
        raise NotFound(_("Ce numéro n’existe pas."))
    on = day_of(issue, now=now)
    recipients = queries.who_gets(issue, on=on)
    if not recipients:
        raise NothingToSend(_("Toutes les étiquettes de ce numéro sont faites, ou personne ne le reçoit sur papier."))
    before = db.session.scalar(sa.select(sa.func.max(Shipment.rank)).where(Shipment.issue_id == issue.id)) or 0
    shipment = Shipment(issue_id=issue.id, rank=before + 1, counted_on=on, frozen_at=now, frozen_by_id=actor.id)
    db.session.add(shipment)
    db.session.flush()
    db.session.execute(
        sa.insert(ShipmentLabel),
        [
            {
                "shipment_id": shipment.id,
                "issue_id": issue.id,
                "contract_id": one.contract_id,
                "copies": one.copies,
                "organisation": one.organisation[:200],
                "name": one.name,
                "address": one.address,
                "postcode": one.postcode,
                "city": one.city,
            }
            for one in recipients
        ],
    )
    labelled = sa.select(ShipmentLabel.contract_id).where(ShipmentLabel.shipment_id == shipment.id)
    db.session.execute(
        sa.update(Contract)
        .where(Contract.id.in_(labelled))
        .values(issues_sent=Contract.issues_sent + 1)
        .execution_options(synchronize_session="fetch")
    )
    audit.record(
        "shipments.freeze",
        subject=("issue", issue.id, f"n° {issue.number}"),
        now=now,
        actor=actor,
        changes={"rank": shipment.rank, "labels": len(recipients)},
    )
    return shipment, len(recipients)
