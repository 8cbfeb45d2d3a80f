"""Who spoke when: speakers by their interventions at days that visitors may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    rows = db.session.scalars(
        sa.select(Intervention)
        .join(Intervention.session)
        .where(StudySession.study_day_id == day_id)
        .order_by(StudySession.position, Intervention.position)
        .options(joinedload(Intervention.speaker).joinedload(Speaker.photo))
    )
    first: dict[int, Intervention] = {}
    for row in rows:
        first.setdefault(row.speaker_id, row)
    return list(first.values())[:limit]


def directory_letters(matching: Matching | None = None) -> Mapping[str, int]:
    """Return the initials of the speakers' names in capitals, in order, each with how many have it."""
    initial = sa.func.substr(folded(Speaker.last_name), 1, 1)
    rows = db.session.execute(
        sa.select(initial, sa.func.count())
        .where(Speaker.id.in_(_spoke()), *([] if matching is None else [Speaker.id.in_(matching)]))
        .group_by(initial)
        .order_by(initial)
    )
    return {letter.upper(): count for letter, count in rows}


def speaker_directory(
    *, page: int, size: int, total: int, letter: str = "", matching: Matching | None = None
) -> Page[DirectoryLine]:
    """Return a page of the speakers by name, photograph loaded; only those who speak at a day that is shown.

    ``total`` comes from ``directory_letters``, which counts under the same search.
    """
    places = (
        sa.select(
            Intervention.speaker_id,
            Intervention.role,
            Intervention.organisation,
            sa.func.count().over(partition_by=Intervention.speaker_id).label("times"),
            sa.func.row_number()
            .over(partition_by=Intervention.speaker_id, order_by=(StudyDay.starts_at.desc(), Intervention.id))
            .label("place"),
        )
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(StudyDay.status.in_(SHOWN))
        .subquery()
    )
    statement = (
        sa.select(Speaker, places.c.times, places.c.role, places.c.organisation)
        .join(places, sa.and_(places.c.speaker_id == Speaker.id, places.c.place == 1))
        .order_by(folded(Speaker.last_name), folded(Speaker.first_name), Speaker.id)
        .options(joinedload(Speaker.photo))
    )
    if letter:
        statement = statement.where(sa.func.substr(folded(Speaker.last_name), 1, 1) == letter.lower())
    if matching is not None:
        statement = statement.where(Speaker.id.in_(matching))
    number = within(page, size=size, total=total)
    rows = db.session.execute(statement.limit(size).offset((number - 1) * size))
    return Page(items=[DirectoryLine(*row) for row in rows], number=number, size=size, total=total)


def _spoke() -> sa.Select[int]:
    return (
        sa.select(Intervention.speaker_id)
        .join(Intervention.session)
        .join(StudySession.study_day)
        .where(StudyDay.status.in_(SHOWN))
    )
