"""What the contracts of an institution have in common, from one renewal to the next."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from eventsapp.core.db import Model


class Readership(Model):
    """The people of one institution: a contract and its renewals give them seats, as many as each has readers."""

    __tablename__ = "readerships"

    created_at: Mapped[datetime]
