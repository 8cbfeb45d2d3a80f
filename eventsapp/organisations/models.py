"""Public bodies and companies, known by their SIRET."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class Organisation(Model):
    """An establishment: a town hall, an inter-communal body, a company."""

    __tablename__ = "organisations"

    siret: Mapped[str] = mapped_column(sa.String(14), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200), index=True)
    address: Mapped[str] = mapped_column(sa.String(300), default="")
    postcode: Mapped[str] = mapped_column(sa.String(10), default="")
    city: Mapped[str] = mapped_column(sa.String(100), default="")
    #: What the body declared on Chorus Pro: an invoice without it is rejected.
    requires_service_code: Mapped[bool] = mapped_column(default=False)
    requires_commitment_number: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def required_codes(self) -> frozenset[str]:
        """The names of the billing fields that its accountants want on every invoice."""
        wanted = {"service_code": self.requires_service_code, "commitment_number": self.requires_commitment_number}
        return frozenset(name for name, required in wanted.items() if required)
