"""Reading organisations."""

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.organisations.models import Organisation


def by_siret(siret: str) -> Organisation | None:
    """Return the organisation with that SIRET (digits only), or ``None`` when nobody has ordered for it yet."""
    return db.session.scalar(sa.select(Organisation).where(Organisation.siret == siret)) if siret else None
