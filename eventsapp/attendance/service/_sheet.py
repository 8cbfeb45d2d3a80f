"""Entering who was there from the signed sheet, person by person or from a file; noting who did not come."""

from collections.abc import Sequence
from datetime import datetime

from eventsapp.accounts.models import User
from eventsapp.attendance import errors, queries
from eventsapp.attendance.models import CheckIn, Presence
from eventsapp.attendance.queries import Attendance
from eventsapp.attendance.service._undo import take_back
from eventsapp.attendance.statuses import CheckInKind, Outcome, Source
from eventsapp.attendance.values import HalfDay, Marks
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay

#: Names told in the history of one entry; the others are counted.
_MOST_TOLD = 100


def enter(
    day: StudyDay,
    *,
    marks: Sequence[Marks],
    source: Source,
    actor: User,
    now: datetime,
) -> int:
    """Write what a sheet says of these seats, and return of how many people it changed something.

    Who was there for one half-day at least attended; who was there for none is awaited again. Seats of another day
    and half-days that the day does not have are left out.
    """
    halves = set(queries.half_days(day))
    said = {mark.registration_id: {half: is_there for half, is_there in mark.present.items() if half in halves}
            for mark in marks}  # fmt: skip
    registrations.hold(said.keys())
    people = queries.people(day.id, said.keys())
    facts = queries.facts({person.registration.id for person in people})
    told: dict[str, str] = {}
    for person in people:
        key = person.registration.id
        changed = {half: there for half, there in said[key].items() if person.present.get(half) is not there}
        if not changed:
            continue
        for half, there in changed.items():
            _set(facts, key, half, there, source=source, actor=actor, now=now)
        _follow(day, person, {**person.present, **changed}, actor=actor, now=now)
        told[person.registration.name] = ", ".join(
            f"{half.label.lower()} : {'présent' if there else 'absent'}" for half, there in changed.items()
        )
    if told:
        shown = dict(list(told.items())[:_MOST_TOLD])
        audit.record(
            "attendance.sheet",
            subject=("study_day", day.id, day.title),
            now=now,
            actor=actor,
            changes={"people": len(told), **shown},
        )
    return len(told)


def note_absent(day: StudyDay, *, absent: bool, actor: User, now: datetime) -> int:
    """Note as absent everybody who is still awaited once the day is over, or take that back; return how many."""
    if absent and now < day.ends_at:
        raise errors.DayNotOver("La journée n’est pas terminée : on peut encore arriver.")
    keys = registrations.note_absent(day.id, absent=absent)
    if keys:
        audit.record(
            "attendance.absent" if absent else "attendance.awaited",
            subject=("study_day", day.id, day.title),
            now=now,
            actor=actor,
            changes={"people": len(keys)},
        )
    return len(keys)


def _set(
    facts: dict[tuple[int, HalfDay], Presence],
    key: int,
    half: HalfDay,
    there: bool,
    *,
    source: Source,
    actor: User,
    now: datetime,
) -> None:
    fact = facts.get((key, half)) or Presence(registration_id=key, held_on=half.on, part=half.part)
    fact.present, fact.source, fact.check_in_id = there, source, None
    fact.recorded_at, fact.recorded_by = now, actor.name
    db.session.add(fact)


def _follow(day: StudyDay, person: Attendance, present: dict[HalfDay, bool], *, actor: User, now: datetime) -> None:
    """Let the seat follow what is known now: somebody who was there for a half-day attended."""
    seat = person.registration
    came = any(present.values())
    if came and registrations.attend(seat.id):
        db.session.add(
            CheckIn(
                study_day_id=day.id,
                registration_id=seat.id,
                kind=CheckInKind.SHEET,
                outcome=Outcome.ADMITTED,
                at=min(now, day.starts_at),
                received_at=now,
                held_on=min(half.on for half, there in present.items() if there),
                by_id=actor.id,
                by_label=actor.name,
            )
        )
    elif not came and seat.status is RegistrationStatus.ATTENDED:
        registrations.leave(seat.id)
        for admission in queries.live_admissions(seat.id):
            take_back(admission, device="", by=actor, now=now)
    db.session.flush()
