"""Free seats go to the list: in the transaction that frees them, and again by the sweep, whatever stopped."""

import logging
from datetime import datetime

from eventsapp.core import unit_of_work
from eventsapp.core.db import db
from eventsapp.study_days import service as study_days
from eventsapp.study_days.statuses import StudyDayStatus
from eventsapp.study_days.values import SeatsNow
from eventsapp.waiting_list import mails, queries, rules
from eventsapp.waiting_list.service._end import end_list
from eventsapp.waiting_list.service._moves import end_offer, go, keep_seats, named_day
from eventsapp.waiting_list.statuses import EntryStatus, ListEnd, OfferOutcome

log = logging.getLogger(__name__)


def serve(day_id: int, *, now: datetime) -> int:
    """Offer the free seats of a day to whom they fall by the rule; return how many groups that makes.

    For every transaction that frees seats, after it did, and for whoever is about to take some: nobody passes those
    who wait. Without anybody on the list it locks nothing.
    """
    if not queries.anybody_waits(day_id):
        return 0
    return _serve(day_id, study_days.lock(day_id), now=now)


def tend(day_id: int, *, now: datetime) -> int:
    """Let go what is over on a day's list and offer what is free; return how many groups were told something.

    It may run twice, at once or late: what is done is found done.
    """
    seats = study_days.lock(day_id)
    if seats.status is StudyDayStatus.CANCELLED:
        return end_list(day_id, why=ListEnd.CALLED_OFF, now=now)
    if seats.status is not StudyDayStatus.PUBLISHED:
        return 0
    done = _end_offers(day_id, seats, now=now)
    if now >= seats.closes_at:
        return done + end_list(day_id, why=ListEnd.CLOSED, now=now)
    return done + _serve(day_id, study_days.lock(day_id), now=now)


def tend_all(*, now: datetime) -> int:
    """Tend every list, one transaction a day, whatever goes wrong with another; return how many groups were told."""
    waiting = queries.days_with_lists()
    db.session.rollback()
    done = 0
    for day_id in waiting:
        try:
            with unit_of_work.transaction():
                done += tend(day_id, now=now)
        except Exception:
            log.exception("the waiting list of day %s could not be tended", day_id)
    return done


def _serve(day_id: int, seats: SeatsNow, *, now: datetime) -> int:
    until = rules.offer_ends(closes_at=seats.closes_at, now=now)
    if until is None or not seats.are_given(now) or not seats.free:
        return 0
    groups = {entry.id: entry for entry in queries.waiting(day_id)}
    chosen = rules.served(seats.free, [(key, entry.seats) for key, entry in groups.items()])
    if chosen:
        day = named_day(day_id)
        for key in chosen:
            keep_seats(groups[key], day, until=until, now=now)
    return len(chosen)


def _end_offers(day_id: int, seats: SeatsNow, *, now: datetime) -> int:
    """End the offers that are over; one that would outlast registrations, closed earlier meanwhile, ends with them."""
    ended = 0
    for offer in queries.open_offers(day_id):
        if rules.is_open(expires_at=offer.expires_at, closes_at=seats.closes_at, now=now):
            if offer.expires_at > seats.closes_at:
                offer.expires_at = seats.closes_at
                mails.offered(offer.entry, offer, named_day(day_id), now=now)
            continue
        end_offer(offer, day_id, outcome=OfferOutcome.LAPSED, now=now)
        go(offer.entry, EntryStatus.LAPSED, now=now)
        mails.lapsed(offer.entry, named_day(day_id), now=now)
        ended += 1
    return ended
