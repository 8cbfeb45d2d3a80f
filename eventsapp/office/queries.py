"""Reading views that people saved."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.office.models import SavedView

#: Views shown of a list.
MOST_VIEWS = 40


def views_of(list_name: str, *, user_id: int) -> Sequence[SavedView]:
    """Return the views of a list that somebody sees, their owner loaded: their own first, then what others share."""
    own = SavedView.owner_id == user_id
    return db.session.scalars(
        sa.select(SavedView)
        .where(SavedView.list_name == list_name, SavedView.deleted_at.is_(None), sa.or_(own, SavedView.is_shared))
        .options(joinedload(SavedView.owner))
        .order_by(sa.case((own, 0), else_=1), SavedView.name, SavedView.id)
        .limit(MOST_VIEWS)
    ).all()


def own_view(view_id: int, *, user_id: int) -> SavedView | None:
    """Return a view that belongs to somebody, deleted or not, or ``None``."""
    return db.session.scalar(sa.select(SavedView).where(SavedView.id == view_id, SavedView.owner_id == user_id))


def count_of(user_id: int) -> int:
    """Return how many views somebody keeps."""
    return (
        db.session.scalar(
            sa.select(sa.func.count(SavedView.id)).where(SavedView.owner_id == user_id, SavedView.deleted_at.is_(None))
        )
        or 0
    )
