"""Stored files: what they are called and what they contain; the bytes lie in the storage."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventsapp.core.db import Model


class StoredFile(Model):
    """One uploaded file, under a random name in the storage."""

    __tablename__ = "stored_files"

    key: Mapped[str] = mapped_column(sa.String(40), unique=True)
    #: The name shown and offered when downloading.
    name: Mapped[str] = mapped_column(sa.String(120))
    content_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]
    created_at: Mapped[datetime]
    uploaded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
