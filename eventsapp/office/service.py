"""Saving views of lists, renaming, sharing and deleting them."""

from datetime import datetime

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.core.db import db
from eventsapp.office import queries
from eventsapp.office.errors import TooManyViews
from eventsapp.office.models import SavedView

#: Views that one person keeps.
MOST_OWN = 30


def save_view(list_name: str, *, name: str, parameters: str, is_shared: bool, owner: User, now: datetime) -> SavedView:
    """Keep what a list shows under a name; one's own view of that name is replaced. Raises ``TooManyViews``."""
    view = db.session.scalar(
        sa.select(SavedView).where(
            SavedView.list_name == list_name,
            SavedView.owner_id == owner.id,
            SavedView.name == name,
            SavedView.deleted_at.is_(None),
        )
    )
    if view is None:
        if queries.count_of(owner.id) >= MOST_OWN:
            raise TooManyViews("Vous gardez déjà trente vues : supprimez-en une.")
        view = SavedView(list_name=list_name, name=name, owner_id=owner.id, created_at=now)
        db.session.add(view)
    view.parameters, view.is_shared = parameters, is_shared
    db.session.flush()
    return view


def edit_view(view: SavedView, *, name: str, is_shared: bool) -> None:
    """Give a view another name, share it or keep it to oneself."""
    view.name, view.is_shared = name, is_shared


def delete_view(view: SavedView, *, now: datetime) -> None:
    """Delete a view; the one that its owner deleted before is gone for good."""
    db.session.execute(
        sa.delete(SavedView).where(
            SavedView.owner_id == view.owner_id, SavedView.deleted_at.is_not(None), SavedView.id != view.id
        )
    )
    view.deleted_at = now


def restore_view(view: SavedView) -> None:
    """Bring a view back that was deleted."""
    view.deleted_at = None
