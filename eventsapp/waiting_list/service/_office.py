"""What the office does with a list: it says why, and the history keeps it."""

from datetime import datetime, timedelta

from eventsapp.accounts.models import User
from eventsapp.audit import service as audit
from eventsapp.study_days import service as study_days
from eventsapp.waiting_list import mails, queries, rules
from eventsapp.waiting_list.errors import NoRoom, NotWaiting, TooLateToWait
from eventsapp.waiting_list.models import WaitingEntry
from eventsapp.waiting_list.service._moves import as_it_stands, go, keep_seats, named_day, withdraw
from eventsapp.waiting_list.service._serve import serve
from eventsapp.waiting_list.statuses import EntryStatus, ListEnd


def move(entry: WaitingEntry, *, up: bool, reason: str, actor: User, now: datetime) -> None:
    """Let a group that waits change places with the one before it, or after it. Raises ``NotWaiting``."""
    study_days.lock(entry.study_day_id)
    _require_waiting(entry)
    other = queries.neighbour(entry, up=up)
    if other is None:
        return
    before = queries.place_of(entry).position
    entry.rank, other.rank = other.rank, entry.rank
    audit.record(
        "waiting_list.move",
        actor=actor,
        subject=subject(entry),
        now=now,
        changes={"position": [before, before - 1 if up else before + 1], "reason": reason, "passes": other.name},
    )
    serve(entry.study_day_id, now=now)


def offer_by_hand(entry: WaitingEntry, *, reason: str, actor: User, now: datetime) -> None:
    """Offer free seats to a group out of its turn, even when little time is left to answer.

    Raises ``NotWaiting``, ``NoRoom`` and ``TooLateToWait``.
    """
    seats = study_days.lock(entry.study_day_id)
    _require_waiting(entry)
    until = rules.offer_ends(closes_at=seats.closes_at, now=now, least=timedelta(0))
    if until is None or not seats.are_given(now):
        raise TooLateToWait("Les inscriptions ne sont pas ouvertes : aucune place ne peut être proposée.")
    if seats.free < entry.seats:
        raise NoRoom("Il n’y a pas assez de places libres pour ce groupe.")
    audit.record("waiting_list.offer", actor=actor, subject=subject(entry), now=now, changes={"reason": reason})
    keep_seats(entry, named_day(entry.study_day_id), until=until, now=now)


def remove(entry: WaitingEntry, *, reason: str, actor: User, now: datetime) -> None:
    """Take a group off the list, tell it, and give what was offered to it to the next ones. Raises ``NotWaiting``."""
    study_days.lock(entry.study_day_id)
    go(as_it_stands(entry), EntryStatus.REMOVED, now=now)
    withdraw(entry, now=now)
    audit.record("waiting_list.remove", actor=actor, subject=subject(entry), now=now, changes={"reason": reason})
    mails.ended(entry, named_day(entry.study_day_id), why=ListEnd.REMOVED, now=now)
    serve(entry.study_day_id, now=now)


def subject(entry: WaitingEntry) -> tuple[str, int, str]:
    """Return how the history names a group."""
    return ("waiting_entry", entry.id, entry.organisation or entry.name)


def _require_waiting(entry: WaitingEntry) -> None:
    if as_it_stands(entry).status is not EntryStatus.WAITING:
        raise NotWaiting("Cette demande a déjà une réponse, ou a quitté la liste.")
