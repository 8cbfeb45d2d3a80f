"""Who spoke when: speakers by their interventions at days that visitors may see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventsapp.core.db import db
from eventsapp.core.pagination import Page, within
from eventsapp.core.plain_text import folded
from eventsapp.speakers.models import Speaker
from eventsapp.study_days.models import Intervention, StudyDay, StudySession
from eventsapp.study_days.queries._filters import Matching
from eventsapp.study_days.statuses import SHOWN


@dataclass(frozen=True, slots=True)
class Appearance:
    """A speaker at a session of a day, in the role of that day."""

    intervention: Intervention
    session: StudySession
    day: StudyDay


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """A speaker in the directory: how often they spoke, and what they were the last time."""

    speaker: Speaker
    times: int
    role: str
    organisation: str


def appearances_of(speaker_id: int) -> Sequence[Appearance]:
    """Return when that speaker spoke or will speak, the latest first; the days' city and venue loaded."""
    rows = db.session.scalars(
        sa.select(Intervention)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(Intervention.speaker_id == speaker_id, StudyDay.status.in_(SHOWN))
        .order_by(StudyDay.starts_at.desc(), StudyDay.id, StudySession.position)
        .options(
            contains_eager(Intervention.session)
            .contains_eager(StudySession.study_day)
            .options(joinedload(StudyDay.city), joinedload(StudyDay.venue))
        )
    )
    return [Appearance(row, row.session, row.session.study_day) for row in rows]


def voices_of_day(day_id: int, *, limit: int) -> Sequence[Intervention]:
    """Return the first speakers of a day's programme, each once, with the role of that day; photographs loaded."""
    first: dict[int, Intervention] = {}
    for row in db.session.scalars(_voices(), {"day": day_id}):
        first.setdefault(row.speaker_id, row)
    return list(first.values())[:limit]


@cache
def _voices() -> sa.Select[Intervention]:
    return (
        sa.select(Intervention)
        .join(Intervention.session)
        .where(StudySession.study_day_id == sa.bindparam("day"))
        .order_by(StudySession.position, Intervention.position)
        .options(joinedload(Intervention.speaker).joinedload(Speaker.photo))
    )


def names_by_day(days: Collection[int]) -> Mapping[int, Sequence[str]]:
    """Return day → the names of who speaks there, each once, in the order of the programme."""
    found: dict[int, dict[str, None]] = {}
    for day_id, first_name, last_name in db.session.execute(_named(), {"days": list(days)}):
        found.setdefault(day_id, {})[f"{first_name} {last_name}".strip()] = None
    return {day_id: list(names) for day_id, names in found.items()}


@cache
def _named() -> sa.Select[int, str, str]:
    return (
        sa.select(StudySession.study_day_id, Speaker.first_name, Speaker.last_name)
        .select_from(Intervention)
        .join(Intervention.session)
        .join(Intervention.speaker)
        .where(StudySession.study_day_id.in_(sa.bindparam("days", expanding=True)))
        .order_by(StudySession.study_day_id, StudySession.position, Intervention.position)
    )


def directory_letters(matching: Matching | None = None) -> Mapping[str, int]:
    """Return the initials of the speakers' names in capitals, in order, each with how many have it."""
    initial = sa.func.substr(folded(Speaker.last_name), 1, 1)
    rows = db.session.execute(
        sa.select(initial, sa.func.count())
        .where(_speaks_somewhere(), *([] if matching is None else [Speaker.id.in_(matching)]))
        .group_by(initial)
        .order_by(initial)
    )
    return {letter.upper(): count for letter, count in rows}


def speaker_directory(
    *, page: int, size: int, total: int, letter: str = "", matching: Matching | None = None
) -> Page[DirectoryLine]:
    """Return a page of the speakers by name, photograph loaded; only those who speak at a day that is shown.

    ``total`` comes from ``directory_letters``, which counts under the same search. Two queries.
    """
    number = within(page, size=size, total=total)
    statement = (
        sa.select(Speaker)
        .where(_speaks_somewhere())
        .order_by(folded(Speaker.last_name), folded(Speaker.first_name), Speaker.id)
        .limit(size)
        .offset((number - 1) * size)
        .options(joinedload(Speaker.photo))
    )
    if letter:
        statement = statement.where(sa.func.substr(folded(Speaker.last_name), 1, 1) == letter.lower())
    if matching is not None:
        statement = statement.where(Speaker.id.in_(matching))
    speakers = db.session.scalars(statement).all()
    roles: dict[int, list[tuple[str, str]]] = {}
    talks = db.session.execute(
        sa.select(Intervention.speaker_id, Intervention.role, Intervention.organisation, StudyDay.status)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(Intervention.speaker_id.in_([speaker.id for speaker in speakers]))
        .order_by(StudyDay.starts_at.desc(), Intervention.id)
    )
    for speaker_id, role, organisation, status in talks:
        # Compared here: asked for the status, SQLite would begin with every day there is.
        if status in SHOWN:
            roles.setdefault(speaker_id, []).append((role, organisation))
    lines = [DirectoryLine(speaker, len(roles[speaker.id]), *roles[speaker.id][0]) for speaker in speakers]
    return Page(items=lines, number=number, size=size, total=total)


def _speaks_somewhere() -> sa.ColumnElement[bool]:
    return (
        sa.select(Intervention.id)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(Intervention.speaker_id == Speaker.id, StudyDay.status.in_(SHOWN))
        .correlate(Speaker)
        .exists()
    )
