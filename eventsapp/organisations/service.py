"""Recognising an organisation by its SIRET."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

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
