"""Recognising an organisation by its SIRET, and what it wants on its invoices."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.organisations.models import Organisation
from eventsapp.organisations.rules import compact


def recognise(*, siret: str, name: str, address: str, postcode: str, city: str, now: datetime) -> Organisation:
    """Return the organisation with that SIRET, made on the first occasion.

    Its name and address are those of the first order: a later buyer cannot rename somebody's town hall.
    """
    number = compact(siret)
    known = sa.select(Organisation).where(Organisation.siret == number)
    existing = db.session.scalar(known)
    if existing is not None:
        return existing
    made = Organisation(
        siret=number, name=name, address=address, postcode=postcode, city=city, created_at=now, updated_at=now
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # Another order of the same body, at the same moment, was first.
        return db.session.scalars(known).one()
    return made


def save_requirements(
    organisation: Organisation, *, service_code: bool, commitment_number: bool, actor: User, now: datetime
) -> None:
    """Keep which codes the body declared compulsory on Chorus Pro; its next orders are asked for them."""
    after = {"requires_service_code": service_code, "requires_commitment_number": commitment_number}
    changes = audit.difference({name: getattr(organisation, name) for name in after}, after)
    if not changes:
        return
    for name, value in after.items():
        setattr(organisation, name, value)
    organisation.updated_at = now
    audit.record(
        "organisations.edit",
        subject=("organisation", organisation.id, organisation.name),
        now=now,
        actor=actor,
        changes=changes,
    )
