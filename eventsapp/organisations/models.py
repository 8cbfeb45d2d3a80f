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
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
