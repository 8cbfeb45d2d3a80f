"""The programme of a day: its sessions in their order, and who speaks at each."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from eventsapp.accounts.models import User
from eventsapp.core import settings
from eventsapp.core.db import db
from eventsapp.core.errors import Invalid
from eventsapp.speakers import service as speakers
from eventsapp.speakers.models import Speaker
from eventsapp.study_days import rules
from eventsapp.study_days.errors import DayInUse
from eventsapp.study_days.models import DayDocument, Intervention, StudyDay, StudySession
from eventsapp.study_days.service import _edits
from eventsapp.study_days.values import Slot, Talk


def add_session(day: StudyDay, *, slot: Slot, version: int, actor: User, now: datetime) -> StudySession:
    """Add a session to ``day``, loaded in full: before the first one that begins later, else at the end.

    Raises ``Conflict`` and ``Invalid``.
    """
    _edits.claim(day, version=version, now=now)
    before = _programme(day)
    session = StudySession(position=len(day.sessions) + 1, interventions=[])
    _write(session, day, slot)
    later = next((place for place, other in enumerate(day.sessions) if _is_later(other, session)), len(day.sessions))
    _number(day, [*day.sessions[:later], session, *day.sessions[later:]])
    _note(day, before, actor=actor, now=now)
    return session


def add_slots(day: StudyDay, *, slots: Sequence[Slot], version: int, actor: User, now: datetime) -> None:
    """Add several sessions at the end of the programme, in their order. Raises ``Conflict`` and ``Invalid``."""
    _edits.claim(day, version=version, now=now)
    before = _programme(day)
    append(day, slots)
    _note(day, before, actor=actor, now=now)


def append(day: StudyDay, slots: Sequence[Slot]) -> None:
    """Put sessions at the end of the programme."""
    for slot in slots:
        session = StudySession(position=len(day.sessions) + 1, interventions=[])
        _write(session, day, slot)
        day.sessions.append(session)
    db.session.flush()


def edit_session(day: StudyDay, session: StudySession, *, slot: Slot, version: int, actor: User, now: datetime) -> None:
    """Change a session of ``day`` and who speaks there; raise ``Conflict`` and ``Invalid``."""
    _edits.claim(day, version=version, now=now)
    before = _programme(day)
    _write(session, day, slot)
    db.session.flush()
    _note(day, before, actor=actor, now=now)


def move_session(day: StudyDay, session: StudySession, *, by: int, version: int, actor: User, now: datetime) -> None:
    """Move a session up (``by`` -1) or down (1); at the end of the programme it stays. Raises ``Conflict``."""
    _edits.claim(day, version=version, now=now)
    before = _programme(day)
    order = list(day.sessions)
    place = order.index(session)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    _number(day, order)
    _note(day, before, actor=actor, now=now)


def remove_session(
    day: StudyDay, session: StudySession, *, reported: bool, version: int, actor: User, now: datetime
) -> None:
    """Take a session out of the programme; its documents stay with the day.

    Raises ``Conflict``, and ``DayInUse`` when an article is ``reported`` to be about it.
    """
    if reported:
        raise DayInUse("Un compte rendu porte sur cette séance : détachez-le d’abord.")
    _edits.claim(day, version=version, now=now)
    before = _programme(day)
    db.session.execute(sa.update(DayDocument).where(DayDocument.session_id == session.id).values(session_id=None))
    order = [other for other in day.sessions if other is not session]
    day.sessions.remove(session)
    db.session.flush()
    _number(day, order)
    _note(day, before, actor=actor, now=now)


def _write(session: StudySession, day: StudyDay, slot: Slot) -> None:
    zone, on = settings.zone(day.timezone), slot.on or day.date
    session.title, session.kind = slot.title, slot.kind
    session.summary, session.room = slot.summary, slot.room
    session.starts_at = rules.moment(on, slot.starts, zone) if slot.starts else None
    session.ends_at = rules.moment(on, slot.ends, zone) if slot.ends else None
    if session.starts_at is not None and session.ends_at is not None and session.ends_at <= session.starts_at:
        raise Invalid("La fin vient après le début.", errors={"/ends": _("Indiquez une heure après le début.")})
    if not day.date <= on <= day.last_date:
        raise Invalid(
            "Cette date n’est pas celle de la journée.", errors={"/on": _("Choisissez une date de la journée.")}
        )
    _write_talks(session, slot.talks)


def _write_talks(session: StudySession, talks: Sequence[Talk]) -> None:
    known = {talk.speaker_id: talk for talk in session.interventions}
    kept: list[Intervention] = []
    for position, talk in enumerate(talks, start=1):
        speaker = speakers.called(name=talk.name, slug=talk.slug)
        if any(other.speaker_id == speaker.id for other in kept):
            raise Invalid(
                _("%(name)s figure deux fois à cette séance.", name=speaker.name),
                errors={"/talks": _("Retirez l’une des deux lignes.")},
            )
        intervention = known.get(speaker.id) or _introduced(speaker, talk)
        if speaker.id in known or talk.role or talk.organisation:
            intervention.role, intervention.organisation = talk.role, talk.organisation
        intervention.position, intervention.chairs = position, talk.chairs
        kept.append(intervention)
    session.interventions = kept


def _introduced(speaker: Speaker, talk: Talk) -> Intervention:
    """Return a new intervention; left empty, role and organisation are those of the speaker's last one."""
    last = None
    if not talk.role and not talk.organisation:
        last = db.session.execute(
            sa.select(Intervention.role, Intervention.organisation)
            .join(Intervention.session)
            .join(StudySession.study_day)
            .where(Intervention.speaker_id == speaker.id)
            .order_by(StudyDay.starts_at.desc())
            .limit(1)
        ).one_or_none()
    return Intervention(
        speaker=speaker,
        speaker_id=speaker.id,
        role=last.role if last else "",
        organisation=last.organisation if last else "",
    )


def _is_later(other: StudySession, session: StudySession) -> bool:
    return session.starts_at is not None and other.starts_at is not None and other.starts_at > session.starts_at


def _number(day: StudyDay, order: Sequence[StudySession]) -> None:
    """Number the sessions anew; beyond the last number first, since two cannot have one number even for a moment."""
    for number, session in enumerate(order, start=len(order) + len(day.sessions) + 1):
        session.position = number
        if session not in day.sessions:
            day.sessions.append(session)
    db.session.flush()
    for number, session in enumerate(order, start=1):
        session.position = number
    db.session.flush()
    day.sessions.sort(key=lambda session: session.position)


def _programme(day: StudyDay) -> dict[str, str]:
    """Return the programme as the history tells it: a line a session."""
    zone = settings.zone(day.timezone)
    lines = []
    for session in day.sessions:
        hour = f"{session.starts_at.astimezone(zone):%H:%M} " if session.starts_at else ""
        people = ", ".join(talk.speaker.name for talk in session.interventions)
        lines.append(f"{hour}{session.title}{f' ({people})' if people else ''}")
    return {"programme": "\n".join(lines)}


def _note(day: StudyDay, before: dict[str, str], *, actor: User, now: datetime) -> None:
    _edits.note("study_days.edit", day, before, after=_programme(day), actor=actor, now=now)
