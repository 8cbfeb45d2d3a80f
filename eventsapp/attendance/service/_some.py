"""Noting in the office that some people came, or did not, and taking that back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.attendance import queries
from eventsapp.attendance.errors import DayNotOver, NotAbsent, NotAwaited
from eventsapp.attendance.models import Presence
from eventsapp.attendance.service._sheet import enter
from eventsapp.attendance.service._undo import take_back
from eventsapp.attendance.statuses import CheckInKind, Source
from eventsapp.attendance.values import HalfDay, Marks
from eventsapp.audit import service as audit
from eventsapp.core.db import db
from eventsapp.registrations import service as registrations
from eventsapp.registrations.models import Registration
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
        missed = registrations.note_absent(day.id, only=seat_ids, now=now)
        return {key: {"status": RegistrationStatus.CONFIRMED.value, "present": {}} for key in missed}
    halves = queries.half_days(day)
    people = [
        person
        for person in queries.people(day.id, seat_ids)
        if person.registration.status in {RegistrationStatus.CONFIRMED, RegistrationStatus.ABSENT}
    ]
    before: dict[int, dict[str, Any]] = {
        person.registration.id: {
            "status": person.registration.status.value,
            "present": {half.key: there for half, there in person.present.items()},
            "source": {},
        }
        for person in people
    }
    for (key, half), fact in queries.facts(before.keys()).items():
        before[key]["source"][half.key] = fact.source.value
    marks = [Marks(registration_id=key, present=dict.fromkeys(halves, True)) for key in before]
    enter(day, marks=marks, source=Source.OFFICE, actor=actor, now=now)
    return before


def await_again(seat: Registration, *, actor: User, now: datetime) -> None:
    """Take back that one person was noted as absent. Raises ``NotAbsent``."""
    if not registrations.note_absent(seat.study_day_id, absent=False, only=[seat.id], now=now):
        raise NotAbsent(_("%(name)s n’est pas notée absente.", name=seat.name))
    audit.record("attendance.awaited", subject=("registration", seat.id, seat.name), now=now, actor=actor)


def miss_again(seat: Registration, *, day: StudyDay, actor: User, now: datetime) -> None:
    """Note once more as absent one person of whom that was taken back. Raises ``DayNotOver``, ``NotAwaited``."""
    if now < day.ends_at:
        raise DayNotOver(_("La journée n’est pas terminée : on peut encore arriver."))
    if not registrations.note_absent(seat.study_day_id, only=[seat.id], now=now):
        raise NotAwaited(_("%(name)s n’est plus attendue.", name=seat.name))
    audit.record("attendance.absent", subject=("registration", seat.id, seat.name), now=now, actor=actor)


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
        return set(registrations.note_absent(day.id, absent=False, only=before.keys(), noted_at=noted_at, now=now))
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
        former, sources = before[key]["present"], before[key].get("source", {})
        for half, fact in theirs.items():
            if half.key in former:
                fact.present = former[half.key]
                fact.source = Source(sources.get(half.key, Source.SHEET))
            else:
                db.session.execute(sa.delete(Presence).where(Presence.id == fact.id))
        undone.add(key)
    return undone
