"""Noting in the office that some people came, or did not, and taking that back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventsapp.accounts.models import User
from eventsapp.attendance import queries
from eventsapp.attendance.models import Presence
from eventsapp.attendance.service._sheet import enter
from eventsapp.attendance.service._undo import take_back
from eventsapp.attendance.statuses import CheckInKind, Source
from eventsapp.attendance.values import HalfDay, Marks
from eventsapp.core.db import db
from eventsapp.registrations import service as registrations
from eventsapp.registrations.statuses import RegistrationStatus
from eventsapp.study_days.models import StudyDay


def note_some(
    day: StudyDay, seat_ids: Collection[int], *, came: bool, actor: User, now: datetime
) -> dict[int, dict[str, Any]]:
    """Note that these people of a day came, to every half-day of it, or that those still awaited did not.

    Return what each was before, by the key of the seat, for ``forget_some``; who is not in it was left as they are.
    """
    registrations.hold(seat_ids)
    if not came:
        missed = registrations.note_absent(day.id, only=seat_ids)
        return {key: {"status": RegistrationStatus.CONFIRMED.value, "present": {}} for key in missed}
    halves = queries.half_days(day)
    people = [
        person
        for person in queries.people(day.id, seat_ids)
        if person.registration.status in {RegistrationStatus.CONFIRMED, RegistrationStatus.ABSENT}
    ]
    before = {
        person.registration.id: {
            "status": person.registration.status.value,
            "present": {half.key: there for half, there in person.present.items()},
        }
        for person in people
    }
    marks = [Marks(registration_id=key, present=dict.fromkeys(halves, True)) for key in before]
    enter(day, marks=marks, source=Source.SHEET, actor=actor, now=now)
    return before


def forget_some(
    day: StudyDay,
    before: Mapping[int, Mapping[str, Any]],
    *,
    came: bool,
    noted_at: datetime,
    actor: User,
    now: datetime,
) -> set[int]:
    """Take back what ``note_some`` noted at ``noted_at``; return of whom, as what was changed since stays."""
    registrations.hold(before.keys())
    if not came:
        return set(registrations.note_absent(day.id, absent=False, only=before.keys()))
    facts: dict[int, dict[HalfDay, Presence]] = {}
    for (key, half), fact in queries.facts(before.keys()).items():
        facts.setdefault(key, {})[half] = fact
    undone = set()
    for person in queries.people(day.id, before.keys()):
        key = person.registration.id
        admissions = queries.live_admissions(key)
        theirs = facts.get(key, {})
        untouched = all(fact.recorded_at == noted_at and fact.present for fact in theirs.values())
        if [admission.kind for admission in admissions] != [CheckInKind.SHEET] or not untouched:
            continue
        take_back(admissions[0], device="", by=actor, now=now)
        registrations.leave(key, absent=before[key]["status"] == RegistrationStatus.ABSENT)
        former = before[key]["present"]
        for half, fact in theirs.items():
            if half.key in former:
                fact.present = former[half.key]
            else:
                db.session.execute(sa.delete(Presence).where(Presence.id == fact.id))
        undone.add(key)
    return undone
