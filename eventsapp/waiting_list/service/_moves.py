"""The steps that every use case is made of; whoever calls them has locked the day."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventsapp.core.db import db
from eventsapp.study_days import service as study_days
from eventsapp.study_days.models import StudyDay
from eventsapp.waiting_list import mails, queries
from eventsapp.waiting_list.errors import NotWaiting
from eventsapp.waiting_list.models import WaitingEntry, WaitingOffer
from eventsapp.waiting_list.statuses import LIVE, NEXT, EntryStatus, OfferOutcome


def named_day(day_id: int) -> StudyDay:
    """Return the day with what a mail says of it."""
    return db.session.scalars(
        sa.select(StudyDay).where(StudyDay.id == day_id).options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
    ).one()


def as_it_stands(entry: WaitingEntry) -> WaitingEntry:
    """Return the group as it stands now that the day is locked, whatever was read before."""
    db.session.refresh(entry, ["status", "rank", "seats", "ended_at"])
    return entry


def go(entry: WaitingEntry, to: EntryStatus, *, now: datetime) -> None:
    """Take the group on to ``to``; raise ``NotWaiting`` when it went elsewhere meanwhile."""
    if to not in NEXT[entry.status]:
        raise NotWaiting("Cette demande a déjà une réponse, ou a quitté la liste.")
    entry.status = to
    entry.ended_at = None if to in LIVE else now


def keep_seats(entry: WaitingEntry, day: StudyDay, *, until: datetime, now: datetime) -> None:
    """Take the group's seats for it until then, and tell it. Raises ``SoldOut`` and ``RegistrationClosed``."""
    study_days.take_seats(day, count=entry.seats)
    go(entry, EntryStatus.OFFERED, now=now)
    offer = WaitingOffer(entry_id=entry.id, seats=entry.seats, offered_at=now, expires_at=until)
    db.session.add(offer)
    mails.offered(entry, offer, day, now=now)


def end_offer(offer: WaitingOffer, day_id: int, *, outcome: OfferOutcome, now: datetime) -> None:
    """Close an open offer and give its seats back."""
    offer.outcome, offer.ended_at = outcome, now
    study_days.free_seats(day_id, count=offer.seats)


def withdraw(entry: WaitingEntry, *, now: datetime) -> bool:
    """Take back what was offered to the group, if anything; return whether it was."""
    offer = queries.open_offer(entry.id)
    if offer is not None:
        end_offer(offer, entry.study_day_id, outcome=OfferOutcome.WITHDRAWN, now=now)
    return offer is not None
