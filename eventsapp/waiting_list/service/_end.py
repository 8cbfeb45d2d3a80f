"""The list ends, or rests: the day is called off, postponed, or registrations closed."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from eventsapp.core.db import db
from eventsapp.study_days import service as study_days
from eventsapp.waiting_list import mails, queries
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.service._moves import as_it_stands, go, named_day, withdraw
from eventsapp.waiting_list.statuses import LIVE, EntryStatus, ListEnd


def dissolve(day_id: int, *, told: Collection[str] = (), now: datetime) -> int:
    """End the list of a day that is called off, and tell its groups, each once; return how many.

    Who is ``told`` by another mail, by address, gets none of the list.
    """
    study_days.lock(day_id)
    return end_list(day_id, why=ListEnd.CALLED_OFF, told=told, now=now)


def suspend(day_id: int, *, now: datetime) -> int:
    """Keep the list of a day that is postponed, take back what was offered, and tell its groups; return how many.

    A day that takes registrations again at once keeps its offers: they run on.
    """
    given = study_days.lock(day_id).are_given(now)
    groups = queries.live(day_id)
    day = named_day(day_id) if groups else None
    for entry in groups:
        withdrawn = not given and withdraw(entry, now=now)
        if withdrawn:
            go(entry, EntryStatus.WAITING, now=now)
        if day is not None:
            mails.postponed(entry, day, withdrawn=withdrawn, now=now)
    return len(groups)


def end_list(day_id: int, *, why: ListEnd, told: Collection[str] = (), now: datetime) -> int:
    """End the list of a locked day; return how many groups are written to."""
    written = 0
    for entry in queries.live(day_id):
        withdraw(entry, now=now)
        go(entry, EntryStatus.DISSOLVED, now=now)
        if entry.email not in told:
            mails.ended(entry, named_day(day_id), why=why, now=now)
            written += 1
    return written


def drop_trials(*, now: datetime) -> int:
    """Take off the lists whoever joined while the shop was in test; nobody is written to. Return how many."""
    found = db.session.scalars(
        sa.select(WaitingEntry)
        .where(WaitingEntry.is_test, WaitingEntry.status.in_(LIVE))
        .order_by(WaitingEntry.study_day_id, WaitingEntry.rank)
    ).all()
    dropped = 0
    for entry in found:
        study_days.lock(entry.study_day_id)
        # Who accepted, or left, before the day was locked is on the list no more.
        if as_it_stands(entry).status in LIVE:
            withdraw(entry, now=now)
            go(entry, EntryStatus.REMOVED, now=now)
            dropped += 1
    return dropped
