"""Reading organisations."""

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.organisations.models import Organisation
from eventsapp.organisations.rules import are_alike


def by_siret(siret: str) -> Organisation | None:
    """Return the organisation with that SIRET (digits only), or ``None`` when nobody has ordered for it yet."""
    return db.session.scalar(sa.select(Organisation).where(Organisation.siret == siret)) if siret else None


def is_known_otherwise(siret: str, *, name: str) -> bool:
    """Return whether the body with that SIRET (digits only) is known by a name that has nothing of this one."""
    known = by_siret(siret) if name else None
    return known is not None and not are_alike(known.name, name)
