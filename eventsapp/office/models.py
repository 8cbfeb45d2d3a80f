"""Views of lists that somebody saved."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventsapp.accounts.models import User
from eventsapp.core.db import Model


class SavedView(Model):
    """Filters, columns and order of a list under a name: somebody's own, or everybody's."""

    __tablename__ = "saved_views"

    #: Which list: ``Listing.views``.
    list_name: Mapped[str] = mapped_column(sa.String(60), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    #: As they stand in the address.
    parameters: Mapped[str] = mapped_column(sa.String(1000), default="")
    is_shared: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    owner: Mapped[User] = relationship(lazy="raise")
    created_at: Mapped[datetime]
    #: Shown to nobody since; it comes back until its owner deletes another one.
    deleted_at: Mapped[datetime | None]
